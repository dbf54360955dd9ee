import type { LogEvent } from '../../core/ports.js';
import { CATALOGUE } from './shapes/catalogue.js';
import { shapeReader } from './shapes/reading.js';

const reader = shapeReader(CATALOGUE);

/**
 * The reading seam: an input as this version knows it. A known shape passes, an earlier one is brought up to date; an
 * unknown type or a newer version is refused rather than guessed at. Outcomes and bookkeeping pass as they are: a log is
 * compared with what follows from its inputs as text.
 *
 * @throws {LogFailure} `foreign`
 */
export function readShape(event: LogEvent): LogEvent {
  return event.seq === undefined ? event : reader.input(event);
}

/**
 * The same for an outcome that is folded or projected as it was stored.
 *
 * @throws {LogFailure} `foreign`
 */
export const readOutcome = <Event extends LogEvent>(outcome: Event): Event => reader.outcome(outcome);

/**
 * The same for what the engine noted for itself.
 *
 * @throws {LogFailure} `foreign`
 */
export const readNote = <Event extends LogEvent>(note: Event): Event => reader.bookkeeping(note);
