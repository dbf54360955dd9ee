/** What a column of results holds, and how a file spells it. */
export type ColumnType =
  /** Any text. */
  | 'text'
  /** An exact decimal: plain text in either file. */
  | 'decimal'
  /** A decimal for statistics: text in CSV, float64 in Arrow. */
  | 'measure'
  /** A whole number. */
  | 'count'
  | 'flag'
  /** Microseconds since 1970 UTC: ISO 8601 in CSV. */
  | 'instant';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Decimals come as their text, instants as microseconds. */
export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];
