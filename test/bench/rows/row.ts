import type { Row } from '../table.js';

/** What a row of the table is told. */
export interface RowOptions {
  /** A folder on the disk that is measured; whatever a row leaves there is taken away at the end. */
  readonly folder: string;
  /** Smaller inputs and fewer rounds. */
  readonly quick: boolean;
  /** Print where the time goes, function by function. */
  readonly profile: boolean;
}

export type MeasureRow = (options: RowOptions) => Promise<Row>;
