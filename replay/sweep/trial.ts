import { openSession } from '../../adapters/recordings/session/session.js';
import { int64At } from '../../core/market/columns.js';
import type { InputBatch } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { SweptSession } from './desks.js';
import { passOver } from './pass.js';
import { desksOf, placeOf, spanOf } from './plan.js';
import { swept } from './sessions.js';
import type { Block, SessionWork } from './work.js';

/** Rows of the market that a trial folds, and desks that it runs. */
const TRIAL_ROWS = 200_000;
const TRIAL_DESKS = 64;
/** What a worker thread takes to begin, in milliseconds. */
const THREAD_MS = 150;

/**
 * How long blocks of desks will take, in seconds: a piece of the first session is folded alone, and once more with a few of
 * the desks, so that the time for rows and the time for desks are known apart.
 */
export async function estimate(
  work: readonly SessionWork[],
  blocks: readonly Block[],
  workers: number,
): Promise<number> {
  const first = blocks[0];
  if (first === undefined) return 0;
  const its = work[first.session]!;
  const piece = await pieceOf(its);
  const count = Math.min(TRIAL_DESKS, first.desks.length);
  const trial = Float64Array.from(
    { length: count },
    (_, i) => first.desks[Math.floor((i * first.desks.length) / count)]!,
  );
  const length = piece.to - piece.from;
  // where in the session they stand says little: here they stand so that the piece holds them
  const plans = [...desksOf(its.plan, trial)].map((plan, i) => ({
    ...plan,
    at: piece.from + Math.floor((length * (i + 1)) / (2 * trial.length)),
  }));
  await timed(piece, plans); // the first time is slower than all that follow
  const bareMs = await timed(piece, []);
  const deskMs = Math.max(0, (await timed(piece, plans)) - bareMs);
  const held = plans.reduce((sum, { at, desk }) => sum + Math.min(piece.to - at, windowOf(its, desk)), 0);
  const rowMs = bareMs / Math.max(1, piece.rows);
  const heldMs = deskMs / Math.max(1, held);
  const totals = blocks.map(({ session, desks }) => {
    const { plan, rows } = { plan: work[session]!.plan, rows: work[session]!.rows };
    const window = desks.length === 0 ? 0 : windowOf(work[session]!, desks[desks.length >> 1]!);
    return rows * rowMs + Math.min(window, plan.to - plan.from) * desks.length * heldMs;
  });
  const threads = Math.max(1, Math.min(workers, blocks.length));
  const longest = totals.reduce((most, ms) => Math.max(most, ms), 0);
  const shared = totals.reduce((sum, ms) => sum + ms, 0) / threads;
  return (Math.max(longest, shared) + (threads > 1 ? THREAD_MS : 0)) / 1000;
}

function windowOf({ plan }: SessionWork, desk: number): number {
  const { set, start } = placeOf(plan, plan.places[desk]!);
  return spanOf(plan, set, plan.starts[start]!);
}

type Piece = SweptSession & { readonly rows: number };

/** The beginning of a session. */
async function pieceOf({ path }: SessionWork): Promise<Piece> {
  const session = await openSession(path, { verify: false });
  let rows = 0;
  let to: EpochMicros = session.from;
  async function* beginning(): AsyncGenerator<InputBatch> {
    let passed = 0;
    for await (const batch of session.inputs()) {
      yield batch;
      passed += batch.market.rows;
      if (passed >= TRIAL_ROWS) return;
    }
  }
  for await (const { market } of beginning()) {
    rows += market.rows;
    if (market.rows > 0) to = Math.max(to, int64At(market.receivedAt, market.rows - 1));
  }
  return { ...swept({ session }), to, inputs: beginning, rows };
}

async function timed(piece: Piece, plans: Parameters<typeof passOver>[1]): Promise<number> {
  const began = performance.now();
  for await (const _ of passOver(piece, plans));
  return performance.now() - began;
}
