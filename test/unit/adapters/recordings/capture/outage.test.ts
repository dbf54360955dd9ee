import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { openSession } from '../../../../../adapters/recordings/session/session.js';
import type { LevelText } from '../../../../../core/market/events.js';
import { inspect } from '../../../../../replay/inspect.js';
import { DrawnChanges } from '../../../../support/drawn-changes.js';
import { capture } from '../../../../support/mini-capture.js';
import { MiniRecordings, START, story } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';

/** A venue whose line falls silent and is opened anew, as a recorder writes it down. */
interface Outage {
  readonly instrument: string;
  /** Files of the recording. */
  readonly files: readonly string[];
}

const BEFORE = 20;
const EVERY_MS = 100;
/** The last message before the outage, and the connection after it. */
const LAST_MS = EVERY_MS * BEFORE;
const AGAIN_MS = LAST_MS + 8_000;
/** The new snapshot, and the last message of all. */
const HEALED_MS = AGAIN_MS + 500;
const END_MS = HEALED_MS + 1_000;

const DERIBIT = 'wss://www.deribit.com/ws/api/v2';
const GATEIO = 'wss://api.gateio.ws/ws/v4/';
const GATEIO_BOOK = 'https://api.gateio.ws/api/v4/spot/order_book?currency_pair=NEO_BTC&limit=100&with_id=true';

/** The snapshot comes in the feed. */
async function deribitOutage(mini: MiniRecordings, truth: DrawnChanges): Promise<Outage> {
  const lines: string[] = [];
  let id = 1_000;
  const book = (afterMs: number, data: object): void => {
    const told = { instrument_name: 'BTC-PERPETUAL', timestamp: START / 1_000 + afterMs, change_id: id, ...data };
    const params = { channel: 'book.BTC-PERPETUAL.raw', data: told };
    lines.push(capture.message(afterMs, { jsonrpc: '2.0', method: 'subscription', params }));
  };
  const numbers = (levels: readonly LevelText[], action?: string): unknown[] =>
    levels.map(([price, size]) => [action ?? (size === '0' ? 'delete' : 'change'), Number(price), Number(size)]);
  const snapshot = (afterMs: number): void =>
    book(afterMs, { type: 'snapshot', bids: numbers(truth.levels(0), 'new'), asks: numbers(truth.levels(1), 'new') });
  const change = (afterMs: number): void => {
    const previous = id++;
    const [bids, asks] = [numbers([truth.change(0)]), numbers([truth.change(1)])];
    book(afterMs, { type: 'change', prev_change_id: previous, bids, asks });
  };
  lines.push(capture.opened(0, DERIBIT));
  snapshot(0);
  for (let afterMs = EVERY_MS; afterMs <= LAST_MS; afterMs += EVERY_MS) change(afterMs);
  for (let lost = 0; lost < 9; lost++) truth.change(1);
  id += 50;
  lines.push(capture.opened(AGAIN_MS, DERIBIT));
  snapshot(HEALED_MS);
  for (let afterMs = HEALED_MS + EVERY_MS; afterMs <= END_MS; afterMs += EVERY_MS) change(afterMs);
  return { instrument: 'BTC-PERPETUAL@deribit', files: [await mini.write('DERIBIT.ws.0', lines.join(''))] };
}

/** The snapshot is fetched over REST, while messages come already. */
async function gateioOutage(mini: MiniRecordings, truth: DrawnChanges): Promise<Outage> {
  const socket: string[] = [];
  const replies: string[] = [];
  let id = 1_000;
  const update = (afterMs: number): void => {
    const first = id + 1;
    id += 2;
    const result = {
      t: START / 1_000 + afterMs,
      s: 'NEO_BTC',
      U: first,
      u: id,
      b: [truth.change(0)],
      a: [truth.change(1)],
    };
    socket.push(capture.message(afterMs, { time: 1, channel: 'spot.order_book_update', event: 'update', result }));
  };
  const reply = (afterMs: number): void => {
    replies.push(capture.reply(afterMs, GATEIO_BOOK, { id, bids: truth.levels(0), asks: truth.levels(1) }));
  };
  socket.push(capture.opened(0, GATEIO));
  reply(0);
  for (let afterMs = EVERY_MS; afterMs <= LAST_MS; afterMs += EVERY_MS) update(afterMs);
  for (let lost = 0; lost < 9; lost++) truth.change(1);
  id += 9;
  socket.push(capture.opened(AGAIN_MS, GATEIO));
  for (let afterMs = AGAIN_MS + EVERY_MS; afterMs < HEALED_MS; afterMs += EVERY_MS) update(afterMs);
  reply(HEALED_MS);
  for (let afterMs = HEALED_MS + EVERY_MS; afterMs <= END_MS; afterMs += EVERY_MS) update(afterMs);
  const files = [await mini.write('GATEIO.http.0', replies.join('')), await mini.write('GATEIO.ws.0', socket.join(''))];
  return { instrument: 'NEO_BTC@gateio', files };
}

describe('a capture with an outage', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());

  for (const [what, written] of [
    ['the feed brings the snapshot', deribitOutage],
    ['a REST reply brings the snapshot', gateioOutage],
  ] as const)
    it(`is silent, then disconnected, and untrusted until ${what}`, () =>
      seedOf('outage', async (seed) => {
        const truth = new DrawnChanges(seeded(seed));
        const { instrument, files } = await written(mini, truth);
        const { events, meta, out } = await mini.import({ files });
        const told = story(events).filter((line) => /Feed|Snapshot/.test(line));
        expect(told.map((line) => line.split(' ').slice(0, 3).join(' ').replace(/ \d+$/, ''))).to.deep.equal([
          '0 BookSnapshot',
          `${LAST_MS + 5_000} FeedInterrupted silent`,
          `${AGAIN_MS} FeedInterrupted disconnected`,
          `${HEALED_MS} BookSnapshot`,
        ]);
        expect(meta.gaps).to.equal(0);

        const session = await openSession(out);
        const at = async (afterMs: number): Promise<Record<string, unknown>> => {
          const { from, to } = session;
          const until = afterMs >= END_MS ? {} : { until: { at: START + afterMs * 1_000 } };
          const { instruments } = await inspect(
            { from, to, ignored: 0, contentHash: '', inputs: () => session.inputs() },
            until,
          );
          return (instruments as unknown as Record<string, Record<string, unknown>>)[instrument]!;
        };
        expect(await at(LAST_MS)).to.include({ trust: 'trusted' });
        expect(await at(LAST_MS + 5_000)).to.include({ trust: 'untrusted', reason: 'silent' });
        expect(await at(HEALED_MS - 1)).to.include({ trust: 'untrusted' });
        expect(await at(HEALED_MS)).to.include({ trust: 'trusted' });
        const final = await at(END_MS);
        expect(final).to.include({ trust: 'trusted', droppedAsOld: instrument.endsWith('gateio') ? 4 : 0 });
        expect(final['book']).to.include({ sha256: hashOf(truth) });
      }));
});

/** The hash of a book as `inspect` makes it, from what the venue knows. */
function hashOf(truth: DrawnChanges): string {
  const hash = createHash('sha256');
  for (const [price, quantity] of truth.levels(0)) hash.update(`b|${price}|${quantity}\n`);
  for (const [price, quantity] of truth.levels(1)) hash.update(`a|${price}|${quantity}\n`);
  return hash.digest('hex');
}
