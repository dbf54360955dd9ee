import type { Ratio } from './rounds.js';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly against: string;
  /** As a person reads it, with its spread. */
  readonly measured: string;
  readonly limit: string;
  readonly holds: boolean;
  /** What the figures stand on: printed below the table. */
  readonly notes: readonly string[];
}

export const times = (value: number): string => `${value.toFixed(2)} x`;
export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const millions = (count: number): string => `${(count / 1e6).toFixed(1)} million`;

export function ratioRow(row: Omit<Row, 'measured' | 'limit' | 'holds'>, ratio: Ratio, limit: number): Row {
  const { median, min, max, rounds, oursMs, theirsMs } = ratio;
  return {
    ...row,
    measured: `${times(median)} (${min.toFixed(2)}–${max.toFixed(2)})`,
    limit: times(limit),
    holds: median <= limit,
    notes: [`${rounds} rounds in turns; medians ${ms(oursMs)} against ${ms(theirsMs)}`, ...row.notes],
  };
}

export function tableText(rows: readonly Row[]): string {
  const heads = ['', 'what', 'against', 'measured', 'at most', 'holds'];
  const cells = rows.map(({ what, against, measured, limit, holds }, i) => [
    String(i + 1),
    what,
    against,
    measured,
    limit,
    holds ? 'yes' : 'NO',
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const notes = rows.flatMap((row, i) => row.notes.map((note) => `  ${i + 1}: ${note}`));
  return [line(heads), rule, ...cells.map(line), '', ...notes].join('\n');
}
