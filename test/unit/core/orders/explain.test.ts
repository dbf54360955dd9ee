import { expect } from 'chai';
import { explain } from '../../../../core/orders/explain.js';
import type { Explanation } from '../../../../core/orders/explanations/explanation.js';
import type { LogEvent } from '../../../../core/ports.js';
import {
  amendedWith,
  ASKS,
  at,
  begun,
  commanded,
  delta,
  fold,
  interrupted,
  snapshot,
  SPOT,
  submitted,
  ticked,
  ticks,
  traded,
  type Happening,
} from '../../../support/market.js';

const LATENCY = { latency: 10_000 };
const QUOTES = { quantity: '2', duration: '20s', slices: 2, aggressionFloor: '100', aggressionCap: '0', quote: 'join' };

const LOWER_BIDS = [
  ['100', '0'],
  ['99.5', '0'],
  ['99', '5'],
] as const;

/** An order's history as the log would have it: its commands beside its outcomes. */
function historyOf(inputs: readonly Happening[]): LogEvent[] {
  const commands = inputs.flatMap((input, i): LogEvent[] =>
    'orderId' in input.data ? [{ ...input, seq: i + 1 } as unknown as LogEvent] : [],
  );
  const outcomes = fold(inputs, { batchSize: 1 }).outcomes.filter(
    ({ type, data }) => 'orderId' in (data as object) && type !== 'CommandRefused',
  );
  return [...commands, ...outcomes].sort((a, b) => a.at - b.at || (a.n ?? 0) - (b.n ?? 0));
}

const told = (...inputs: readonly Happening[]): Explanation[] => explain(historyOf(inputs), SPOT);
const kinds = (entries: readonly Explanation[]): string[] => entries.map(({ kind }) => kind);
const sentences = (entries: readonly Explanation[], kind: Explanation['kind']): string[] =>
  entries.filter((entry) => entry.kind === kind).map(({ text }) => text);
const quoting = (parameters: object = {}): Happening[] => [
  ...begun(LATENCY),
  submitted(at(2), { ...(QUOTES as object), ...parameters }),
  ticked(at(3)),
];

describe('an explanation', () => {
  it('tells of slices that take, what they met, and the end', () => {
    const entries = told(
      ...begun(LATENCY),
      submitted(at(2), { quantity: '3', duration: '20s', slices: 2 }),
      ...ticks(3, 13, 23),
    );
    expect(entries.map(({ text }) => text)).to.deep.equal([
      'Accepted: buy 3 BTC of BTC-USD@test for account default; it starts at once.',
      'Started: 2 slices of 1.5 BTC, one every 10s, from 00:00:02Z to 00:00:22Z.',
      'Slice 1 of 2 fell due: takes 1.5 BTC.',
      'Took 1.5 BTC for slice 1: asked for at 00:00:02Z, at 101.5 or better, met the book of 10ms later, ' +
        '1 at 101 of 1 displayed, 0.5 at 101.5 of 2 displayed; a fee of 0.15175 USD.',
      'Slice 2 of 2 fell due: takes 1.5 BTC.',
      'Took 1.5 BTC for slice 2: asked for at 00:00:12Z, at 101.5 or better, met the book of 10ms later, ' +
        '1.5 at 101.5 of 2 displayed; a fee of 0.15225 USD.',
      'Completed: all 3 BTC are filled.',
    ]);
    expect(entries[3]).to.include({ kind: 'took', rule: 'walk', at: at(2), cause: 4 });
    expect(entries[6]).to.include({ kind: 'completed', reason: 'filled' });
  });

  it('says what a take did not get, and why', () => {
    const entries = told(
      ...begun(LATENCY),
      submitted(at(2), { quantity: '3', duration: '20s', slices: 1, limitPrice: '101' }),
      ...ticks(3, 23),
    );
    expect(entries[3]!.text).to.match(/ The other 2 BTC found nothing: nothing more is offered at 101 or better\.$/);
    expect(entries[3]).to.include({ kind: 'took', reason: 'limit_price' });
    expect(sentences(entries, 'completed')).to.deep.equal([
      'Completed: the window is over, 1 BTC of 3 filled, 2 open.',
    ]);
  });

  it('says why a slice was skipped, and what becomes of it', () => {
    const entries = told(
      ...begun(),
      submitted(at(2), { quantity: '2', duration: '20s', slices: 2, maxSpreadTicks: 3 }),
      ticked(at(3)),
      snapshot(at(4), [['90', '5']], ASKS),
      ticked(at(13)),
    );
    expect(sentences(entries, 'slice_skipped')).to.deep.equal([
      'Slice 2 of 2 was skipped, 1 BTC: the spread of 22 ticks is wider than the 3 allowed. ' +
        'It is spread over the slices to come, if there are any.',
    ]);
    expect(entries.at(-1)).to.include({ reason: 'spread' });
  });

  it('sums up the moves of a quote as long as nothing else happens', () => {
    const entries = told(
      ...quoting(),
      delta(at(4), [['100.5', '2']], []),
      ticked(at(5)),
      delta(at(5.5), [['100.5', '0']], []),
      ...ticks(6, 7),
      traded(at(7.5), { side: 'sell', price: '100', quantity: '5.3' }),
      ticked(at(8)),
      delta(at(8.5), [['100.5', '2']], []),
      ticked(at(9)),
    );
    expect(kinds(entries)).to.deep.equal([
      'accepted',
      'started',
      'slice_released',
      'quoted',
      'rested',
      'repegged',
      'filled',
      'repegged',
    ]);
    expect(entries[5]).to.include({ count: 2, cause: 6, reason: 'repeg' });
    expect(sentences(entries, 'repegged')).to.deep.equal([
      "The quote moved twice between 00:00:04Z and 00:00:05.52Z, from 100 to 100, after the market's price, now behind 5.",
      "The quote moved once at 00:00:08.5Z, from 100 to 100.5, after the market's price, now behind 2.",
    ]);
    expect(sentences(entries, 'slice_released')).to.deep.equal([
      'Slice 1 of 2 fell due: 1 BTC more may rest, 1 BTC in all so far.',
    ]);
  });

  it('tells how a quote filled: out of the queue, by a trade through it, by a level that came to it', () => {
    const entries = told(
      ...quoting(),
      traded(at(4), { side: 'sell', price: '100', quantity: '5.2' }),
      traded(at(5), { side: 'sell', price: '100', quantity: '0.1' }),
      traded(at(6), { side: 'sell', price: '99', quantity: '0.1' }),
      delta(at(7), LOWER_BIDS, [['99.5', '0.2']]),
      ticked(at(8)),
    );
    expect(sentences(entries, 'filled')).to.deep.equal([
      'Filled 0.2 BTC at 100 as maker: a print of 5.2 at 100 (input 6) went through the 5 that stood ahead; no fee.',
      'Filled 0.1 BTC at 100 as maker: a print of 0.1 at 100 (input 7) came with nothing ahead of it; no fee.',
      'Filled 0.1 BTC at 100 as maker: a print of 0.1 at 99 (input 8) went through its price; no fee.',
      'Filled 0.2 BTC at 100 as maker: an offer of 0.2 came to 99.5 and crossed 100 (input 9); no fee.',
    ]);
    expect(entries.flatMap(({ rule }) => rule ?? [])).to.deep.equal(['queue', 'queue', 'trade_through', 'crossed']);
  });

  it('tells of a gap, of what could not be done in it, and of what it filled', () => {
    const entries = told(
      ...quoting(),
      interrupted(at(4)),
      ticked(at(13)),
      snapshot(at(14), [['99', '5']], [['99.5', '0.4']]),
      ticked(at(15)),
    );
    expect(sentences(entries, 'quote_held')).to.deep.equal(['Not quoted, 1 BTC: the book cannot be trusted (gap).']);
    expect(sentences(entries, 'filled')).to.deep.equal([
      'Filled 0.4 BTC at 100 as maker: when the book was trusted again (input 8) an offer of 0.4 stood at 99.5; no fee.',
    ]);
  });

  it('tells of a take behind schedule that pulls its quotes first', () => {
    const entries = told(...quoting({ slices: 1, aggressionFloor: '20', aggressionCap: '5' }), ticked(at(7)));
    expect(kinds(entries).slice(5)).to.deep.equal(['aggression_entered', 'shrunk', 'took', 'aggression_left']);
    expect(entries[5]!.text).to.equal(
      'At the floor line, with 0 BTC executed: takes up to the cap line, which has come to 0.3 BTC.',
    );
    expect(entries[6]!.text).to.match(/^Shrinks the quote of 2 BTC at 100 to 1\.\d: a take needs what it holds, /);
    expect(entries[7]!.text).to.match(/^Took 0\.\d BTC, up to the cap line: asked for at /);
  });

  it('tells of amendments, and of each state that it goes through', () => {
    const entries = told(
      ...quoting({ limitPrice: '105' }),
      amendedWith(at(4), { quantity: '4', limitPrice: null }),
      amendedWith(at(4.5), { quantity: '4.0' }),
      commanded(at(5), 'PauseOrder'),
      commanded(at(6), 'ResumeOrder'),
      commanded(at(7), 'StopOrder'),
      commanded(at(7.5), 'ResumeOrder'),
      commanded(at(8), 'StartOrder'),
      ticked(at(9)),
    );
    expect(sentences(entries, 'amended')[0]).to.match(
      /^Amended: quantity from 2 to 4, limitPrice 105 taken out\. The rest is laid out anew: 1 slice of 4 BTC from /,
    );
    expect(sentences(entries, 'command_idle')).to.deep.equal([
      'Asked to amend it (input 7), and nothing followed: it changed nothing, or was refused.',
      'Asked to resume (input 11), and nothing followed: the order was not in a state for it, or it was refused by a rule.',
    ]);
    const states = new Set(['started', 'amended', 'paused', 'resumed', 'stopped']);
    expect(kinds(entries).filter((kind) => states.has(kind))).to.deep.equal([
      'started',
      'amended',
      'paused',
      'resumed',
      'stopped',
      'started',
    ]);
    expect(sentences(entries, 'paused')[0]).to.equal(
      'Paused, 0 BTC of 4 filled, 4 open: nothing is decided until it is resumed.',
    );
  });

  it('tells of a fill that came before the cancel', () => {
    const entries = told(
      ...quoting(),
      commanded(at(4), 'CancelOrder'),
      traded(at(4.005), { side: 'sell', price: '99', quantity: '0.4' }),
      ticked(at(5)),
    );
    expect(kinds(entries).slice(-3)).to.deep.equal(['cancelled', 'pulled', 'filled']);
    expect(entries.slice(-3).map(({ text }) => text)).to.deep.equal([
      'Cancelled, 0 BTC of 2 filled, 2 open. What is in flight or rests may still fill: 1 child.',
      'Pulls the quote of 1 BTC at 100: the order is cancelled, in force at 00:00:04.01Z.',
      'Filled 0.4 BTC at 100 as maker: a print of 0.4 at 99 (input 7) went through its price; no fee. ' +
        'Its cancel or shrink was still on its way.',
    ]);
  });

  it('tells why an order was refused', () => {
    const [entry, ...others] = told(...begun(), submitted(at(2), { quantity: '0.15', duration: '20s' }));
    expect(others).to.have.length(0);
    expect(entry).to.include({
      kind: 'refused',
      reason: 'quantity_not_lot_multiple',
      text: 'Refused: 0.15 is not a multiple of the lot size 0.1 of BTC-USD@test; send 0.1 or 0.2.',
    });
  });

  it('tells of a target position, reached and to be reached', () => {
    const target = { side: undefined, targetPosition: '1', duration: '20s', slices: 1 };
    expect(
      told(...begun(), submitted(at(2), target as object), ticked(at(3))).map(({ text }) => text),
    ).to.deep.include.members([
      'Accepted: bring the position in BTC-USD@test to 1 BTC for account default; it starts at once.',
      'Started to buy 1 BTC for the target position: 1 slice of 1 BTC from 00:00:02Z to 00:00:22Z.',
    ]);
    const there = { ...target, targetPosition: '0' };
    expect(told(...begun(), submitted(at(2), there as object)).at(-2)!.text).to.equal(
      'Completed: there is nothing to trade, the position is where it should be.',
    );
  });

  it('shows a take that is on its way, and names no unit where the instrument is not known', () => {
    const history = historyOf([
      ...begun({ latency: 1_000_000 }),
      submitted(at(2), { quantity: '1', duration: '20s', slices: 1 }),
      ticked(at(2.5)),
    ]);
    expect(explain(history).at(-1)).to.include({
      kind: 'taking',
      text: 'Takes 1 for slice 1, at 101 or better: it reaches the venue at 00:00:03Z.',
    });
  });
});
