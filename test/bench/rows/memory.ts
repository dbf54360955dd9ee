import { statfsSync } from 'node:fs';
import { inChild } from '../child.js';
import { longSession } from '../inputs.js';
import { ratioOf, type Pair } from '../rounds.js';
import { millions, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

/** Bytes of a long session for each level change while it is written: it stands on the disk twice for a moment. */
const BYTES_PER_CHANGE = 2 * 62;

export const memoryRow: MeasureRow = async ({ folder, quick }) => {
  const wanted = quick ? [2e6, 20e6] : [10e6, 100e6];
  const { bavail, bsize } = statfsSync(folder);
  const room = bavail * bsize;
  const needed = 1.2 * BYTES_PER_CHANGE * wanted[1]!;
  if (room < needed)
    throw new Error(
      `${folder} has ${(room / 1e9).toFixed(0)} GB left and this takes ${(needed / 1e9).toFixed(0)}: name another --dir, or add --quick`,
    );
  const one = await longSession(folder, 1, 300);
  const sessions = [];
  for (const changes of wanted) sessions.push(await longSession(folder, Math.ceil(changes / one.levelChanges), 300));
  const [small, large] = sessions as [(typeof sessions)[0], (typeof sessions)[0]];
  const pairs: Pair[] = [];
  let seconds = 0;
  for (let round = 0; round < 3; round++) {
    const few = await inChild<Peak>('children/replay-once', [small.path]);
    const many = await inChild<Peak>('children/replay-once', [large.path]);
    pairs.push([many.peakKiB, few.peakKiB]);
    seconds = many.seconds;
  }
  const ratio = ratioOf(pairs);
  const row = ratioRow(
    {
      what: `peak memory of replaying ${millions(large.levelChanges)} level changes`,
      against: `${millions(small.levelChanges)} level changes`,
      notes: [],
    },
    ratio,
    1.2,
  );
  const mib = (kib: number): string => `${Math.round(kib / 1024)} MiB`;
  return {
    ...row,
    notes: [
      `${ratio.rounds} processes each; peak resident memory, medians ${mib(ratio.oursMs)} against ${mib(ratio.theirsMs)}`,
      `${large.name}; it took ${seconds.toFixed(1)} s, ${millions(large.levelChanges / seconds)} level changes a second`,
    ],
  };
};

interface Peak {
  readonly peakKiB: number;
  readonly seconds: number;
}
