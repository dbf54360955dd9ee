import { benchAppend } from '../append.js';
import { ratioOf, type Pair } from '../rounds.js';
import { ms, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

export const appendRow: MeasureRow = async ({ quick }) => {
  const pairs: Pair[] = [];
  let notes: readonly string[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    const { ratio, ours, theirs } = await benchAppend();
    pairs.push([ratio * theirs.p50, theirs.p50]);
    notes = [
      'a round is 500 batches of 200 each; of the last one, a batch:',
      `p50 ${ms(ours.p50)} against ${ms(theirs.p50)}, p99 ${ms(ours.p99)} against ${ms(theirs.p99)}, worst ${ms(ours.worst)} against ${ms(theirs.worst)}`,
    ];
  }
  return ratioRow(
    {
      what: 'append of 256-byte events, 200 a batch, acknowledged',
      against: 'bare lmdb puts of the same bytes',
      notes,
    },
    ratioOf(pairs),
    2,
  );
};
