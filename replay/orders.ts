import type { InputBatch, OtherInput } from '../core/ports.js';
import type { CommandName, TwapParameters } from '../core/orders/parameters.js';
import type { Changes } from '../core/orders/amendment.js';
import { formatInstant, parseInstant, type EpochMicros } from '../core/time.js';
import { firstUsable } from './first-usable.js';
import type { Insertion } from './insertions.js';

/** An order to be put into a session. Without `at` it is accepted at its ISO start time, else when its book is first usable. */
export interface PlannedOrder {
  readonly orderId: string;
  readonly at?: EpochMicros;
  readonly parameters: TwapParameters;
}

export interface PlannedCommand {
  readonly at: EpochMicros;
  readonly command: CommandName;
  readonly orderId: string;
  readonly account: string;
  readonly changes?: Changes;
}

const TYPES: Record<CommandName, string> = {
  start: 'StartOrder',
  pause: 'PauseOrder',
  resume: 'ResumeOrder',
  stop: 'StopOrder',
  cancel: 'CancelOrder',
  amend: 'AmendOrder',
};

/** An order or a command that no run over this session can meet. */
export class OutsideSession extends Error {
  override readonly name = 'OutsideSession';
}

interface Playable {
  readonly from: EpochMicros;
  readonly to: EpochMicros;
  inputs(): AsyncIterable<InputBatch>;
}

/**
 * Orders and commands as insertions into a session, in the order in which they will stand there.
 *
 * @throws {OutsideSession} when one of them is after the session's end
 */
export async function plannedInsertions(
  orders: readonly PlannedOrder[],
  commands: readonly PlannedCommand[],
  session: Playable,
  allowPartialBook: boolean,
): Promise<Insertion[]> {
  const timed = (order: PlannedOrder): EpochMicros | undefined =>
    order.at ?? (order.parameters.startTime === undefined ? undefined : parseInstant(order.parameters.startTime));
  const untimed = orders.filter((order) => timed(order) === undefined);
  const usable = await firstUsable(
    session.inputs(),
    new Set(untimed.map(({ parameters }) => parameters.instrument)),
    allowPartialBook,
  );
  const insertions: Insertion[] = orders.map((order) => {
    const data = { orderId: order.orderId, ...order.parameters } as unknown as OtherInput['data'];
    const at = timed(order);
    if (at !== undefined) return { at: inside(at, order.orderId, session), type: 'SubmitTwap', data };
    const first = usable.get(order.parameters.instrument);
    // a book that never becomes usable: the order stands from the beginning, and each of its slices says why
    if (first === undefined) return { at: session.from, type: 'SubmitTwap', data };
    return { at: first.at, beforeSeq: first.seq + 1, type: 'SubmitTwap', data };
  });
  for (const { at, command, orderId, account, changes } of commands)
    insertions.push({
      at: inside(at, orderId, session),
      type: TYPES[command],
      data: { orderId, account, ...(changes === undefined ? {} : { changes }) },
    });
  return insertions
    .map((insertion, i) => ({ insertion, i }))
    .sort(inTime)
    .map(({ insertion }) => insertion);
}

/** By time; what stands behind a given message comes after what stands before everything of its instant. */
function inTime(a: { insertion: Insertion; i: number }, b: { insertion: Insertion; i: number }): number {
  const behind = (insertion: Insertion): number => (insertion.beforeSeq === undefined ? 0 : 1);
  return a.insertion.at - b.insertion.at || behind(a.insertion) - behind(b.insertion) || a.i - b.i;
}

function inside(at: EpochMicros, orderId: string, { to }: Playable): EpochMicros {
  if (at <= to) return at;
  throw new OutsideSession(
    `order ${orderId}: ${formatInstant(at)} is after the session's end at ${formatInstant(to)}; give it a time within the session`,
  );
}
