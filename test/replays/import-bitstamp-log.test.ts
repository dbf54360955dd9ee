import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { Decimal, plain as decimalText } from '../../core/decimal.js';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import { formatScaled, parseScaled } from '../../core/market/increments.js';
import { inspect } from '../../replay/inspect.js';
import { eventsOf } from '../support/mini-recording.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

interface LogTruth {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
  readonly channels: Readonly<Record<string, number>>;
  readonly order_book: {
    readonly count: number;
    readonly levels: readonly [number, number];
    readonly crossed: number;
    readonly first_bid: LevelText;
    readonly first_ask: LevelText;
    readonly last_bid: LevelText;
    readonly last_ask: LevelText;
    readonly time_weighted_mid: string;
    readonly mid_min: string;
    readonly mid_max: string;
  };
  readonly trades: Readonly<
    Record<'volume' | 'notional' | 'vwap' | 'first_price' | 'last_price' | 'high' | 'low', string>
  > & { readonly count: number };
}

const INSTRUMENT = 'BTCUSD@bitstamp';

describe('import of a log of Bitstamp', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-bitstamp-log-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  if (shared === undefined) {
    it('meets the figures of a real log', function () {
      sayNoShared();
      this.skip();
    });
    return;
  }
  const captures = join(shared, 'captures');
  const text = readFileSync(join(captures, 'ground-truth.json'), 'utf8');
  const truths = (JSON.parse(text) as { recordings: LogTruth[] }).recordings;
  for (const truth of truths.filter(({ kind }) => kind === 'bitstamp-2015')) {
    const files = truth.files.map((file) => join(captures, file));
    /** The longest interval without a line is under a minute. */
    const unbroken = { engineVersion: 'test', maxSilence: 60_000_000 };

    it(`meets the figures of ${truth.name}`, async () => {
      const out = join(folder, 'unbroken');
      const { session, lines } = await importRecordings(files, { out, ...unbroken });
      const opened = await openSession(out);
      const { from, to } = opened;
      const { ignored } = session.counts;
      const { instruments } = await inspect({ from, to, ignored, contentHash: '', inputs: () => opened.inputs() });
      const found = (instruments as unknown as Record<string, Record<string, unknown>>)[INSTRUMENT]!;
      const { order_book: books, trades, channels } = truth;
      expect(lines).to.equal(truth.lines);
      expect(session.counts).to.include({
        messages: channels['order_book']! + channels['trade']!,
        ignored: channels['order_created']! + channels['order_changed']! + channels['order_deleted']!,
      });
      expect(found).to.deep.include({
        trust: 'trusted',
        snapshots: books.count,
        bookUpdates: 0,
        gaps: 0,
        crossed: books.crossed,
        late: 0,
        midTimeWeighted: books.time_weighted_mid,
        trades: {
          count: trades.count,
          volume: trades.volume,
          vwap: trades.vwap,
          first: denoised(trades.first_price),
          last: denoised(trades.last_price),
          high: denoised(trades.high),
          low: denoised(trades.low),
        },
      });
      expect(found['book']).to.deep.include({
        bid: books.last_bid.map(plain),
        ask: books.last_ask.map(plain),
        levels: books.levels,
      });

      const events = await eventsOf(out);
      const snapshots = events.filter((event) => event.type === 'BookSnapshot').map(({ data }) => data);
      expect(snapshots[0]!.bids[0]).to.deep.equal(books.first_bid.map(plain));
      expect(snapshots[0]!.asks[0]).to.deep.equal(books.first_ask.map(plain));
      const mids = snapshots.map(({ bids, asks }) => new Decimal(bids[0]![0]).plus(asks[0]![0]).div(2));
      expect(decimalText(Decimal.min(...mids))).to.equal(books.mid_min);
      expect(decimalText(Decimal.max(...mids))).to.equal(books.mid_max);
      const notional = tradesOf(events).reduce(
        (sum, { price, quantity }) => sum.plus(new Decimal(price).times(quantity)),
        new Decimal(0),
      );
      expect(decimalText(notional.toDecimalPlaces(8))).to.equal(trades.notional);
    });

    it('says what was rounded, and of how many trades the side follows from the book', async () => {
      const { session } = await importRecordings(files, { out: join(folder, 'notes'), ...unbroken });
      expect(session.sources).to.have.length(1);
      expect(session.sources[0]!.notes).to.deep.equal([
        '526 prices and amounts of trades were rounded to 2 and 8 places: they held binary noise',
        'the side of 15 of 406 trades follows from the last book, as the log lacks one of their orders',
      ]);
      expect(session.instruments[0]).to.include({
        instrument: INSTRUMENT,
        tickSize: '0.01',
        lotSize: '0.00000001',
        publishedDepth: 20,
        rules: 'inferred',
      });
    });

    it('interrupts the feed five seconds after a line that none follows, until the next book', async () => {
      const out = join(folder, 'silences');
      await importRecordings(files, { out, engineVersion: 'test' });
      const events = await eventsOf(out);
      const silences = events.filter((event) => event.type === 'FeedInterrupted');
      expect(silences.map(({ data }) => data.reason)).to.deep.equal(Array<string>(22).fill('silent'));
      expect(events.some((event) => event.type === 'FeedResumed')).to.equal(false);
      // 26 intervals are longer, and four of them begin while a book is still waited for
      expect(events.filter((event) => event.type === 'BookSnapshot')).to.have.length(truth.order_book.count);
    });
  }
});

const tradesOf = (events: readonly MarketEvent[]): { readonly price: string; readonly quantity: string }[] =>
  events.flatMap((event) => (event.type === 'Traded' ? event.data.trades : []));

/** The figures repeat the file's digits: a double, written with seventeen of them. */
const denoised = (told: string): string => String(Number(told));

function plain(told: string): string {
  const { mantissa, scale } = parseScaled(told)!;
  return formatScaled(mantissa, scale);
}
