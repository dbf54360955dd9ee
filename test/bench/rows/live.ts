import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../../adapters/clock/system-clock.js';
import { openEmbeddedLog } from '../../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { openOrderTable } from '../../../adapters/tables/orders.js';
import { sampleFeed } from '../../../adapters/venues/sample/feed.js';
import { SAMPLE_INSTRUMENTS } from '../../../adapters/venues/sample/instruments.js';
import { logFolder, tableFolder } from '../../../api/cli/data.js';
import { startLive } from '../../../api/live/live.js';
import { upkeep } from '../../../api/live/upkeep.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import { MICROS } from '../../../core/time.js';
import { syncTimes } from '../disk.js';
import { profiled, profileText } from '../profile.js';
import { quantile } from '../rounds.js';
import { sampleOrder } from '../sample-orders.js';
import { stopwatchLog } from '../stopwatch-log.js';
import { ms, type Row } from '../table.js';
import type { MeasureRow } from './row.js';

const RATE = 5_000;
/** Not measured: code is compiled and books are filled. */
const WARM_UP = 5 * MICROS.s;
const SYNCS = 1_000;
const ORDERS = 8;

export const liveRow: MeasureRow = async ({ folder, quick, profile }): Promise<Row> => {
  const span = (quick ? 10 : 60) * MICROS.s;
  const clock = systemClock();
  const syncsBefore = syncTimes(folder, SYNCS);
  const data = join(folder, 'live');
  const embedded = await openEmbeddedLog(logFolder(data));
  const table = await openOrderTable(tableFolder(data));
  const { log, times } = stopwatchLog(embedded, clock, clock.now() + WARM_UP);
  const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);
  const messagesPerSecond = RATE / instruments.length;
  const run = await startLive({
    log,
    name: DEFAULT_LOG_NAME,
    table,
    clock,
    feeds: () => [sampleFeed({ seed: 1, clock, instruments, messagesPerSecond, steady: true, gapsPerHour: 0 })],
    settings: { venue: DEFAULT_VENUE, seed: 1 },
    paperBalance: '100000000',
    onCheckpoint: upkeep(log, DEFAULT_LOG_NAME, 24 * MICROS.h),
  });
  let leaps = 0;
  const watching = run.frames$.subscribe(() => undefined); // somebody is always connected
  await setTimeout(WARM_UP / MICROS.ms / 2);
  for (let number = 1; number <= ORDERS; number++) {
    const order = { ...sampleOrder(number), duration: `${2 * (span / MICROS.s)}s`, sliceInterval: '1s' };
    const { refusal } = await run.command({ type: 'SubmitTwap', version: 1, data: order });
    if (refusal !== undefined) throw new Error(JSON.stringify(refusal));
  }
  await setTimeout(WARM_UP / MICROS.ms / 2);
  const first = { seq: run.engine.seq, n: run.engine.n, cpu: process.cpuUsage(), at: performance.now() };
  const minute = (): Promise<void> => setTimeout(span / MICROS.ms);
  if (profile) console.error(profileText(await profiled(minute), 45));
  else await minute();
  const wallMs = performance.now() - first.at;
  const cpu = process.cpuUsage(first.cpu);
  const inputs = run.engine.seq - first.seq;
  const outcomes = run.engine.n - first.n;
  for (const { counts } of run.engine.markets.values()) leaps += counts.gaps;
  const { late } = run.engine;
  watching.unsubscribe();
  await run.stop();
  await table.close();
  await embedded.close();
  const syncs = [...syncsBefore, ...syncTimes(folder, SYNCS)];
  const syncP99 = quantile(syncs, 0.99);
  const limit = 3 * syncP99 + 4;
  const p99 = quantile(times.toOutcome, 0.99);
  return {
    what: `live, ${RATE} market messages a second for ${span / MICROS.s} s: receipt to durable outcome, p99`,
    against: `fdatasync of 4 KiB, p99 ${ms(syncP99)}`,
    measured: ms(p99),
    limit: `${ms(limit)} (3 x + 4 ms)`,
    holds: p99 <= limit,
    notes: [
      `receipt to durable outcome, ${times.toOutcome.length} inputs of turns that concluded something: ${spread(times.toOutcome)}`,
      `receipt to durable input, the other ${times.toInput.length}: ${spread(times.toInput)}`,
      `fdatasync, ${syncs.length} before and after: ${spread(syncs)}`,
      `${Math.round((inputs * 1000) / wallMs)} inputs and ${Math.round((outcomes * 1000) / wallMs)} outcomes a second of ${ORDERS} TWAPs; ${Math.round((cpu.user + cpu.system) / 10 / wallMs)} % of one core, the market's own making included; ${late} late, ${leaps} leaps over what was not read in time`,
    ],
  };
};

const spread = (values: readonly number[]): string =>
  `p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, worst ${ms(quantile(values, 1))}`;
