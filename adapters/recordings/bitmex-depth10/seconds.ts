import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { fromIso } from '../../venues/mapping/fields.js';
import type { RowCursor } from '../rows/row-cursor.js';

/** Reads times that are written as a second (`"2020-03-10 18:25:10"`) and a millisecond of it, in UTC. */
export class Seconds {
  #told = '';
  #at: EpochMicros = 0;

  /**
   * @param second  the column of the second; the next one has the millisecond
   * @throws {MessageFault}
   */
  at(row: RowCursor, second: number): EpochMicros {
    const told = row.column(second);
    if (told !== this.#told) {
      this.#at = fromIso('second', `${row.word(second)}Z`); // many rows share a second
      this.#told = told;
    }
    const millis = row.whole(second + 1, 'millisecond');
    if (millis < 1_000) return this.#at + millis * 1_000;
    throw new MessageFault('bad_message', `"millisecond" is ${millis}`);
  }
}
