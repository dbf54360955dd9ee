import type { Micros } from '../../core/time.js';
import type { Start } from './panel.js';

/** From so many sessions on, whole sessions are resampled. */
export const SESSIONS_TO_RESAMPLE = 10;
/** Fewer blocks than these give no interval. */
export const FEWEST_BLOCKS = 10;
/** A block lasts at least so many longest windows: see docs/statistics.md for what one window covers. */
const WINDOWS_PER_BLOCK = 2;
/** More blocks than these add little; longer ones bear a longer memory of the market. */
const ENOUGH_BLOCKS = 40;

/** Starts in blocks that are resampled as wholes. */
export interface Blocks {
  readonly kind: 'sessions' | 'time';
  readonly count: number;
  /** The shortest that a block of time may last; null for sessions. */
  readonly lengthMicros: Micros | null;
  /** The block of each start. */
  readonly of: Uint32Array;
  /** By block: how many starts it has. */
  readonly sizes: Float64Array;
  /** By block: 1 where the next one goes on in the same session. */
  readonly goesOn: Uint8Array;
  /** The correlation of neighbours, averaged over all blocks, that overlapping windows make by themselves. */
  readonly overlap: number;
}

/**
 * Cuts starts into blocks. Ten sessions or more are a block each. Otherwise each session's stretch of starts is cut into
 * equal parts that last at least two of the longest windows, and longer once there would be more than forty. A block never
 * spans sessions; a session shorter than that is one block.
 *
 * @param starts  sessions one after the other, ascending within each
 */
export function blocksOf(starts: readonly Start[], longestWindow: Micros): Blocks {
  const sessions = bySession(starts);
  const kind = sessions.length >= SESSIONS_TO_RESAMPLE ? 'sessions' : 'time';
  const stretches = sessions.map(stretchOf);
  const whole = stretches.reduce((sum, stretch) => sum + stretch, 0);
  const lengthMicros = Math.max(1, WINDOWS_PER_BLOCK * longestWindow, Math.ceil(whole / ENOUGH_BLOCKS));
  const of = new Uint32Array(starts.length);
  const sizes: number[] = [];
  const goesOn: number[] = [];
  let placed = 0;
  let overlaps = 0;
  sessions.forEach((session, index) => {
    const parts = kind === 'sessions' ? 1 : Math.max(1, Math.floor(stretches[index]! / lengthMicros + 1e-9));
    const length = stretches[index]! / parts;
    let part = -1;
    let previous = 0;
    for (const start of session) {
      const its = parts === 1 ? 0 : Math.min(parts - 1, Math.floor((start.at - session[0]!.at) / length + 1e-9));
      if (its !== part) {
        if (part !== -1) {
          const next = its === part + 1;
          goesOn.push(next ? 1 : 0);
          if (next && start.at - previous < longestWindow) overlaps++;
        }
        sizes.push(0);
        part = its;
      }
      previous = start.at;
      of[placed++] = sizes.length - 1;
      sizes[sizes.length - 1]!++;
    }
    goesOn.push(0);
  });
  return {
    kind,
    count: sizes.length,
    lengthMicros: kind === 'sessions' ? null : lengthMicros,
    of,
    sizes: Float64Array.from(sizes),
    goesOn: Uint8Array.from(goesOn),
    overlap: overlaps === 0 ? 0 : (evenOverlap(lengthMicros, longestWindow) * overlaps) / sizes.length,
  };
}

/**
 * Costs that accrue evenly over a window W of a market without memory, summed over starts in blocks of length L: neighbours
 * share W^3 / 6, each has L W^2 - W^3 / 3.
 */
const evenOverlap = (length: Micros, window: Micros): number => window / 6 / (length - window / 3);

function bySession(starts: readonly Start[]): Start[][] {
  const sessions: Start[][] = [];
  for (const start of starts) {
    if (sessions.at(-1)?.[0]?.session === start.session) sessions.at(-1)!.push(start);
    else sessions.push([start]);
  }
  return sessions;
}

/** From the first start to the last, and as far again as one start usually is from the next. */
function stretchOf(session: readonly Start[]): Micros {
  const { length } = session;
  return length === 1 ? 0 : ((session[length - 1]!.at - session[0]!.at) * length) / (length - 1);
}
