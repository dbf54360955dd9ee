import type { Desk } from '../desk/desk.js';
import type { Refusal } from '../errors.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import type { AnyOutcome } from './outcomes.js';
import type { CommandName } from './parameters.js';

/** What a decision may look at. It changes nothing. */
export interface View {
  readonly at: EpochMicros;
  readonly desk: Readonly<Desk>;
  /** What is decided now was due while the engine was dead. */
  readonly engineDown: boolean;
  /** The run's, for what is drawn. */
  readonly seed: number;
  readonly marketOf: (instrument: string) => Market | undefined;
}

/** A command that is not served, as the one outcome that says so. */
export function refused(orderId: string, command: CommandName | 'submit', refusal: Refusal): AnyOutcome[] {
  return [{ type: 'CommandRefused', data: { orderId, command, refusal } }];
}
