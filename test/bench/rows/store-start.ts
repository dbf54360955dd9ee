import { join } from 'node:path';
import { startEventStore } from '../../support/eventstore/start.js';
import { inChild } from '../child.js';
import { madeLog, type MadeLog } from '../made-log.js';
import { ratioOf, type Pair } from '../rounds.js';
import { ms, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

/** A restart on a log in a store of EventStoreDB's protocol, which is here one in memory, against the same on a data folder. */
export const storeStartRow: MeasureRow = async ({ folder, quick }) => {
  const events = quick ? 50_000 : 200_000;
  const store = await startEventStore();
  try {
    const tables = join(folder, 'log-in-store');
    const made = await inChild<MadeLog>('children/make-log', [tables, String(events), store.connection]);
    const { path } = await madeLog(folder, events, 'log-beside-store');
    const pairs: Pair[] = [];
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      const ours = await inChild<{ ms: number }>('children/start-once', [tables, store.connection]);
      const theirs = await inChild<{ ms: number }>('children/start-once', [path]);
      pairs.push([ours.ms, theirs.ms]);
    }
    const ratio = ratioOf(pairs);
    const what = `start on a log of ${(made.inputs + made.outcomes).toLocaleString('en')} events in a store, until it serves`;
    const notes = [`the store is in memory, on this machine; worst ${ms(Math.max(...pairs.map(([ours]) => ours)))}`];
    return { ...ratioRow({ what, against: 'the same on a data folder', notes }, ratio, Infinity), limit: '—' };
  } finally {
    await store.stop();
  }
};
