import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { eventsOf } from '../support/mini-recording.js';
import { figuresOf } from '../support/session-figures.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

/** Counted apart from the program, row by row, over the examples as they are. */
interface Expected {
  readonly instrument: string;
  readonly messages: number;
  readonly ignored?: number;
  readonly snapshots?: number;
  readonly changes?: number;
  readonly gaps?: number;
  readonly trades?: readonly [count: number, volume: string];
  readonly bid?: readonly [price: string, size: string];
  readonly ask?: readonly [price: string, size: string];
  readonly levels?: readonly [bids: number, asks: number];
  readonly definition: Partial<InstrumentDefinition>;
}

const EXAMPLES: readonly (readonly [files: readonly string[], expected: Expected])[] = [
  [
    ['tardis/deribit_incremental_book_L2_BTC-PERPETUAL.csv'],
    {
      instrument: 'BTC-PERPETUAL@deribit',
      messages: 1,
      snapshots: 1,
      ask: ['6421.5', '18640'],
      levels: [0, 15],
      definition: { base: 'BTC', quote: 'USD', settlement: 'BTC', kind: 'inverse', noTrades: true },
    },
  ],
  [
    ['tardis/bitmex_trades_XBTUSD.csv'],
    {
      instrument: 'XBTUSD@bitmex',
      messages: 2,
      trades: [10, '2161'],
      definition: { kind: 'inverse', multiplier: '1', settlement: 'XBT' },
    },
  ],
  [
    ['tardis/binance-futures_book_snapshot_5_BTCUSDT.csv'],
    {
      instrument: 'BTCUSDT@binance-usdm',
      messages: 10,
      snapshots: 10,
      bid: ['11657.07', '10.881'],
      ask: ['11657.08', '1.393'],
      levels: [5, 5],
      definition: { publishedDepth: 5, tickSize: '0.01', rules: 'inferred' },
    },
  ],
  [
    // the same seconds twice: the deeper books are read
    ['tardis/binance-futures_book_snapshot_5_BTCUSDT.csv', 'tardis/binance-futures_book_snapshot_25_BTCUSDT.csv'],
    {
      instrument: 'BTCUSDT@binance-usdm',
      messages: 20,
      ignored: 10,
      snapshots: 10,
      bid: ['11657.07', '10.881'],
      ask: ['11657.08', '1.475'],
      levels: [25, 25],
      definition: { publishedDepth: 25 },
    },
  ],
  [
    ['binance-tdepth/btcusdt-depth-update.csv'],
    {
      instrument: 'BTCUSDT@binance-usdm',
      messages: 1,
      changes: 100,
      bid: ['20472.1', '22.276'],
      ask: ['20472.2', '4.211'],
      levels: [20, 30],
      definition: { startsEmpty: true, rules: 'table', kind: 'linear' },
    },
  ],
  [
    // ten minutes lie between the two, so that the updates do not go on from the snapshot
    ['binance-tdepth/btcusdt-depth-update.csv', 'binance-tdepth/btcusdt-depth-snap.csv'],
    {
      instrument: 'BTCUSDT@binance-usdm',
      messages: 2,
      snapshots: 1,
      changes: 100,
      gaps: 1,
      bid: ['20472.1', '22.276'],
      ask: ['20472.2', '4.211'],
      levels: [120, 30],
      definition: { rules: 'table' },
    },
  ],
];

describe('import of examples of CSV formats', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-csv-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  if (shared === undefined) {
    it('meets what was counted apart', function () {
      sayNoShared();
      this.skip();
    });
    return;
  }
  const examples = join(shared, 'captures', 'csv-formats');
  const out = (): string => join(folder, 'session');
  const read = (files: readonly string[]): ReturnType<typeof importRecordings> =>
    importRecordings(
      files.map((file) => join(examples, file)),
      { out: out(), force: true, engineVersion: 'test' },
    );

  for (const [files, expected] of EXAMPLES)
    it(`reads ${files.join(' and ')}`, async () => {
      const { session: meta, lines } = await read(files);
      const { instrument, trades = [0, '0'], levels = [0, 0], definition } = expected;
      const figures = (await figuresOf(await openSession(out())))[instrument]!;
      expect([lines, meta.counts.ignored]).to.deep.equal([expected.messages, expected.ignored ?? 0]);
      expect(meta.instruments).to.have.length(1);
      expect(meta.instruments[0]).to.include({ instrument, ...definition });
      expect({ ...figures, book: { ...figures.book, sha256: '' } }).to.deep.equal({
        snapshots: expected.snapshots ?? 0,
        bookUpdates: expected.changes === undefined ? 0 : 1,
        levelChanges: expected.changes ?? 0,
        droppedAsOld: 0,
        gaps: expected.gaps ?? 0,
        trades: trades[0],
        notMarket: 0,
        volume: trades[1],
        book: { bid: expected.bid ?? [], ask: expected.ask ?? [], levels, sha256: '' },
      });
    });

  it('takes arrival as receive time, and the exchange’s time as the venue’s', async () => {
    await read(['tardis/bitmex_trades_XBTUSD.csv']);
    const [, first, second] = await eventsOf(out());
    expect([first!.at, first!.data]).to.deep.equal([
      1_583_020_803_307_160,
      {
        instrument: 'XBTUSD@bitmex',
        venueAt: 1_583_020_803_145_000,
        trades: [{ side: 'sell', price: '8531.5', quantity: '2152' }],
      },
    ]);
    expect(second?.type === 'Traded' && second.data.trades).to.have.length(9);
  });

  it('counts quotes, and makes nothing of them', async () => {
    const { session: meta, lines } = await read(['tardis/huobi-dm-swap_quotes_BTC-USD.csv']);
    expect([lines, meta.counts.ignored, meta.instruments.length]).to.deep.equal([10, 10, 0]);
  });
});
