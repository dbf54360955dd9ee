import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { inspect } from '../../replay/inspect.js';
import { eventsOf } from '../support/mini-recording.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

interface HistoryTruth {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly level_updates: number;
  readonly u_gaps: number;
  readonly crossed_states: number;
  readonly final: {
    readonly u: number;
    readonly bid: readonly string[];
    readonly ask: readonly string[];
    readonly levels: readonly number[];
    readonly book_sha256: string;
  };
}

describe('import of Bybit history files', () => {
  const shared = sharedDir();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-history-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  if (shared === undefined) {
    it('meets the figures of a real file', function () {
      sayNoShared();
      this.skip();
    });
    return;
  }
  const captures = join(shared, 'captures');
  const text = readFileSync(join(captures, 'ground-truth.json'), 'utf8');
  const truths = (JSON.parse(text) as { recordings: HistoryTruth[] }).recordings;
  for (const truth of truths.filter(({ kind }) => kind === 'bybit-v5')) {
    const files = truth.files.map((file) => join(captures, file));
    it(`meets the figures of ${truth.name}`, async () => {
      const out = join(folder, 'linear');
      const { session, lines } = await importRecordings(files, { out, engineVersion: 'test' });
      const opened = await openSession(out);
      const { from, to } = opened;
      const inputs = (): ReturnType<typeof opened.inputs> => opened.inputs();
      const { ignored } = session.counts;
      const { instruments } = await inspect({ from, to, ignored, contentHash: session.contentHash, inputs });
      const [[name, found]] = Object.entries(instruments as unknown as Record<string, Record<string, unknown>>) as [
        [string, Record<string, unknown>],
      ];
      const { trust, snapshots, bookUpdates, droppedAsOld, gaps, crossed, book } = found;
      expect(name).to.equal('XRPUSDT@bybit-linear');
      expect({ lines, from, to, trust, snapshots, bookUpdates, droppedAsOld, gaps, crossed, book }).to.deep.equal({
        lines: truth.lines,
        from: truth.first_ms * 1_000,
        to: truth.last_ms * 1_000,
        trust: 'trusted',
        snapshots: 1,
        bookUpdates: truth.lines - 1,
        droppedAsOld: 0,
        gaps: truth.u_gaps,
        crossed: truth.crossed_states,
        book: {
          bid: truth.final.bid,
          ask: truth.final.ask,
          levels: truth.final.levels,
          sha256: truth.final.book_sha256,
        },
      });
      expect(session.instruments[0]).to.include({ publishedDepth: 500, noTrades: true, kind: 'linear', quote: 'USDT' });
      const events = await eventsOf(out);
      const books = events.flatMap((event) =>
        event.type === 'BookSnapshot' || event.type === 'BookDelta' ? [event.data] : [],
      );
      expect(books.at(-1)!.venueSeq).to.equal(truth.final.u);
      expect(books.reduce((sum, { bids, asks }) => sum + bids.length + asks.length, 0)).to.equal(truth.level_updates);
    });
    it('takes it for spot where it is told so', async () => {
      const out = join(folder, 'spot');
      const { session } = await importRecordings(files, { out, engineVersion: 'test', venue: 'bybit-spot' });
      expect(session.instruments[0]).to.include({
        instrument: 'XRPUSDT@bybit-spot',
        kind: 'spot',
        publishedDepth: 500,
      });
    });
    it('does not take it for what its symbol cannot be of', async () => {
      const options = { out: join(folder, 'inverse'), engineVersion: 'test', venue: 'bybit-inverse' };
      const failure = await importRecordings(files, options).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).to.have.property('message').that.includes('is a recording of bybit-linear, not of bybit-inverse');
    });
  }
});
