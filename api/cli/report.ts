import type { Terminal } from './terminal.js';

/** Prints a table with a head, columns as wide as they must be. */
export function table(terminal: Terminal, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  terminal.out(line(head));
  for (const row of rows) terminal.out(line(row));
}

/** Any JSON value as a table cell. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
