import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession, type Session } from '../../adapters/recordings/session/session.js';
import { Flag, int64At, Kind } from '../../core/market/columns.js';
import { formatScaled, parseScaled } from '../../core/market/increments.js';
import { parseInstant, type EpochMicros } from '../../core/time.js';
import { inspect } from '../../replay/inspect.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

interface Top {
  readonly bid: readonly string[];
  readonly ask: readonly string[];
}

interface Truth {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
}

interface ChangesTruth extends Truth {
  readonly channels: { readonly book: number; readonly trade: number };
  readonly first_ns: number;
  readonly last_ns: number;
  readonly crossed_row_states: number;
  readonly max_interval_s: number;
  readonly silences_over_5s: readonly unknown[];
  readonly final: Top & { readonly levels: readonly number[]; readonly book_sha256: string };
  readonly trades: { readonly count: number; readonly volume: string; readonly vwap: string };
}

interface TopTenTruth extends Truth {
  readonly rows: Readonly<Record<string, number>>;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly crossed: number;
  readonly out_of_order: number;
  readonly max_interval_ms: number;
  readonly final: Readonly<Record<string, Top>>;
  readonly trades: Readonly<
    Record<string, { count: number; contracts: number; partial_rows: number; first: string; last: string }>
  >;
}

interface HyperliquidTruth extends Truth {
  readonly channels: { readonly l2Book: number; readonly trades: number };
  readonly first_receive_ns: number;
  readonly last_receive_ns: number;
  readonly crossed: number;
  readonly trades: { readonly count: number; readonly distinct_ids: number; readonly volume: string };
  readonly final: Top & { readonly levels: readonly number[] };
}

/** What `inspect` says of one instrument. */
interface Inspected {
  readonly trust: string;
  readonly snapshots: number;
  readonly bookUpdates: number;
  readonly levelChanges: number;
  readonly gaps: number;
  readonly crossed: number;
  readonly late: number;
  readonly trades: { readonly count: number; readonly volume: string; readonly vwap: string };
  readonly book: Top & { readonly levels: readonly number[]; readonly sha256: string };
}

/** Messages of a session as they came: times of books and of trades, ids of trades. */
interface Times {
  readonly books: EpochMicros[];
  readonly trades: EpochMicros[];
  readonly tradeIds: number[];
}

describe('import of recordings that are tables, and of Hyperliquid', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-tables-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  if (shared === undefined) {
    it('meets the figures of real recordings', function () {
      sayNoShared();
      this.skip();
    });
    return;
  }
  const captures = join(shared, 'captures');
  const text = readFileSync(join(captures, 'ground-truth.json'), 'utf8');
  const truths = (JSON.parse(text) as { recordings: Truth[] }).recordings;
  const truthOf = (kind: string): Truth => truths.find((one) => one.kind === kind)!;

  async function imported(truth: Truth): Promise<{
    session: Session;
    lines: number;
    ignored: number;
    gaps: number;
    found: Readonly<Record<string, Inspected>>;
    times: Times;
  }> {
    const out = join(folder, truth.kind);
    const files = truth.files.map((file) => join(captures, file));
    const { session: meta, lines } = await importRecordings(files, { out, engineVersion: 'test' });
    const session = await openSession(out);
    const { ignored } = meta.counts;
    const { from, to } = session;
    const inputs = (): ReturnType<Session['inputs']> => session.inputs();
    const { instruments } = await inspect({ from, to, ignored, contentHash: meta.contentHash, inputs });
    const found = instruments as unknown as Readonly<Record<string, Inspected>>;
    expect(meta.sources.map(({ file }) => file).sort()).to.deep.equal(truth.files.map((file) => basename(file)).sort());
    return { session, lines, ignored, gaps: meta.gaps, found, times: await timesOf(session) };
  }

  const changes = truthOf('binance-us-csv') as ChangesTruth;
  it(`meets the figures of ${changes.name}`, async () => {
    const { session, lines, ignored, gaps, found, times } = await imported(changes);
    const { trust, crossed, levelChanges, bookUpdates, snapshots, trades, book } = found['BTCUSDT@binance-us']!;
    expect({ trust, crossed, levelChanges, snapshots, book }).to.deep.equal({
      trust: 'partial',
      crossed: changes.crossed_row_states,
      levelChanges: changes.channels.book,
      snapshots: 0,
      book: { ...topOf(changes.final), levels: changes.final.levels, sha256: changes.final.book_sha256 },
    });
    expect(trades).to.include({
      count: changes.channels.trade,
      volume: changes.trades.volume,
      vwap: changes.trades.vwap,
    });
    expect(changes.channels.book + changes.channels.trade).to.equal(changes.lines);
    expect(lines).to.equal(bookUpdates + trades.count);
    expect([ignored, gaps, changes.silences_over_5s.length]).to.deep.equal([0, 0, 0]);
    expect([session.from, session.to]).to.deep.equal([micros(changes.first_ns), micros(changes.last_ns)]);
    expect(longest([...times.books, ...times.trades].sort((a, b) => a - b)) / 1e6).to.equal(changes.max_interval_s);
    expect(session.instruments[0]).to.include({ startsEmpty: true, rules: 'inferred', lotSize: '0.00001' });
  });

  const topTen = truthOf('bitmex-depth10') as TopTenTruth;
  it(`meets the figures of ${topTen.name}`, async () => {
    const { session, lines, ignored, gaps, found, times } = await imported(topTen);
    let crossed = 0;
    let late = 0;
    let history = 0;
    let tradeRows = 0;
    for (const [symbol, rows] of Object.entries(topTen.rows)) {
      const one = found[`${symbol}@bitmex`]!;
      const { count, contracts, partial_rows } = topTen.trades[symbol]!;
      expect(one.trust, symbol).to.equal('trusted');
      expect(one.snapshots, symbol).to.equal(rows);
      expect(one.trades.count, symbol).to.equal(count - partial_rows);
      expect(one.book, symbol).to.deep.include({ ...topOf(topTen.final[symbol]!), levels: [10, 10] });
      // the figure counts the trade before the recording, too
      expect(Number(one.trades.volume), symbol).to.equal(contracts - HISTORY[symbol]!);
      crossed += one.crossed;
      late += one.late;
      history += partial_rows;
      tradeRows += count;
    }
    expect([crossed, late]).to.deep.equal([topTen.crossed, topTen.out_of_order]);
    expect([lines, ignored, gaps]).to.deep.equal([topTen.lines + tradeRows, history, 0]);
    expect([times.books[0], times.books.at(-1)]).to.deep.equal([topTen.first_ms * 1_000, topTen.last_ms * 1_000]);
    expect(longest(times.books)).to.equal(topTen.max_interval_ms * 1_000);
    const instant = (told: string): EpochMicros => parseInstant(`${told}Z`)!;
    const { XBTUSD: first, ETHUSD: last } = topTen.trades;
    expect([session.from, times.trades.at(-1)]).to.deep.equal([instant(first!.first), instant(last!.last)]);
    expect(session.instruments.map(({ tickSize, publishedDepth }) => [tickSize, publishedDepth])).to.deep.equal([
      ['0.5', 10],
      ['0.05', 10],
    ]);
  });

  const hyperliquid = truthOf('hyperliquid') as HyperliquidTruth;
  it(`meets the figures of ${hyperliquid.name}`, async () => {
    const { session, lines, gaps, found, times } = await imported(hyperliquid);
    const { trust, snapshots, crossed, trades, book } = found['BTC@hyperliquid']!;
    expect({ trust, snapshots, crossed, lines, gaps }).to.deep.equal({
      trust: 'trusted',
      snapshots: hyperliquid.channels.l2Book,
      crossed: hyperliquid.crossed,
      lines: hyperliquid.lines,
      gaps: 0,
    });
    expect(trades).to.include({ count: hyperliquid.trades.count, volume: hyperliquid.trades.volume });
    expect(times.trades).to.have.length(hyperliquid.channels.trades);
    expect(new Set(times.tradeIds).size).to.equal(hyperliquid.trades.distinct_ids);
    expect(book).to.deep.include({ ...topOf(hyperliquid.final), levels: hyperliquid.final.levels });
    expect([session.from, session.to]).to.deep.equal([
      micros(hyperliquid.first_receive_ns),
      micros(hyperliquid.last_receive_ns),
    ]);
  });
});

/** Contracts of the `partial` rows, which stand at the head of the trades file. */
const HISTORY: Readonly<Record<string, number>> = { XBTUSD: 5_000, ETHUSD: 31 };

/** The figures in the file have passed through floats, but microseconds survive that. */
const micros = (nanos: number): EpochMicros => Math.round(nanos / 1_000);

const plain = (decimal: string): string => {
  const { mantissa, scale } = parseScaled(decimal)!;
  return formatScaled(mantissa, scale);
};
const topOf = ({ bid, ask }: Top): Top => ({ bid: bid.map(plain), ask: ask.map(plain) });

/** The longest time from one to the next; a time that goes back is none. */
const longest = (times: readonly EpochMicros[]): number =>
  times.reduce((most, at, index) => Math.max(most, index === 0 ? 0 : at - times[index - 1]!), 0);

async function timesOf(session: Session): Promise<Times> {
  const times: Times = { books: [], trades: [], tradeIds: [] };
  for await (const { market } of session.inputs())
    for (let row = 0; row < market.rows; row++) {
      const kind = market.kind[row];
      if (kind === Kind.trade) times.tradeIds.push(int64At(market.venueSeq, row));
      if ((market.flags[row]! & Flag.messageEnd) === 0) continue;
      const at = int64At(market.receivedAt, row);
      if (kind === Kind.trade) times.trades.push(at);
      else if (kind === Kind.delta || kind === Kind.snapshot) times.books.push(at);
    }
  return times;
}
