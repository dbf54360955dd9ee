// Starts the live host on a log in a fresh process and hands back how long that took from the process's beginning on.
import { systemClock } from '../../../adapters/clock/system-clock.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { openOrderTable } from '../../../adapters/tables/orders.js';
import { sampleFeed } from '../../../adapters/venues/sample/feed.js';
import { SAMPLE_INSTRUMENTS } from '../../../adapters/venues/sample/instruments.js';
import { tableFolder, writeLog } from '../../../api/cli/data.js';
import { startLive } from '../../../api/live/live.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import { handBack } from '../child.js';

const [, , folder = '', address = folder] = process.argv;
const clock = systemClock();
const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);
const log = await writeLog(address);
const table = await openOrderTable(tableFolder(folder));
const opened = performance.now();
const run = await startLive({
  log,
  name: DEFAULT_LOG_NAME,
  table,
  clock,
  feeds: () => [sampleFeed({ seed: 1, clock, instruments })],
  settings: { venue: DEFAULT_VENUE, seed: 1 },
  paperBalance: '100000000',
});
if (run.health().status !== 'ok') throw new Error(`the host is ${run.health().status}`);
const serves = performance.now();
await run.stop();
await table.close();
await log.close();
handBack({ ms: serves, openedMs: opened, seq: run.engine.seq });
