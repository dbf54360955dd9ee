import type { EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { LineCursor, notLines } from '../lines/line-cursor.js';

const HEAD = /^(\d{13}) ([a-z_]{1,32}) /;
/** A receive time, an event's name and the spaces behind them. */
const HEAD_BYTES = 13 + 1 + 32 + 1;

/** Lines `<milliseconds> <event> <JSON>`. */
export class LogCursor extends LineCursor {
  /** Receive time of the present line. */
  at: EpochMicros = 0;
  event = '';

  protected override readHead(): void {
    const head = HEAD.exec(
      this.chunk.toString('latin1', this.lineStart, Math.min(this.lineEnd, this.lineStart + HEAD_BYTES)),
    );
    if (head === null)
      throw this.line === 1
        ? notLines(this.where)
        : new RecordingError(
            'bad_line',
            this.where,
            'does not begin with a receive time of 13 digits and the name of an event',
            'take the recording from its origin again, or cut this line out',
          );
    this.at = Number(head[1]) * 1_000;
    this.event = head[2]!;
    this.textStart = this.lineStart + head[0].length;
  }
}
