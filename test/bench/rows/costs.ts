import { openSession } from '../../../adapters/recordings/session/session.js';
import { replay } from '../../../replay/replay.js';
import { longSession } from '../inputs.js';
import { profiled, profileText, type OwnTime } from '../profile.js';
import { quantile } from '../rounds.js';
import { millions } from '../table.js';
import type { MeasureRow } from './row.js';

const SLICES = 300;
const LIMIT = 0.1;

/**
 * What measuring costs adds to the replay of an order. No switch turns it off, so it is its functions' share of the time,
 * over the share of all others.
 */
export const costsRow: MeasureRow = async ({ folder, quick, profile }) => {
  const { name, path, rows } = await longSession(folder, quick ? 4 : 20, SLICES);
  const session = await openSession(path, { verify: false });
  const run = (): ReturnType<typeof replay> => replay(session.inputs(), session);
  const { orders } = await run();
  const costs = orders[0]?.['costs'] as { midTimeWeighted: string | null; completion: string } | null | undefined;
  if (costs?.midTimeWeighted == null) throw new Error(`the order of the bench has no costs: ${JSON.stringify(costs)}`);
  const added: number[] = [];
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    const own = await profiled(run);
    const share = own.filter(measures).reduce((sum, each) => sum + each.share, 0);
    added.push(share / (1 - share));
    if (profile && round === 0) console.error(profileText(own.filter(measures)));
  }
  const median = quantile(added, 0.5);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    what: `costs of one TWAP of ${SLICES} slices, added to its replay`,
    against: 'all else that the replay does',
    measured: `${percent(median)} (${percent(quantile(added, 0))}–${percent(quantile(added, 1))})`,
    limit: percent(LIMIT),
    holds: median <= LIMIT,
    notes: [`${name}: ${millions(rows)} rows; own time of the functions that measure, of ${added.length} profiles`],
  };
};

const measures = ({ name, file }: OwnTime): boolean =>
  /^measures\/|^engine\/measure-fold|^market\/mid-sums/.test(file) ||
  (name === 'mark' && file.startsWith('market/market'));
