import { expect } from 'chai';
import { BITFINEX_VENUE } from '../../../../../adapters/venues/bitfinex/index.js';
import { bitfinexChecksum, BitfinexConnection } from '../../../../support/bitfinex-feed.js';
import { Mapped, TestSource } from '../../../../support/mapped.js';

const BOOK = 11;
const FLAGS = 65_536 + 131_072;

async function begun(flags = FLAGS, source = new TestSource()): Promise<[Mapped, BitfinexConnection]> {
  const feed = new BitfinexConnection(0, flags);
  const mapped = new Mapped(BITFINEX_VENUE, source);
  await mapped.take([
    feed.greeting(),
    feed.conf(),
    feed.subscribed('book', BOOK, 'tMNABTC'),
    feed.book(BOOK, [0.0000251, 1, 504.35063355], [2.5e-7, 2, 9], [0.00002526, 1, -66.5]),
  ]);
  mapped.told();
  return [mapped, feed];
}
const BIDS = [
  [0.0000251, 504.35063355],
  [2.5e-7, 9],
] as const;

describe('the checksum of a Bitfinex book', () => {
  it('covers price and signed amount of bids and asks in turns, as numbers of JavaScript', () => {
    // 0.0000251:504.35063355:0.00002526:-66.5:2.5e-7:9
    expect(bitfinexChecksum(BIDS, [[0.00002526, -66.5]])).to.equal(372_502_741);
  });

  it('holds, and the book is marked as checked', async () => {
    const [mapped, feed] = await begun();
    const taken = await mapped.take([
      feed.level(BOOK, [0.00002527, 1, -1e-8]),
      feed.data(
        BOOK,
        'cs',
        bitfinexChecksum(BIDS, [
          [0.00002526, -66.5],
          [0.00002527, -1e-8],
        ]),
      ),
    ]);
    expect(taken).to.deep.equal([true, true]);
    expect(mapped.events[1]!.data).to.include({ checksum: 'ok' });
    expect(mapped.told()).to.deep.equal(['4 BookDelta - a 0.00002527x0.00000001', '5 BookDelta -']);
  });

  it('does not hold: the book is broken, once, until it is subscribed to anew', async () => {
    const source = new TestSource(true);
    const [mapped, feed] = await begun(FLAGS, source);
    await mapped.take([feed.data(BOOK, 'cs', 5), feed.data(BOOK, 'cs', 6)]);
    expect(mapped.events.map(({ data }) => ('checksum' in data ? data.checksum : ''))).to.deep.equal([
      '',
      'failed',
      'failed',
    ]);
    expect(mapped.told()).to.deep.equal(['4 FeedInterrupted checksum', '4 BookDelta -', '5 BookDelta -']);
    expect(source.asked).to.deep.equal(['tMNABTC']);
    await mapped.take([
      feed.subscribed('book', 12, 'tMNABTC'),
      feed.book(12, [1, 1, 1]),
      feed.data(12, 'cs', bitfinexChecksum([[1, 1]], [])),
    ]);
    expect(mapped.told()).to.deep.equal(['7 BookSnapshot - b 1x1', '8 BookDelta -']);
  });

  it('covers no more than twenty-five levels a side', async () => {
    const feed = new BitfinexConnection(0, FLAGS);
    const mapped = new Mapped(BITFINEX_VENUE);
    const levels = Array.from({ length: 30 }, (_, index) => [100 - index, 1, index + 1] as const);
    await mapped.take([
      feed.greeting(),
      feed.conf(),
      feed.subscribed('book', BOOK, 'tMNABTC'),
      feed.book(BOOK, ...levels),
      feed.level(BOOK, [71, 0, 1]),
      feed.data(
        BOOK,
        'cs',
        bitfinexChecksum(
          levels.slice(0, 25).map(([price, , amount]) => [price, amount]),
          [],
        ),
      ),
    ]);
    expect(mapped.events.at(-1)!.data).to.include({ checksum: 'ok' });
  });

  it('is not looked at where it was not asked for', async () => {
    const [mapped, feed] = await begun(65_536);
    expect(await mapped.take([feed.data(BOOK, 'cs', 5)])).to.deep.equal([false]);
    expect(mapped.told()).to.deep.equal([]);
  });
});
