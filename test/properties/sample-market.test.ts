import { expect } from 'chai';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import { parseScaled, rescaled } from '../../core/market/increments.js';
import { MICROS } from '../../core/time.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';

const FROM = 1_704_067_200_000_000; // 2024-01-01T00:00:00Z
const SEEDS = [1, 2, 3, 4, 5, 6];
const DEEP = 50;

/** A market as one who listens sees it, in ticks and lots; `check` throws when a law is broken. */
class Listener {
  readonly #scale: { tick: number; price: number; lot: number; size: number };
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  trusted = false;
  lastSeq = 0;
  lastAt = 0;
  gaps = 0;
  snapshots = 0;

  constructor(readonly instrument: string) {
    const { definition } = SAMPLE_INSTRUMENTS.find(({ definition: { instrument: name } }) => name === instrument)!;
    const tick = parseScaled(definition.tickSize)!;
    const lot = parseScaled(definition.lotSize)!;
    this.#scale = { tick: tick.mantissa, price: tick.scale, lot: lot.mantissa, size: lot.scale };
  }

  hear(event: MarketEvent): void {
    if (event.at < this.lastAt) throw new Error(`received at ${event.at}, after ${this.lastAt}`);
    this.lastAt = event.at;
    switch (event.type) {
      case 'BookSnapshot':
        this.#bids.clear();
        this.#asks.clear();
        if (event.data.bids.length < DEEP || event.data.asks.length < DEEP) throw new Error('a shallow snapshot');
        for (const level of [...event.data.bids, ...event.data.asks])
          if (level[1] === '0') throw new Error('an empty level in a snapshot');
        this.#sequence(event.data.venueSeq!, false);
        this.#apply(event.data.bids, event.data.asks);
        this.trusted = true;
        this.snapshots++;
        break;
      case 'BookDelta':
        if (!this.trusted) throw new Error('a change that nobody can apply');
        this.#sequence(event.data.venueSeq!, true);
        this.#apply(event.data.bids, event.data.asks);
        break;
      case 'Traded':
        for (const trade of event.data.trades) {
          this.#ticks(trade.price);
          if (this.#lots(trade.quantity) === 0) throw new Error('a trade of nothing');
        }
        break;
      case 'FeedInterrupted':
        expect(event.data.reason).to.equal('gap');
        this.trusted = false;
        this.gaps++;
        break;
      default:
    }
  }

  /** In half ticks. */
  get mid(): number {
    return this.#best(this.#bids, 1) + this.#best(this.#asks, -1);
  }

  #sequence(seq: number, unbroken: boolean): void {
    if (unbroken ? seq !== this.lastSeq + 1 : seq <= this.lastSeq)
      throw new Error(`book message ${seq} after ${this.lastSeq}`);
    this.lastSeq = seq;
  }

  #apply(bids: readonly LevelText[], asks: readonly LevelText[]): void {
    for (const [side, levels] of [
      [this.#bids, bids],
      [this.#asks, asks],
    ] as const) {
      for (const [price, quantity] of levels) {
        const ticks = this.#ticks(price);
        const lots = this.#lots(quantity);
        if (lots === 0 && !side.has(ticks)) throw new Error(`deletes ${price}, which is not there`);
        if (lots === side.get(ticks)) throw new Error(`says again that ${price} shows ${quantity}`);
        if (lots === 0) side.delete(ticks);
        else side.set(ticks, lots);
      }
    }
    if (this.#best(this.#bids, 1) >= this.#best(this.#asks, -1)) throw new Error('crossed or locked');
    if (this.#bids.size < DEEP || this.#asks.size < DEEP) throw new Error('a shallow book');
  }

  #ticks(text: string): number {
    return whole(text, this.#scale.tick, this.#scale.price);
  }

  #lots(text: string): number {
    return text === '0' ? 0 : whole(text, this.#scale.lot, this.#scale.size);
  }

  #best(side: ReadonlyMap<number, number>, sign: 1 | -1): number {
    let best: number | undefined;
    for (const ticks of side.keys()) if (best === undefined || sign * (ticks - best) > 0) best = ticks;
    return best!;
  }
}

function whole(text: string, mantissa: number, scale: number): number {
  const value = parseScaled(text);
  const count = value !== undefined && value.scale <= scale ? rescaled(value, scale)! / mantissa : NaN;
  if (!Number.isSafeInteger(count) || count <= 0) throw new Error(`${text} is off the grid`);
  return count;
}

describe('the sample market, whatever the seed', () => {
  for (const { definition } of SAMPLE_INSTRUMENTS) {
    const { instrument } = definition;
    for (const [messagesPerSecond, duration] of [
      [1, 30 * MICROS.m],
      [20, 5 * MICROS.m],
      [2_000, 2 * MICROS.s],
    ] as const) {
      it(`keeps a book of ${instrument} uncrossed, on its grid and in sequence at ${messagesPerSecond}/s`, () => {
        for (const seed of SEEDS) {
          const listener = new Listener(instrument);
          const options = { seed, from: FROM, duration, instruments: [instrument], messagesPerSecond, gapsPerHour: 60 };
          try {
            for (const event of generateSample(options)) listener.hear(event);
          } catch (error) {
            throw new Error(`seed ${seed}, step ${listener.lastSeq}: ${String(error)}`, { cause: error });
          }
          expect(listener.snapshots, `seed ${seed}`).to.be.greaterThan(0);
        }
      });
    }
  }

  it('loses messages now and then, and each gap ends with a snapshot', () => {
    let gaps = 0;
    for (const seed of SEEDS) {
      const listener = new Listener('BTC-USD@sample');
      const options = { seed, from: FROM, duration: 30 * MICROS.m, instruments: ['BTC-USD@sample'], gapsPerHour: 30 };
      for (const event of generateSample(options)) listener.hear(event);
      gaps += listener.gaps;
      // one to begin with, one for each gap that has ended
      expect(listener.snapshots, `seed ${seed}`).to.equal(listener.gaps + (listener.trusted ? 1 : 0));
    }
    expect(gaps).to.be.within(60, 120);
  });

  it('sends about as many messages as it was asked for', () => {
    for (const messagesPerSecond of [20, 1_000]) {
      let messages = 0;
      const span = (20_000 / messagesPerSecond) * MICROS.s;
      for (const seed of SEEDS)
        messages += count({ seed, from: FROM, duration: span, messagesPerSecond, steady: true });
      expect(messages / SEEDS.length / 20_000, `${messagesPerSecond}/s`).to.be.within(0.85, 1.15);
    }
  });

  it('is thin in the small hours and thick when America is awake', () => {
    const hour = (n: number): number =>
      SEEDS.reduce((sum, seed) => sum + count({ seed, from: FROM + n * MICROS.h, duration: 20 * MICROS.m }), 0);
    expect(hour(14) / hour(4)).to.be.greaterThan(1.8);
  });

  for (const messagesPerSecond of [20, 1_000])
    describe(`informs its takers, at ${messagesPerSecond}/s`, () => {
      it('follows a buy with buys, a sell with sells', () => {
        for (const seed of SEEDS) {
          const { signs } = flow(seed, messagesPerSecond);
          const correlation = signs.slice(1).reduce((sum, sign, i) => sum + sign * signs[i]!, 0) / (signs.length - 1);
          // were signs independent, 2,000 of them would correlate by less than 0.09
          expect(signs.length, `seed ${seed}`).to.be.greaterThan(2_000);
          expect(correlation, `seed ${seed}`).to.be.greaterThan(0.15);
          expect(Math.abs(signs.reduce((sum, sign) => sum + sign, 0) / signs.length), `seed ${seed}`).to.be.below(0.15);
        }
      });

      it('moves the mid against a maker after his fill', () => {
        // in half ticks within a second, counted from the mid that the trade itself left behind
        for (const seed of SEEDS)
          expect(mean(flow(seed, messagesPerSecond).moves), `seed ${seed}`).to.be.greaterThan(0.2);
      });
    });
});

function count(options: {
  seed: number;
  from: number;
  duration: number;
  messagesPerSecond?: number;
  steady?: boolean;
}): number {
  let messages = 0;
  for (const _ of generateSample({ ...options, instruments: ['BTC-USD@sample'] })) messages++;
  return messages;
}

/** Signs of the takers, and by how many half ticks the mid went on their way within a second after the trade. */
function flow(seed: number, messagesPerSecond: number): { signs: number[]; moves: number[] } {
  const listener = new Listener('BTC-USD@sample');
  const mids: [at: number, mid: number][] = [];
  const takes: { at: number; sign: number }[] = [];
  const duration = (20_000 / messagesPerSecond) * MICROS.s;
  const options = { seed, from: FROM, duration, instruments: ['BTC-USD@sample'], messagesPerSecond, gapsPerHour: 0 };
  for (const event of generateSample(options)) {
    listener.hear(event);
    if (event.type === 'Traded')
      takes.push({ at: event.data.venueAt!, sign: event.data.trades[0]!.side === 'buy' ? 1 : -1 });
    else if (event.type !== 'InstrumentDefined') mids.push([event.data.venueAt!, listener.mid]);
  }
  const midAt = (at: number): number => {
    let low = 0;
    for (let high = mids.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (mids[middle]![0] <= at) low = middle;
      else high = middle - 1;
    }
    return mids[low]![1];
  };
  const inside = takes.filter(({ at }) => at + MICROS.s < FROM + duration);
  return {
    signs: takes.map(({ sign }) => sign),
    moves: inside.map(({ at, sign }) => sign * (midAt(at + MICROS.s) - midAt(at))),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
