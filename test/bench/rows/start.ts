import { openEmbeddedLog } from '../../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { logFolder } from '../../../api/cli/data.js';
import { inChild } from '../child.js';
import { madeLog } from '../made-log.js';
import { ratioOf, type Pair } from '../rounds.js';
import { ms, type Row } from '../table.js';
import type { MeasureRow } from './row.js';

const LONGEST_MS = 2_000;

export const startRow: MeasureRow = async ({ folder, quick }): Promise<Row> => {
  const events = quick ? 100_000 : 1_000_000;
  const made = await madeLog(folder, events, 'log-with');
  const { path: kept } = made;
  const { path: bare } = await madeLog(folder, events, 'log-without');
  const lastAt = await checkpoints(kept, 'keep');
  const pairs: Pair[] = [];
  let worst = 0;
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const ours = await inChild<Start>('children/start-once', [kept]);
    await checkpoints(bare, 'drop'); // each time: a start without one makes one
    const theirs = await inChild<Start>('children/start-once', [bare]);
    pairs.push([ours.ms, theirs.ms]);
    worst = Math.max(worst, ours.ms);
  }
  const { median, min, max, oursMs, theirsMs } = ratioOf(pairs);
  return {
    what: `start on a log of ${(made.inputs + made.outcomes).toLocaleString('en')} events, until it serves`,
    against: 'the same without a checkpoint',
    measured: `${median.toFixed(3)} x (${min.toFixed(3)}–${max.toFixed(3)}), ${ms(oursMs)}`,
    limit: `0.2 x, ${LONGEST_MS / 1000} s`,
    holds: median <= 0.2 && oursMs < LONGEST_MS,
    notes: [
      `${pairs.length} processes each, from their beginning on: ${ms(oursMs)}, worst ${ms(worst)}, against ${ms(theirsMs)}`,
      `${made.inputs} inputs, ${made.outcomes} outcomes of ${made.orders} orders; the last checkpoint stands at input ${lastAt}`,
    ],
  };
};

interface Start {
  readonly ms: number;
  readonly openedMs: number;
  readonly seq: number;
}

/** @returns the input that the last checkpoint stands at */
async function checkpoints(folder: string, then: 'keep' | 'drop'): Promise<number> {
  const log = await openEmbeddedLog(logFolder(folder));
  const streams: string[] = [];
  let seq = 0;
  for await (const { stream } of log.streams(`${DEFAULT_LOG_NAME}checkpoints-`)) {
    streams.push(stream);
    for await (const page of log.readStream(stream))
      for (const { event } of page)
        if (event.type === 'CheckpointTaken') seq = Math.max(seq, (event.data as { seq: number }).seq);
  }
  if (then === 'drop') await log.drop(streams);
  await log.close();
  return seq;
}
