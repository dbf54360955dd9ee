import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { Engine } from '../../core/engine/engine.js';
import { Side } from '../../core/market/columns.js';
import { priceText, sizeText } from '../../core/market/instrument.js';
import type { EventLog, StreamAppend } from '../../core/ports.js';
import { asBatch } from '../../replay/epochs.js';
import { startChild, type Child } from '../support/child.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { docsPage } from '../support/fixtures.js';
import { logOfAllShapes, type Line } from '../support/make-shapes.js';
import { BTC } from '../support/market.js';

/** What the program of the page says after each event. */
interface Told {
  readonly inputs: number;
  readonly outcomes: number;
  readonly bestBid: readonly [price: string, quantity: string] | null;
}

/** Lines written side by side, as the pump writes: each stream's own in order, the last stream first. */
function appends(lines: readonly Line[]): StreamAppend[] {
  const streams = new Map<string, Line[]>();
  for (const line of lines) streams.set(line.stream, [...(streams.get(line.stream) ?? []), line]);
  return [...streams]
    .map(([stream, of]) => ({ stream, expected: 'any' as const, events: of.map(({ event }) => event) }))
    .reverse();
}

describe('a reader from outside, as docs/events.md shows it', () => {
  const folder = fileURLToPath(new URL('../support/from-docs', import.meta.url));
  const fence = '<!-- the tests run this: -->\n```js\n';
  let store: EventStore;
  let log: EventLog;
  let reader: Child | undefined;

  before(async () => {
    const page = readFileSync(docsPage('events.md'), 'utf8');
    const begin = page.indexOf(fence) + fence.length;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/reader.mjs`, page.slice(begin, page.indexOf('\n```', begin)));
    store = await startEventStore();
    log = await openEventStoreLog(store.connection);
  });
  after(async () => {
    reader?.process.kill();
    await reader?.ended;
    await log.close();
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  it('comes to the inputs, the outcomes and the best bid that the engine comes to, while the log is written', async () => {
    const lines = await logOfAllShapes(17, 200);
    const inputs = lines.filter(({ event }) => event.seq !== undefined).map(({ event }) => event);
    const outcomes = lines.filter(({ event }) => event.n !== undefined);
    const engine = new Engine(() => undefined);
    engine.fold(asBatch(inputs));
    const { book, units } = engine.markets.get(BTC)!;
    const best = book.best(Side.bid);

    const half = Math.floor(lines.length / 2);
    for (let i = 0; i < half; i += 40) await log.append(appends(lines.slice(i, Math.min(i + 40, half))));
    reader = startChild('from-docs/reader.mjs', [
      store.connection,
      BTC,
      docsPage('events.schema.json'),
      DEFAULT_LOG_NAME,
    ]);
    await reader.line((line) => line.startsWith('{'));
    for (let i = half; i < lines.length; i += 40) await log.append(appends(lines.slice(i, i + 40)));

    const last = await reader.line((line) => {
      const told = JSON.parse(line) as Told;
      return told.inputs === inputs.length && told.outcomes === outcomes.length;
    });
    expect(last, `the reader ended behind ${reader.lines.at(-1) ?? 'nothing'}`).to.not.equal(undefined);
    const [price, quantity] = (JSON.parse(last!) as Told).bestBid!;
    expect([Number(price), Number(quantity)]).to.deep.equal([
      Number(priceText(best, units)),
      Number(sizeText(book.sizeAt(Side.bid, best), units)),
    ]);
  });
});
