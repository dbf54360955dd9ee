import { parseGrid } from '../../adapters/requests/grid-file.js';
import { sweep as sweepGrid, type SweepOptions, type SweepReport } from '../../replay/sweep/sweep.js';
import { listsOf, settingsOf, type Common } from './common.js';

export type { SweepReport };

export interface SweepRequest extends Common, Pick<SweepOptions, 'test' | 'objective' | 'cut' | 'workers'> {
  /** As a grid file has it. */
  readonly grid: object;
}

/** Runs every parameter set of a grid at every start over sessions: `reprise sweep`. */
export function sweep({ grid, venue, rules, ...request }: SweepRequest): Promise<SweepReport> {
  const settings = settingsOf({ ...request, ...(rules === undefined ? {} : { rules }) });
  return sweepGrid({ ...request, grid: parseGrid(JSON.stringify(grid), 'grid'), venue: listsOf(venue), settings });
}
