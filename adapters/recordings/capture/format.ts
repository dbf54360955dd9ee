import { VENUES, venueAt } from '../../venues/venues.js';
import type { Frame, Source } from '../../venues/venue.js';
import { RecordingError } from '../errors.js';
import type { ImportContext, RecordingFormat, Told, ToldFile } from '../format.js';
import type { ImportSource } from '../source.js';
import { CaptureCursor } from './capture-cursor.js';
import { CaptureSource } from './source.js';

const LINE = /^(?:\d{9,11}(?:\.\d+)?: |[a-z]+:\/\/\S+ (?:->|<-|<->) \d{9,11})/;

/** An HTTP and WebSocket capture: every line that was received or sent, with the address. */
export const CAPTURE: RecordingFormat = {
  name: 'capture',
  title: 'HTTP and WebSocket capture: `<seconds>: <message>`, `<address> -> <seconds>: <reply>`; the halves are merged',
  recognise: ({ lines, path }) =>
    lines.some((line) => LINE.test(line)) && lines.every((line) => line === '' || isOfCapture(line))
      ? told(path)
      : Promise.resolve(undefined),
  open,
};

const isOfCapture = (line: string): boolean => LINE.test(line) || line.startsWith('configuration:');

/** Lines that are looked at before a file counts as foreign. */
const PROBED_LINES = 20_000;

async function told(path: string): Promise<Told> {
  const cursor = new CaptureCursor(path);
  try {
    do
      while (cursor.next()) {
        const venue = cursor.kind === 'other' || cursor.kind === 'message' ? undefined : venueAt(cursor.url);
        if (venue !== undefined) return { venue: venue.name, group: venue.name };
        if (cursor.kind === 'message') {
          const found = byContent(cursor);
          if (found !== undefined) return { venue: found, group: found };
        }
        if (cursor.line >= PROBED_LINES) return { group: 'unknown' };
      }
    while (await cursor.fill());
    return { group: 'unknown' };
  } finally {
    await cursor.close();
  }
}

function byContent(cursor: CaptureCursor): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(cursor.frame().text);
  } catch {
    return undefined; // the reader says what is wrong with the line
  }
  for (const venue of VENUES.values()) if (venue.recognise?.(message) !== undefined) return venue.name;
  return undefined;
}

/** All files of a venue are one source, but for those that tell nothing than rules: these are learnt first. */
async function open(files: readonly ToldFile[], context: ImportContext): Promise<ImportSource[]> {
  const groups = new Map<string, string[]>();
  for (const { path, venue: found } of files) {
    const venue = context.venue ?? found;
    if (venue === undefined)
      throw new RecordingError(
        'foreign',
        path,
        'is a capture of a venue that nothing in it names',
        'name it with --venue',
      );
    if (await learnt(path, venue, context)) continue;
    const group = groups.get(venue) ?? [];
    group.push(path);
    groups.set(venue, group);
  }
  return [...groups].map(([venue, paths]) => new CaptureSource(context.mapper(venue), paths));
}

/** Reads a file that holds nothing but instrument rules. @returns false when there is anything else in it */
async function learnt(path: string, venue: string, context: ImportContext): Promise<boolean> {
  const cursor = new CaptureCursor(path);
  const replies: Frame[] = [];
  try {
    do
      while (cursor.next()) {
        if (cursor.kind === 'other') continue;
        const reply = cursor.reply();
        if (reply === undefined || cursor.line > MOST_RULES) return false;
        replies.push(reply);
      }
    while (await cursor.fill());
  } finally {
    await cursor.close();
  }
  const rules = replies.filter((reply) => context.venueOf(venue).readInstruments?.(reply) !== undefined);
  if (rules.length === 0) return false;
  const mapper = context.mapper(venue);
  for (const reply of rules) await mapper.accept(reply, RULES_ONLY);
  return true;
}

/** Replies that a file of rules may hold. */
const MOST_RULES = 1_000;

const RULES_ONLY: Source = {
  isLive: false,
  findAhead: () => Promise.resolve(undefined),
  wantSnapshot: () => undefined,
};
