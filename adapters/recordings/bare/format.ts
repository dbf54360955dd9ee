import { VENUES } from '../../venues/venues.js';
import type { ImportContext, RecordingFormat, Told, ToldFile } from '../format.js';
import type { FileHead } from '../lines/file-head.js';
import { LineCursor } from '../lines/line-cursor.js';
import { meantVenue } from '../meant-venue.js';
import type { ImportSource } from '../source.js';
import { BareSource } from './source.js';

/** The history files that a venue gives away: its own messages and nothing else. */
export const BARE: RecordingFormat = {
  name: 'bare',
  title: 'one bare message a line (Bybit’s history files); the time that the venue sent it stands for the receive time',
  recognise: (head) => (head.lines[0]?.startsWith('{') === true ? told(head) : Promise.resolve(undefined)),
  open: (files, context) => Promise.resolve(open(files, context)),
};

/** The venues that could have sent the first line, at its own time. */
async function told({ path }: FileHead): Promise<Told | undefined> {
  const first = await firstLine(path);
  let message: unknown;
  try {
    message = JSON.parse(first);
  } catch {
    return undefined; // another format's, or nobody's
  }
  const found = [...VENUES.values()].flatMap((venue) => {
    const symbol = venue.sentAt?.(first) === undefined ? undefined : venue.recognise?.(message)?.symbol;
    return symbol === undefined ? [] : [{ venue: venue.name, symbol }];
  });
  const [likeliest] = found;
  if (likeliest === undefined) return undefined;
  return { ...likeliest, alike: found.map(({ venue }) => venue), group: `${likeliest.symbol}@${likeliest.venue}` };
}

/** The head of a file cuts long lines, and a snapshot is long. */
async function firstLine(path: string): Promise<string> {
  const cursor = new LineCursor(path);
  try {
    while (await cursor.fill()) if (cursor.next()) return cursor.text();
    return '';
  } finally {
    await cursor.close();
  }
}

function open(files: readonly ToldFile[], context: ImportContext): ImportSource[] {
  const chains = new Map<string, { venue: string; symbol: string; paths: string[] }>();
  for (const file of files) {
    const chain = chains.get(file.group) ?? { venue: meantVenue(file, context), symbol: file.symbol!, paths: [] };
    chain.paths.push(file.path);
    chains.set(file.group, chain);
  }
  return [...chains.values()].map(
    ({ venue, symbol, paths }) => new BareSource(context.mapper(venue), context.venueOf(venue), symbol, paths),
  );
}
