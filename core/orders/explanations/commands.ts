import type { LogEvent } from '../../ports.js';
import type { Command } from '../commands.js';
import { tell, type Telling } from './telling.js';
import type { CommandText, ToldType } from './texts.js';
import { byActor } from './words.js';

const ASKED: Readonly<Record<Command['type'], { readonly to: string; readonly answers: readonly ToldType[] }>> = {
  SubmitTwap: { to: 'submit it', answers: ['OrderAccepted', 'OrderRefused'] },
  AmendOrder: { to: 'amend it', answers: ['OrderAmended'] },
  StartOrder: { to: 'start', answers: ['OrderStarted', 'OrderCompleted'] },
  PauseOrder: { to: 'pause', answers: ['OrderPaused'] },
  ResumeOrder: { to: 'resume', answers: ['OrderResumed'] },
  StopOrder: { to: 'stop', answers: ['OrderStopped'] },
  CancelOrder: { to: 'cancel', answers: ['OrderCancelled'] },
};

/** Seqs of the commands that an outcome in the history answers: the outcome's sentence tells of both. */
export function answered(history: readonly LogEvent[]): ReadonlySet<number> {
  const byCause = new Map<number, Set<string>>();
  for (const { n, cause, type } of history) {
    if (n === undefined || cause === undefined) continue;
    const types = byCause.get(cause);
    if (types === undefined) byCause.set(cause, new Set([type]));
    else types.add(type);
  }
  const seqs = new Set<number>();
  for (const { n, seq, type } of history) {
    if (n !== undefined || seq === undefined) continue;
    const types = byCause.get(seq);
    if (types === undefined) continue;
    const { answers } = ASKED[type as Command['type']];
    if (types.has('CommandRefused') || answers.some((answer) => types.has(answer))) seqs.add(seq);
  }
  return seqs;
}

/** A command from which nothing followed: the desk's own stream says whether it was refused. */
export function commandAlone(telling: Telling, event: CommandText): void {
  const { at, seq = 0, type, data } = event;
  if (telling.firstAt === 0) telling.firstAt = at;
  const nothing =
    type === 'AmendOrder'
      ? 'it changed nothing, or was refused'
      : 'the order was not in a state for it, or it was refused by a rule';
  tell(
    telling,
    { at, cause: seq },
    'command_idle',
    `Asked${byActor(data.actor)} to ${ASKED[type].to} (input ${seq}), and nothing followed: ${nothing}.`,
  );
}
