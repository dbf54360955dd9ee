import { openSession, type Session } from '../../../adapters/recordings/session/session.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import { Market } from '../../../core/market/market.js';
import type { TwapParameters } from '../../../core/orders/parameters.js';
import { rewritten, type Insertion } from '../../../replay/insertions.js';
import { replay, type RunReport } from '../../../replay/replay.js';
import { longSession } from '../inputs.js';
import { profiled, profileText } from '../profile.js';
import { inTurns } from '../rounds.js';
import { millions, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

/** A replay with one order against the same replay without any. */
export const takerRow: MeasureRow = (options) =>
  orderRow(options, 'one taker TWAP of 300 slices', 1.2, { quantity: '30', slices: 300 });

export const makerRow: MeasureRow = (options) =>
  orderRow(options, 'one maker TWAP that rests and re-pegs all the time', 2, {
    quantity: '300', // more than it will ever get
    maxDisplayQuantity: '0.01',
    slices: 300,
    aggressionFloor: '100',
    quote: 'join',
  });

async function orderRow(
  { folder, quick, profile }: Parameters<MeasureRow>[0],
  what: string,
  limit: number,
  order: Partial<TwapParameters>,
): ReturnType<MeasureRow> {
  const { name, path, rows, levelChanges } = await longSession(folder, quick ? 4 : 20, 300);
  const session = await openSession(path, { verify: false });
  const definition = session.instruments[0]!;
  const span = session.to - session.from;
  const insertion: Insertion = {
    at: session.from + 5_000_000, // the book is there by then
    type: 'SubmitTwap',
    data: {
      orderId: 'bench',
      instrument: definition.instrument,
      account: 'default',
      side: 'buy',
      duration: `${Math.floor(span / 1_000_000) - 10}s`,
      ...order,
    },
  };
  const alone = (): Promise<RunReport> => run(session, []);
  const ours = (): Promise<RunReport> => run(session, [insertion]);
  const report = await ours();
  const [done] = report.orders;
  if (done === undefined || done['filled'] === '0')
    throw new Error(`the order of the bench did not fill: ${JSON.stringify(done)}`);
  // compiled code is thrown away with the last object of the shapes that it was made for
  const kept = new Market(definition);
  const ratio = await inTurns(ours, alone, quick ? 5 : 11);
  kept.interrupt('gap');
  if (profile) console.error(profileText(await profiled(ours)));
  return ratioRow(
    {
      what: `replay with ${what}`,
      against: 'the same replay without an order',
      notes: [
        `${name}: ${millions(rows)} rows, ${millions(levelChanges)} level changes; ${report.outcomes} outcomes, ${JSON.stringify(done['fills'])} fills`,
      ],
    },
    ratio,
    limit,
  );
}

function run(session: Session, insertions: readonly Insertion[]): Promise<RunReport> {
  const settings = { venue: DEFAULT_VENUE, seed: 1 };
  return replay(
    rewritten(session.inputs(), { hasRun: false, from: session.from, settings: () => settings, insertions }),
    session,
  );
}
