import { expect } from 'chai';
import { InvariantViolation } from '../../../../core/errors.js';
import { ColumnEncoder, eventOf, messages } from '../../../../core/market/column-codec.js';
import {
  ColumnsBuilder,
  int64At,
  setInt64,
  sliceColumns,
  type MarketColumns,
} from '../../../../core/market/columns.js';
import type { MarketEvent } from '../../../../core/market/events.js';
import { at, BTC, defined, delta, interrupted, INVERSE, resumed, snapshot, traded } from '../../../support/market.js';

const decoded = (columns: MarketColumns): [seq: number, event: MarketEvent][] =>
  [...messages(columns)].map(({ seq, from, to }) => [seq, eventOf(columns, from, to)]);

const events: MarketEvent[] = [
  defined(),
  snapshot(at(1), [['100', '5']], [['101', '1.5']]),
  delta(at(2), [['100', '0']], []),
  delta(at(2), [], []),
  {
    type: 'BookDelta',
    version: 1,
    at: at(3),
    data: { instrument: BTC, venueAt: at(2.5), venueSeq: 9_007_199_254_740_991, bids: [], asks: [['101.25', '3']] },
  },
  { type: 'BookDelta', version: 1, at: at(3), data: { instrument: BTC, bids: [], asks: [], dropped: true } },
  traded(at(4), { side: 'sell', price: '100.5', quantity: '0.0001', tradeId: 7 }),
  {
    type: 'Traded',
    version: 1,
    at: at(4),
    data: {
      instrument: INVERSE.instrument,
      venueAt: at(3.9),
      trades: [
        { side: 'buy', price: '100', quantity: '3', notMarket: true },
        { side: 'sell', price: '99.5', quantity: '2' },
      ],
    },
  },
  interrupted(at(5)),
  { type: 'FeedInterrupted', version: 1, at: at(5), data: { instrument: BTC, reason: 'gap', detail: 'said "so"' } },
  resumed(at(6), 'partial'),
];

describe('market events as columns', () => {
  it('come back as they were, message by message', () => {
    const encoder = new ColumnEncoder();
    events.forEach((event, i) => encoder.add(10 + i, event));
    expect(encoder.length).to.equal(events.length);
    expect(decoded(encoder.take())).to.deep.equal(events.map((event, i) => [10 + i, event]));
    expect(encoder.length).to.equal(0);
  });
  it('count every instrument in the finest digits seen so far, in later batches too', () => {
    const encoder = new ColumnEncoder();
    encoder.add(1, snapshot(at(1), [['100', '5']], [['101.25', '1.5']]));
    expect(encoder.take().instruments).to.deep.equal([{ instrument: BTC, priceScale: 2, sizeScale: 1 }]);
    encoder.add(2, delta(at(2), [['100', '5.00']], []));
    const columns = encoder.take();
    expect(columns.instruments[0]).to.include({ priceScale: 2, sizeScale: 1 });
    expect([int64At(columns.price, 0), int64At(columns.size, 0)]).to.deep.equal([10_000, 50]);
  });
  it('are refused where a number could not be counted exactly', () => {
    const encoder = new ColumnEncoder();
    encoder.add(1, delta(at(1), [['9007199254740991', '1']], []));
    expect(() => encoder.add(2, delta(at(1), [['0.5', '1']], []))).to.throw(InvariantViolation, /0\.5/);
    expect(() => encoder.add(2, delta(at(1), [['-1', '1']], []))).to.throw(InvariantViolation, /-1/);
  });
  it('are lent until the next one is added, or taken for good', () => {
    const encoder = new ColumnEncoder();
    encoder.add(1, delta(at(1), [['100', '1']], []));
    const taken = encoder.take();
    encoder.add(2, delta(at(1), [['200', '1']], []));
    const lent = encoder.lend();
    expect([int64At(taken.price, 0), int64At(lent.price, 0)]).to.deep.equal([100, 200]);
    encoder.add(3, delta(at(1), [['300', '1']], []));
    encoder.lend();
    expect(int64At(taken.price, 0)).to.equal(100);
  });
  it('may be cut at the borders of messages', () => {
    const encoder = new ColumnEncoder();
    events.forEach((event, i) => encoder.add(1 + i, event));
    const columns = encoder.take();
    const borders = [...messages(columns)];
    const cut = sliceColumns(columns, borders[4]!.from, borders[9]!.to);
    expect(decoded(cut)).to.deep.equal(events.slice(4, 10).map((event, i) => [5 + i, event]));
    expect(() => [...messages(sliceColumns(columns, 0, borders[1]!.from + 1))]).to.throw(InvariantViolation);
  });
  it('hold whole numbers of up to 53 bits as two words', () => {
    const words = new Int32Array(2);
    for (const value of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, at(0), Number.MAX_SAFE_INTEGER]) {
      setInt64(words, 0, value);
      expect(int64At(words, 0)).to.equal(value);
    }
  });
  it('grow as far as they must', () => {
    const builder = new ColumnsBuilder();
    for (let i = 0; i < 1000; i++)
      builder.add(i, i * 2, 0, 0, 0, 0, i * 3, i * 4, 0, i * 5, i === 999 ? 'last' : undefined);
    const columns = builder.take([]);
    expect(columns.rows).to.equal(1000);
    expect(int64At(columns.venueSeq, 999)).to.equal(4995);
    expect([columns.text(998), columns.text(999)]).to.deep.equal([undefined, 'last']);
  });
});
