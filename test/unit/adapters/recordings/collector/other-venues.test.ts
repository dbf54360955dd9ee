import { expect } from 'chai';
import { v1, v2 } from '../../../../support/kraken-frames.js';
import { MiniRecordings, story, type Line, type Pairs } from '../../../../support/mini-recording.js';
import { v5 } from '../../../../support/okx-frames.js';

const BIDS: Pairs = [['10.0', '1.50']];
const ASKS: Pairs = [['11', '0.5']];
const BOOK = { bids: BIDS, asks: ASKS };

describe('a collector’s lines of a venue whose feed brings its snapshots', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());

  for (const [venue, instrument, lines] of [
    [
      'the first version of Kraken',
      'XBT/USD@kraken',
      [
        [0, { event: 'heartbeat' }],
        [1, v1.snapshot(BIDS, ASKS)],
        [2, v1.change({ a: ASKS }, BOOK)],
      ],
    ],
    [
      'the second version of Kraken',
      'BTC/USD@kraken',
      [
        [0, v2.subscribed(1000)],
        [1, v2.book('snapshot', BIDS, ASKS, BOOK)],
        [2, v2.book('update', [], ASKS, BOOK)],
      ],
    ],
    [
      'OKX',
      'BTC-USDT@okx',
      [
        [0, { event: 'subscribe', arg: { channel: 'books', instId: 'BTC-USDT' } }],
        [1, v5.checked('snapshot', BIDS, ASKS, BOOK)],
        [1.5, 'pong'],
        [2, v5.checked('update', [], ASKS, BOOK)],
      ],
    ],
  ] as readonly (readonly [string, string, readonly Line[]])[])
    it(`are told from their content, and import: ${venue}`, async () => {
      const { events, meta } = await mini.import(lines);
      expect(story(events)).to.deep.equal([
        `1 InstrumentDefined ${instrument}`,
        '1 BookSnapshot - b 10x1.5 a 11x0.5',
        '2 BookDelta - a 11x0.5',
      ]);
      expect(events[2]!.data).to.include({ checksum: 'ok' });
      expect(meta.counts.ignored).to.equal(lines.length - 2);
    });
});
