import { expect } from 'chai';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import type { LogEvent } from '../../core/ports.js';
import { drawn } from '../support/drawn-book.js';
import {
  at,
  batchesOf,
  defined,
  delta,
  run,
  snapshot,
  SPOT,
  submitted,
  ticked,
  traded,
  type Happening,
} from '../support/market.js';

/** What happened to children, a line each: what a trader's blotter would show. */
function blotter({ type, at: when, data }: LogEvent): string[] {
  const { childId, style, quantity, price, limitPrice, rule, reason } = data as Record<string, string>;
  const seconds = (when - at(0)) / 1_000_000;
  switch (type) {
    case 'ChildPlaced':
      return [`${seconds} ${childId!} sent: ${style!} ${quantity!} at ${limitPrice!}`];
    case 'ChildFilled':
      return [`${seconds} ${childId!} filled ${quantity!} at ${price!} by ${rule!}`];
    case 'ChildPullRequested':
      return [`${seconds} ${childId!} pulled: ${reason!}`];
    case 'ChildCancelled':
      return [`${seconds} ${childId!} cancelled ${quantity!}`];
    default:
      return [];
  }
}

/** Tells inputs step by step; after each one the blotter's news and the book are what is drawn. */
class Stage {
  #news: string[] = [];
  #seq = 1;
  readonly engine = new Engine((concluded) => this.#news.push(...blotter(encodeOutcome(concluded))));

  constructor(latency: number) {
    this.#fold(run({ latency, assume: 'expected' }));
    this.#fold(defined({ ...SPOT, minQuantity: '0' }));
  }

  after(input: Happening, drawing: string): void {
    this.#news = [];
    this.#fold(input);
    const wanted = [...drawing.matchAll(/^ *\| (.*)$/gm)].map(([, line]) => line);
    expect([...this.#news, ...drawn(this.engine)], JSON.stringify(input)).to.deep.equal(wanted);
  }

  #fold(input: Happening): void {
    for (const batch of batchesOf([input], 1, this.#seq++)) this.engine.fold(batch);
  }
}

const LATENCY = 50_000;
const BIDS = [['100', '4'], ['99.5', '6'], ['99', '9']] as const; // prettier-ignore
const ASKS = [['101', '3'], ['101.5', '5'], ['102', '8']] as const; // prettier-ignore

describe('an order, with the book drawn after each step,', () => {
  it('joins the bid, queues, is filled in parts and moves with the market', () => {
    const stage = new Stage(LATENCY);
    stage.after(
      snapshot(at(1), BIDS, ASKS),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      submitted(at(2), { quantity: '3', duration: '1h', slices: 1, aggressionFloor: '100', quote: 'join' }),
      `
      | 2 o1/1 sent: quote 3 at 100
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(2.1)),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100           3 behind 4
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      traded(at(3), { side: 'sell', price: '100', quantity: '2.5' }),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100           3 behind 1.5
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      delta(at(3.1), [['100', '1']], []),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     1  100           3 behind 1
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      traded(at(4), { side: 'sell', price: '100', quantity: '2' }),
      `
      | 4 o1/1 filled 1 at 100 by queue
      |        102     8
      |        101.5   5
      |        101     3
      |     1  100           2 behind 0
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      delta(at(4.1), [['100', '2']], []),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     2  100           2 behind 0
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      delta(at(6), [['100.5', '1']], []),
      `
      | 6 o1/1 pulled: repeg
      |        102     8
      |        101.5   5
      |        101     3
      |     1  100.5
      |     2  100           2 behind 0
      |     6  99.5
    `,
    );
    stage.after(
      traded(at(6.04), { side: 'sell', price: '100', quantity: '0.5' }),
      `
      | 6.04 o1/1 filled 0.5 at 100 by queue
      |        102     8
      |        101.5   5
      |        101     3
      |     1  100.5
      |     2  100           1.5 behind 0
      |     6  99.5
    `,
    );
    stage.after(
      ticked(at(6.3)),
      `
      | 6.05 o1/1 cancelled 1.5
      | 6.1 o1/2 sent: quote 1.5 at 100.5
      |        102     8
      |        101.5   5
      |        101     3
      |     1  100.5         1.5 behind 1
      |     2  100
      |     6  99.5
    `,
    );
    stage.after(delta(at(7), [], [['101', '0'], ['101.5', '0']]), `
      |        102     8
      |     1  100.5         1.5 behind 1
      |     2  100
      |     6  99.5
    `); // prettier-ignore
    stage.after(
      traded(at(8), { side: 'sell', price: '100', quantity: '5' }),
      `
      | 8 o1/2 filled 1.5 at 100.5 by trade_through
      |        102     8
      |     1  100.5
      |     2  100
      |     6  99.5
    `,
    );
  });

  it('falls behind its floor, pulls its quote first, and takes what is due', () => {
    const stage = new Stage(LATENCY);
    stage.after(
      snapshot(at(1), BIDS, ASKS),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      submitted(at(2), {
        quantity: '4',
        duration: '40s',
        slices: 1,
        aggressionFloor: '10',
        aggressionCap: '5',
        quote: 'improve',
      }),
      `
      | 2 o1/1 sent: quote 4 at 100.5
      |        102     8
      |        101.5   5
      |        101     3
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(2.1)),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         4 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      traded(at(3), { side: 'sell', price: '100.5', quantity: '0.4' }),
      `
      | 3 o1/1 filled 0.4 at 100.5 by queue
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.6 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(9.9)),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.6 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(10.04)),
      `
      | 10 o1/1 pulled: take
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.6 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(10.11)),
      `
      | 10.1 o1/2 sent: take 0.2 at 101
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.4 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(10.2)),
      `
      | 10.15 o1/2 filled 0.2 at 101 by walk
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.4 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(10.3)),
      `
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.4 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
    stage.after(
      ticked(at(12.3)),
      `
      | 12 o1/1 pulled: take
      | 12.1 o1/3 sent: take 0.2 at 101
      | 12.15 o1/3 filled 0.2 at 101 by walk
      |        102     8
      |        101.5   5
      |        101     3
      |     -  100.5         3.2 behind 0
      |     4  100
      |     6  99.5
      |     9  99
    `,
    );
  });
});
