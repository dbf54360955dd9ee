import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { parseScaled, formatScaled } from '../../core/market/increments.js';
import { formatInstant } from '../../core/time.js';
import { figuresOf } from '../support/session-figures.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

interface Truth {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
  readonly channels: Readonly<Record<string, number>>;
  readonly first_receive_ns: number;
  readonly snapshot: { readonly depth_messages_dropped_as_older: number } | null;
  readonly depth_applied: number;
  readonly level_updates: number;
  readonly sequence_gaps: number;
  readonly final: {
    readonly bid: readonly string[];
    readonly ask: readonly string[];
    readonly levels: readonly [number, number];
    readonly book_sha256: string;
  };
  readonly trades: { readonly count: number; readonly market: number; readonly volume: string };
}

describe('import of Binance collector recordings', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-import-'));
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
  for (const truth of truths.filter(({ kind }) => kind === 'binance-collector'))
    it(`meets the figures of ${truth.name}`, async () => {
      const out = join(folder, truth.name.replace(/\W+/g, '-'));
      const files = truth.files.map((file) => join(captures, file));
      const { session: meta, lines } = await importRecordings(files, { out, engineVersion: 'test' });
      const session = await openSession(out);
      const all = await figuresOf(session);
      expect(Object.keys(all)).to.have.length(1);
      const figures = Object.values(all)[0]!;
      const snapshots = truth.channels['rest_snapshot'] ?? 0;
      expect(figures).to.deep.equal({
        snapshots,
        bookUpdates: truth.depth_applied,
        levelChanges: truth.level_updates,
        droppedAsOld: truth.snapshot?.depth_messages_dropped_as_older ?? 0,
        gaps: truth.sequence_gaps,
        trades: truth.trades.count,
        notMarket: truth.trades.count - truth.trades.market,
        volume: plain(truth.trades.volume),
        book: {
          bid: truth.final.bid.map(plain),
          ask: truth.final.ask.map(plain),
          levels: truth.final.levels,
          sha256: truth.final.book_sha256,
        },
      });
      const ignored = truth.channels['bookTicker'] ?? 0;
      expect(lines).to.equal(truth.lines);
      expect(meta.counts).to.include({ messages: truth.lines - ignored, ignored });
      expect(session.instruments[0]!.startsEmpty).to.equal(snapshots === 0 ? true : undefined);
      expect(session.instruments[0]!.rules).to.equal('table');
      // the figure in the file has passed through a float, but microseconds survive that
      expect(meta.from.slice(0, 23)).to.equal(formatInstant(Math.floor(truth.first_receive_ns / 1000)).slice(0, 23));
    });
});

function plain(decimal: string): string {
  const { mantissa, scale } = parseScaled(decimal)!;
  return formatScaled(mantissa, scale);
}
