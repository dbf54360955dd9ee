import type { Starts } from '../../adapters/requests/grid-file.js';
import { uniform } from '../../core/draws.js';
import { MICROS, type EpochMicros, type Micros } from '../../core/time.js';

export interface StartTerms {
  readonly from: EpochMicros;
  readonly to: EpochMicros;
  /** What tells the session from all others: its random starts are drawn by it. */
  readonly contentHash: string;
  /** First message after which the book is usable; undefined when it never is. */
  readonly usableAt: EpochMicros | undefined;
  /** How long before the session's end a random start must be. */
  readonly room: Micros;
  readonly seed: number;
}

/** The instants of a session at which orders come in, ascending. */
export function startsIn(starts: Starts, terms: StartTerms): EpochMicros[] {
  const { from, to } = terms;
  if ('at' in starts) return starts.at.filter((at) => at >= from && at <= to);
  const first = firstStart(terms);
  if (first === undefined) return [];
  if ('first' in starts) return [first];
  if ('every' in starts) {
    const count = Math.floor((to - first - 1) / starts.every) + 1;
    return Array.from({ length: count < 0 ? 0 : count }, (_, i) => first + i * starts.every);
  }
  return randomStarts(starts.random, first, terms);
}

/** The first whole second after the book is usable. */
function firstStart({ usableAt, to }: StartTerms): EpochMicros | undefined {
  if (usableAt === undefined) return undefined;
  const first = (Math.floor(usableAt / MICROS.s) + 1) * MICROS.s;
  return first < to ? first : undefined;
}

/** Instants drawn by the seed, no two of them alike; fewer where the session has no room for so many. */
function randomStarts(count: number, first: EpochMicros, { to, room, seed, contentHash }: StartTerms): EpochMicros[] {
  const span = to - room - first;
  if (span < 0) return [];
  const chosen = new Set<EpochMicros>();
  const most = Math.min(count, span + 1);
  for (let draw = 0; chosen.size < most; draw++)
    chosen.add(first + uniform(seed, `starts ${contentHash}`, draw, span + 1));
  return [...chosen].sort((a, b) => a - b);
}
