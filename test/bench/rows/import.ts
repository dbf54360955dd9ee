import { benchImport } from '../import.js';
import { collectorFile } from '../inputs.js';
import { ratioOf, type Pair } from '../rounds.js';
import { ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

export const importRow: MeasureRow = async ({ folder, quick }) => {
  const file = await collectorFile(folder);
  const pairs: Pair[] = [];
  let lines = 0;
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    const figures = await benchImport([file.path], 3);
    lines = figures.lines;
    pairs.push([figures.importMs, figures.bareMs]);
  }
  return ratioRow(
    {
      what: 'import of a collector file',
      against: 'unzip it and JSON.parse each line',
      notes: [`${file.name}, ${(file.bytes / 1e6).toFixed(1)} MB, ${lines} lines; a round is the median of three`],
    },
    ratioOf(pairs),
    2.5,
  );
};
