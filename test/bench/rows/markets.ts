import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../../adapters/clock/system-clock.js';
import { openEmbeddedLog } from '../../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { openSession } from '../../../adapters/recordings/session/session.js';
import { openOrderTable } from '../../../adapters/tables/orders.js';
import { logFolder, tableFolder } from '../../../api/cli/data.js';
import { startLive } from '../../../api/live/live.js';
import { upkeep } from '../../../api/live/upkeep.js';
import { openVenues } from '../../../api/live/venue-feeds.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import { MICROS } from '../../../core/time.js';
import { syncTimes } from '../disk.js';
import { profiled, profileText } from '../profile.js';
import { quantile } from '../rounds.js';
import { stopwatchLog } from '../stopwatch-log.js';
import { ms, type Row } from '../table.js';
import { SERVED_AS, twentyInstruments } from '../twenty-instruments.js';
import type { MeasureRow } from './row.js';

const SPEED = 10;
/** What one round of the recording spans, at the least. */
const RECORDED = 119 * MICROS.s;
/** Memory may differ by so much between two looks at it without having grown. */
const SAME = 1.1;

/**
 * One server with twenty instruments of a venue that plays a recording ten times as fast as it was: from the receipt of a
 * frame to its event in the log, and what the process holds after ten minutes against after one.
 */
export const marketsRow: MeasureRow = async ({ folder, quick, profile }): Promise<Row> => {
  const early = (quick ? 10 : 60) * MICROS.s;
  const late = (quick ? 40 : 600) * MICROS.s;
  const { path, name } = await twentyInstruments(folder, Math.ceil(((late + MICROS.m) * SPEED) / RECORDED));
  const session = await openSession(path);
  const venue = await served(path);
  const stopping = new AbortController();
  const clock = systemClock();
  try {
    const specs = session.instruments.map(({ instrument }) => ({
      kind: 'venue' as const,
      venue: SERVED_AS,
      symbol: instrument.split('@')[0]!,
    }));
    const [opened] = await openVenues(specs, clock, {
      endpoints: new Map([[SERVED_AS, { socket: venue.socket, rest: venue.socket.replace('ws:', 'http:') }]]),
      tell: (sentence) => console.error(sentence),
      signal: stopping.signal,
    });
    const data = join(folder, 'markets');
    const embedded = await openEmbeddedLog(logFolder(data));
    const table = await openOrderTable(tableFolder(data));
    const syncs = syncTimes(folder, 500);
    const { log, times } = stopwatchLog(embedded, clock, clock.now() + early);
    const run = await startLive({
      log,
      name: DEFAULT_LOG_NAME,
      table,
      clock,
      feeds: () => [opened!.feed],
      settings: { venue: DEFAULT_VENUE, seed: 1 },
      paperBalance: '100000000',
      onCheckpoint: upkeep(log, DEFAULT_LOG_NAME, 24 * MICROS.h),
    });
    await setTimeout(early / MICROS.ms);
    const before = await held();
    const first = { seq: run.engine.seq, at: performance.now() };
    const rest = (): Promise<void> => setTimeout((late - early) / MICROS.ms);
    if (profile) console.error(profileText(await profiled(rest), 45));
    else await rest();
    const after = await held();
    const inputs = run.engine.seq - first.seq;
    const seconds = (performance.now() - first.at) / 1000;
    let gaps = 0;
    for (const { counts } of run.engine.markets.values()) gaps += counts.gaps;
    await run.stop();
    await table.close();
    await embedded.close();
    const received = [...times.toInput, ...times.toOutcome];
    const p99 = quantile(received, 0.99);
    return {
      what: `twenty instruments of a venue at ${SPEED} times the recorded pace: memory after ${late / MICROS.s} s`,
      against: `after ${early / MICROS.s} s`,
      measured: `${(after / before).toFixed(2)} x; frame to appended event p99 ${ms(p99)}`,
      limit: `${SAME.toFixed(2)} x`,
      holds: after <= SAME * before,
      notes: [
        `${name}; ${Math.round(inputs / seconds)} inputs a second, ${gaps} gaps`,
        `frame to appended event, ${received.length}: p50 ${ms(quantile(received, 0.5))}, p99 ${ms(p99)}, worst ${ms(quantile(received, 1))}; fdatasync of 4 KiB p99 ${ms(quantile(syncs, 0.99))}`,
        `heap and buffers in use: ${mib(before)} and ${mib(after)}`,
      ],
    };
  } finally {
    stopping.abort();
    venue.child.kill();
  }
};

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/** What is in use once the garbage is gone. */
async function held(): Promise<number> {
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A loopback venue in a process of its own. */
async function served(path: string): Promise<{ readonly child: ChildProcess; readonly socket: string }> {
  const args = [
    'api/cli/reprise.js',
    'serve-venue',
    path,
    '--as',
    SERVED_AS,
    '--speed',
    String(SPEED),
    '--at-end',
    'loop',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  void once(child, 'error').then(([error]) => Promise.reject(error as Error));
  for await (const line of createInterface(child.stdout)) {
    const [socket] = /ws:\/\/\S+/.exec(line) ?? [];
    if (socket !== undefined) return { child, socket };
  }
  throw new Error('the loopback venue did not say where it listens');
}
