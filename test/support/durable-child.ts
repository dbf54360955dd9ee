// A process whose disk is slow (slow-sync.c) and that notes, in the same file as the disk does, when it hands an event
// over, when it can first read it, and when it is told that it is stored. Or one that only reads, beside the first.
import { appendFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { open } from 'lmdb';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { appendOf, input } from './log-events.js';

const [what, folder, trace] = process.argv.slice(2) as [string, string, string];
const EVENTS = 4;
const note = (line: string): void => appendFileSync(trace, `${line}\n`);

interface Kept {
  put(seq: number): Promise<unknown>;
  /** How many are readable. */
  count(): Promise<number>;
  close(): Promise<void>;
}

async function ourLog(): Promise<Kept> {
  const log = await openEmbeddedLog(folder);
  return {
    put: (seq) => log.append([appendOf('a', 'any', [input(seq)])]),
    count: async () => ((await log.lastRevision('a')) ?? -1) + 1,
    close: () => log.close(),
  };
}

/** LMDB as its library opens it by default: shows a commit, and syncs it afterwards. */
function bareLmdb(): Promise<Kept> {
  const bare = open<Buffer, number>(folder, { encoding: 'binary', overlappingSync: true, noSubdir: false });
  return Promise.resolve({
    put: (seq: number) => bare.put(seq, Buffer.from('x')),
    count: () => {
      bare.resetReadTxn();
      return Promise.resolve([...bare.getKeys({})].length);
    },
    close: () => bare.close(),
  });
}

async function write(kept: Kept): Promise<void> {
  process.stdout.write('ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  for (let seq = 1; seq <= EVENTS; seq++) {
    note(`hand ${seq}`);
    let stored = false;
    const putting = kept.put(seq).then(() => {
      note(`told ${seq}`);
      stored = true;
    });
    let seen = false;
    while (!seen || !isTrue(stored)) {
      if (!seen && (await kept.count()) >= seq) {
        note(`seen ${seq}`);
        seen = true;
      }
      await turn();
    }
    await putting;
  }
  note('end');
  await kept.close();
}

const isTrue = (flag: boolean): boolean => flag;

async function watch(): Promise<void> {
  const log = await openEmbeddedLog(folder, { readOnly: true });
  process.stdout.write('ready\n');
  for (let seen = 0; seen < EVENTS;) {
    const count = ((await log.lastRevision('a')) ?? -1) + 1;
    while (seen < count) note(`beside ${++seen}`);
    await turn();
  }
  await log.close();
}

if (what === 'watch') await watch();
else await write(what === 'ours' ? await ourLog() : await bareLmdb());
process.exit(0);
