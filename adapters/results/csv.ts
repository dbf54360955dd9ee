import { formatInstant } from '../../core/time.js';
import type { Cell, Column, Row } from './columns.js';

export const csvHead = (columns: readonly Column[]): string => `${columns.map(({ name }) => name).join(',')}\n`;

/** Rows as RFC 4180 has them, but for the end of a line, which is LF: an absent value is empty, truth is `true` and `false`. */
export function csvRows(columns: readonly Column[], rows: readonly Row[]): string {
  let text = '';
  for (const row of rows) text += `${columns.map(({ type }, i) => field(row[i] ?? null, type)).join(',')}\n`;
  return text;
}

function field(cell: Cell, type: Column['type']): string {
  if (cell === null) return '';
  if (type === 'instant') return formatInstant(cell as number);
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
