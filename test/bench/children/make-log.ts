// Lets the live host write a log of so many events, from a sample market in a time of its own and orders that work in it.
import { setImmediate } from 'node:timers/promises';
import { manualClock } from '../../../adapters/clock/manual-clock.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { openOrderTable } from '../../../adapters/tables/orders.js';
import { generateSample } from '../../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../../adapters/venues/sample/instruments.js';
import { tableFolder, writeLog } from '../../../api/cli/data.js';
import { startLive, type RunningLive } from '../../../api/live/live.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import type { MarketEvent } from '../../../core/market/events.js';
import type { MarketFeed } from '../../../core/ports.js';
import { MICROS, type EpochMicros } from '../../../core/time.js';
import { handBack } from '../child.js';
import { sampleOrder } from '../sample-orders.js';

/** Of market time, at most, in one turn of the host. */
const TURN = MICROS.s / 2;
const ORDER_EVERY = 10 * MICROS.s;

const [, , folder = '', wanted = '', address = folder] = process.argv;
const events = Number(wanted);
const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition);
const from: EpochMicros = Date.now() * MICROS.ms - 24 * MICROS.h;
const clock = manualClock(from);
let orders = 0;
let written: () => void;
const full = new Promise<void>((resolve) => (written = resolve));

const feed: MarketFeed = {
  instruments,
  requestSnapshots: () => undefined,
  async *watch() {
    const run = await started;
    const names = instruments.map(({ instrument }) => instrument);
    let turn: MarketEvent[] = [];
    let lastOrder = from;
    const market = { seed: 1, from, duration: 20 * MICROS.h, instruments: names, messagesPerSecond: 100 };
    for (const event of generateSample(market)) {
      if (event.type === 'InstrumentDefined') continue;
      const first = turn[0];
      if (first !== undefined && event.at - first.at > TURN) {
        yield turn;
        await foldedTo(run, turn.at(-1)!.at);
        turn = [];
        if (clock.now() - lastOrder > ORDER_EVERY) {
          lastOrder = clock.now();
          submit(run, ++orders);
        }
        if (run.engine.seq + run.engine.n >= events) break;
      }
      turn.push(event);
    }
    written();
  },
};

/** Waits until the host has folded what was received, and only then moves its clock there: nothing is ever late. */
async function foldedTo(run: RunningLive, at: EpochMicros): Promise<void> {
  while (run.engine.clock < at) await setImmediate();
  await clock.advance(at);
}

function submit(run: RunningLive, number: number): void {
  const data = { ...sampleOrder(number), slices: 60, duration: '2m' };
  run.command({ type: 'SubmitTwap', version: 1, data }).catch((error: unknown) => {
    throw error;
  });
}

const log = await writeLog(address);
const table = await openOrderTable(tableFolder(folder));
const started = startLive({
  log,
  name: DEFAULT_LOG_NAME,
  table,
  clock,
  feeds: () => [feed],
  settings: { venue: DEFAULT_VENUE, seed: 1 },
  paperBalance: '100000000',
});
const run = await started;
await full;
await run.stop();
const { seq, n } = run.engine;
await table.close();
await log.close();
handBack({ inputs: seq, outcomes: n, orders });
