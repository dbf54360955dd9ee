// A process of its own that has a log, for tests about two processes and about one that dies.
// It is told what to do by arguments: what, folder, and what else it needs; it speaks in lines on standard output.
import { writeSync } from 'node:fs';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { LogFailure } from '../../core/ports.js';
import { appendOf, inputs } from './log-events.js';

const [what, folder, ...rest] = process.argv.slice(2) as [string, string, ...string[]];
/** At once and not through a pipe's queue: what was said was said, even when the process is killed next. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

/** Holds the folder until it is told to end. */
async function hold(): Promise<void> {
  const log = await openEmbeddedLog(folder);
  say(`holds ${process.pid}`);
  await told();
  await log.close();
  say('closed');
}

/** Appends until it is killed, and says what was acknowledged: batches of several inputs over two streams. */
async function append(): Promise<void> {
  const log = await openEmbeddedLog(folder);
  const before = (await log.lastRevision('count')) ?? -1;
  for (let seq = before + 2; ; seq += 5) {
    await log.append([
      appendOf('count', seq - 2 < 0 ? 'no_stream' : seq - 2, inputs(seq, seq + 4)),
      appendOf('beside', 'any', inputs(seq, seq)),
    ]);
    say(`acknowledged ${seq + 4}`);
  }
}

/** Reads beside the writer, and says each seq, until it has seen the last one. */
async function follow(until: number): Promise<void> {
  const log = await openEmbeddedLog(folder, { readOnly: true, pollMs: 5 });
  say('reads');
  const stop = new AbortController();
  for await (const item of log.subscribe({}, stop.signal)) {
    if (item.kind === 'caughtUp') continue;
    for (const { event } of item.events) say(`seen ${String(event.seq)}`);
    if (item.events.some(({ event }) => event.seq === until)) stop.abort();
  }
  await log.close();
  say('closed');
}

/** Resolves when the one who started this process says something, or is gone. */
const told = (): Promise<void> => new Promise((resolve) => process.stdin.once('readable', () => resolve()));

try {
  if (what === 'hold') await hold();
  else if (what === 'append') await append();
  else await follow(Number(rest[0]));
  process.exit(0);
} catch (error) {
  say(`failed ${error instanceof LogFailure ? error.code : String(error)}`);
  process.exit(1);
}
