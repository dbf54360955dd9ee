import { readFileSync, writeFileSync } from 'node:fs';
import type { Venue } from '../../adapters/venues/venue.js';
import { VENUES } from '../../adapters/venues/venues.js';
import { docsPage } from './fixtures.js';

const BEGIN = '<!-- made by `npm run docs` from the venues: -->';
const END = '<!-- so far. -->';
const COLUMNS = ['channels', 'snapshot', 'sequence', 'checksum', 'limits', 'ping', 'evidence'] as const;

/** docs/venues.md as it should be: its prose as it stands, its table from the venues. */
export function venuesPage(): { readonly current: string; readonly should: string } {
  const current = readFileSync(docsPage('venues.md'), 'utf8');
  const [begin, end] = [current.indexOf(BEGIN), current.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/venues.md has lost the marks between which its table stands');
  return { current, should: `${current.slice(0, begin)}${BEGIN}\n\n${table()}\n${current.slice(end)}` };
}

/** `npm run docs`. */
export function writeVenuesPage(): void {
  writeFileSync(docsPage('venues.md'), venuesPage().should);
}

function table(): string {
  const venues = [...VENUES.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = venues.map(({ name, rules, ...venue }) =>
    line([`\`${name}\``, lived(venue), ...COLUMNS.map((column) => rules[column])]),
  );
  return [line(['venue', 'live', ...COLUMNS]), line(['', '', ...COLUMNS].map(() => '---')), ...rows, ''].join('\n');
}

const lived = ({ connection }: Pick<Venue, 'connection'>): string => (connection === undefined ? 'no' : 'yes');

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
