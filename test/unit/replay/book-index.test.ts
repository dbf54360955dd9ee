import { expect } from 'chai';
import { Engine } from '../../../core/engine/engine.js';
import type { LevelText } from '../../../core/market/events.js';
import { bookIndexed, type BookIndex } from '../../../replay/book-index.js';
import { batchesOf, BTC, defined, snapshot, T0 } from '../../support/market.js';

describe('the book at the head of a stream', () => {
  it('is told in parts of at most half a mebibyte, bids before asks, best first', () => {
    const engine = new Engine(() => undefined);
    const bids = Array.from({ length: 30_000 }, (_, i): LevelText => [String(100_000 - i), `1.${1 + (i % 9)}`]);
    const asks = Array.from({ length: 30_000 }, (_, i): LevelText => [String(100_001 + i), `2.${1 + (i % 9)}`]);
    for (const batch of batchesOf([defined(), snapshot(T0 + 1, bids, asks)])) engine.fold(batch);
    const events = bookIndexed(engine, BTC);
    const parts = events.map(({ data }) => data as unknown as BookIndex);
    expect(parts.length).to.be.above(1);
    expect(parts.map(({ part, parts: of }) => [part, of])).to.deep.equal(parts.map((_, i) => [i, parts.length]));
    expect(parts.flatMap((part) => part.bids)).to.deep.equal(bids);
    expect(parts.flatMap((part) => part.asks)).to.deep.equal(asks);
    for (const event of events) expect(JSON.stringify(event).length).to.be.at.most(512 * 1024);
    expect(parts.at(-1)).to.include({ seq: 2, trust: 'trusted', reason: '', bookAt: T0 + 1 });
  });
});
