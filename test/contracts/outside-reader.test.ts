import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { DEFAULT_LOG_NAME, streamOfInput } from '../../adapters/log/streams.js';
import { DEFAULT_VENUE } from '../../core/desk/settings.js';
import { Engine } from '../../core/engine/engine.js';
import { Side } from '../../core/market/columns.js';
import { formatScaled, parseScaled } from '../../core/market/increments.js';
import { priceText, sizeText } from '../../core/market/instrument.js';
import type { EventLog, LogEvent, StreamAppend } from '../../core/ports.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { asBatch } from '../../replay/epochs.js';
import { startChild, type Child } from '../support/child.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { docsPage } from '../support/fixtures.js';
import { logOfAllShapes, type Line } from '../support/make-shapes.js';
import { BTC } from '../support/market.js';

/** What the program of the page says after each event. */
interface Told {
  readonly inputs: number;
  readonly seq: number;
  readonly outcomes: number;
  readonly n: number;
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

/** As the engine writes a number: without the zeros that a venue may put behind it. */
function plainly(text: string): string {
  const { mantissa, scale } = parseScaled(text)!;
  return formatScaled(mantissa, scale);
}

/** A dead engine's last tick, stored behind one that was lost, and the run that says so. */
function crash({ at, seq = 0 }: LogEvent): Line[] {
  const settings = { venue: { ...DEFAULT_VENUE }, seed: 1 };
  const lost = [[seq + 1, seq + 2]];
  const run = { engineVersion: ENGINE_VERSION, settings, live: true, firstSeq: seq + 3, lost };
  const events: LogEvent[] = [
    { type: 'ClockTicked', version: 1, at: at + 2, seq: seq + 2, data: {} },
    { type: 'RunStarted', version: 1, at: at + 3, seq: seq + 3, data: run },
  ];
  return events.map((event) => ({ stream: DEFAULT_LOG_NAME + streamOfInput(event), event }));
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

    for (const line of crash(inputs.at(-1)!)) await log.append(appends([line]));

    const isLast = ({ seq, n }: Told): boolean => seq === inputs.length + 3 && n === outcomes.length;
    const last = await reader.line((line) => isLast(JSON.parse(line) as Told));
    expect(last, `the reader ended behind ${reader.lines.at(-1) ?? 'nothing'}`).to.not.equal(undefined);
    const told = reader.lines.map((line) => JSON.parse(line) as Told);
    for (const [i, { seq, n }] of told.entries()) {
      expect(seq).to.be.at.least(told[i - 1]?.seq ?? 0);
      expect(n).to.be.at.least(told[i - 1]?.n ?? 0);
    }
    expect(told.at(-1)).to.include({ inputs: inputs.length + 1, outcomes: outcomes.length });
    const [price, quantity] = told.at(-1)!.bestBid!;
    expect([plainly(price), plainly(quantity)]).to.deep.equal([
      priceText(best, units),
      sizeText(book.sizeAt(Side.bid, best), units),
    ]);
  });
});
