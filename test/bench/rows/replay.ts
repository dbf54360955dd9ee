import { openSession } from '../../../adapters/recordings/session/session.js';
import { Market } from '../../../core/market/market.js';
import { replay } from '../../../replay/replay.js';
import { bareLoop } from '../bare-loop.js';
import { longSession } from '../inputs.js';
import { profiled, profileText } from '../profile.js';
import { inTurns } from '../rounds.js';
import { millions, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

const SLICES = 300;

export const replayRow: MeasureRow = async ({ folder, quick, profile }) => {
  const { name, path, rows, levelChanges } = await longSession(folder, quick ? 4 : 20, SLICES);
  const session = await openSession(path, { verify: false });
  const run = (): ReturnType<typeof replay> => replay(session.inputs(), session);
  const report = await run();
  const [order] = report.orders;
  if (order?.['state'] !== 'completed' || order['reason'] !== 'filled')
    throw new Error(`the order of the bench did not fill: ${JSON.stringify(order)}`);
  // compiled code is thrown away with the last object of the shapes that it was made for
  const kept = new Market(session.instruments[0]!);
  const ratio = await inTurns(run, () => bareLoop(session), quick ? 5 : 15);
  kept.interrupt('gap');
  if (profile) console.error(profileText(await profiled(run)));
  return ratioRow(
    {
      what: `replay: engine, trusted book, one TWAP of ${SLICES} slices`,
      against: 'same file, same reader, same book, nothing else',
      notes: [
        `${name}: ${millions(rows)} rows, ${millions(levelChanges)} level changes, ${report.inputs} inputs, ${report.outcomes} outcomes`,
      ],
    },
    ratio,
    1.5,
  );
};
