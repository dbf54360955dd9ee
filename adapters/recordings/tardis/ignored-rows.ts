import type { EpochMicros } from '../../../core/time.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import { arrivedAt } from './owner.js';

/** Rows that become nothing, and count as a sign of life: a best bid and offer never fills anybody. */
export class IgnoredRows implements RowReader {
  constructor(readonly columns: number) {}

  at(row: RowCursor): EpochMicros {
    return arrivedAt(row);
  }

  begin(): void {
    // nothing of it is kept
  }

  add(): boolean {
    return false;
  }

  take(): boolean {
    return false;
  }
}
