import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { formatScaled, parseScaled } from '../../core/market/increments.js';
import { inspect } from '../../replay/inspect.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

interface SymbolTruth {
  readonly snapshots: number;
  readonly deltas: number;
  readonly dropped_stale: number;
  readonly seq_gaps: number;
  readonly crossed_states: number;
  readonly checksums: number;
  readonly checksums_ok: number;
  readonly trades: number;
  readonly trade_volume: string;
  /** Null where the side is empty. */
  readonly final_bid: readonly string[] | null;
  readonly final_ask: readonly string[] | null;
  readonly final_levels: readonly number[];
  readonly book_sha256: string;
}

interface CaptureTruth {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly received: number;
  readonly symbols: Readonly<Record<string, SymbolTruth>>;
}

interface Inspected {
  readonly [key: string]: unknown;
  readonly trades: { readonly count: number; readonly volume: string };
}

describe('import of HTTP and WebSocket captures', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-captures-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  if (shared === undefined) {
    it('meets the figures of real captures', function () {
      sayNoShared();
      this.skip();
    });
    return;
  }
  const captures = join(shared, 'captures');
  const text = readFileSync(join(captures, 'ground-truth.json'), 'utf8');
  const truths = (JSON.parse(text) as { recordings: CaptureTruth[] }).recordings;
  for (const truth of truths.filter(({ kind }) => kind === 'http+ws capture'))
    it(`meets the figures of ${truth.name}`, async () => {
      const out = join(folder, truth.name.replace(/\W+/g, '-'));
      const files = truth.files.map((file) => join(captures, file));
      const { session } = await importRecordings(files, { out, engineVersion: 'test' });
      const { ignored } = session.counts;
      const opened = await openSession(out);
      const inputs = (): ReturnType<typeof opened.inputs> => opened.inputs();
      const { from, to } = opened;
      const { instruments } = await inspect({ from, to, ignored, contentHash: session.contentHash, inputs });
      const found = instruments as unknown as Record<string, Inspected>;
      const names = Object.keys(found).map((name) => name.slice(0, name.indexOf('@')));
      expect(names.sort()).to.deep.equal(
        Object.keys(truth.symbols)
          .map((symbol) => symbol.toUpperCase())
          .sort(),
      );
      for (const [symbol, expected] of Object.entries(truth.symbols)) {
        const name = Object.keys(found).find((one) => one.startsWith(`${symbol.toUpperCase()}@`))!;
        const { trust, snapshots, bookUpdates, droppedAsOld, gaps, crossed, checksums, trades, book } = found[name]!;
        expect(
          {
            trust,
            snapshots,
            bookUpdates,
            droppedAsOld,
            gaps,
            crossed,
            checksums,
            book,
            trades: { count: trades.count, volume: trades.volume },
          },
          name,
        ).to.deep.equal({
          trust: 'trusted',
          snapshots: expected.snapshots,
          bookUpdates: expected.deltas,
          droppedAsOld: expected.dropped_stale,
          gaps: expected.seq_gaps,
          crossed: expected.crossed_states,
          checksums: { checked: expected.checksums, failed: expected.checksums - expected.checksums_ok },
          trades: { count: expected.trades, volume: plain(expected.trade_volume) },
          book: {
            bid: expected.final_bid?.map(plain) ?? null,
            ask: expected.final_ask?.map(plain) ?? null,
            levels: expected.final_levels,
            sha256: expected.book_sha256,
          },
        });
      }
      expect(session.gaps).to.equal(0);
    });
});

function plain(text: string): string {
  const { mantissa, scale } = parseScaled(text)!;
  return formatScaled(mantissa, scale);
}
