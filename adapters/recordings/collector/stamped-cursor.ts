import type { EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { LineCursor, notLines } from '../lines/line-cursor.js';
import { isPlainTicker } from './plain-ticker.js';

const SPACE = 32;
const ZERO = 48;

/** Lines of a collector: `<16 digits: microseconds, or 19: nanoseconds> <message>`. */
export class StampedCursor extends LineCursor {
  /** Receive time of the present line; what is finer than a microsecond is cut. */
  at: EpochMicros = 0;

  /** Whether the message of the present line becomes nothing, and its bytes show it; no where they do not. */
  isPlainTicker(): boolean {
    return isPlainTicker(this.chunk, this.textStart, this.lineEnd);
  }

  protected override readHead(): void {
    const { chunk, lineStart: start } = this;
    let at = 0;
    let digits = 0;
    for (; digits < 19; digits++) {
      const digit = chunk[start + digits]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      if (digits < 16) at = at * 10 + digit;
    }
    if ((digits !== 16 && digits !== 19) || chunk[start + digits] !== SPACE || start + digits >= this.lineEnd)
      throw this.line === 1 ? notLines(this.where) : badStamp(this.where);
    this.at = at;
    this.textStart = start + digits + 1;
  }
}

function badStamp(where: string): RecordingError {
  return new RecordingError(
    'bad_line',
    where,
    'does not begin with a receive time of 16 or 19 digits and a space',
    'take the recording from its origin again, or cut this line out',
  );
}
