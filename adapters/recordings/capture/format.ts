import { VENUES, venuesAt } from '../../venues/venues.js';
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

/** The venue of the first address or message that only one venue has, else those that share the first. */
async function told(path: string): Promise<Told> {
  const cursor = new CaptureCursor(path);
  let shared: readonly string[] = [];
  try {
    do
      while (cursor.next()) {
        const venues = cursor.kind === 'message' ? byContent(cursor) : cursor.kind === 'other' ? [] : byAddress(cursor);
        if (venues.length === 1 || (cursor.kind === 'message' && venues.length > 0)) return toldOf(venues);
        if (shared.length === 0) shared = venues;
        if (cursor.line >= PROBED_LINES) return toldOf(shared);
      }
    while (await cursor.fill());
    return toldOf(shared);
  } finally {
    await cursor.close();
  }
}

function toldOf(venues: readonly string[]): Told {
  const [venue] = venues;
  return venue === undefined ? { group: 'unknown' } : { venue, alike: venues, group: venue };
}

const byAddress = ({ url }: CaptureCursor): string[] => venuesAt(url).map(({ name }) => name);

function byContent(cursor: CaptureCursor): string[] {
  let message: unknown;
  try {
    message = JSON.parse(cursor.frame().text);
  } catch {
    return []; // the reader says what is wrong with the line
  }
  return [...VENUES.values()].filter((venue) => venue.recognise?.(message) !== undefined).map(({ name }) => name);
}

/** All files of a venue are one source, but for those that tell nothing than rules: these are learnt first. */
async function open(files: readonly ToldFile[], context: ImportContext): Promise<ImportSource[]> {
  const groups = new Map<string, string[]>();
  for (const { path, venue: found, alike = [] } of files) {
    const venue = context.venue ?? found;
    if (venue === undefined)
      throw new RecordingError(
        'foreign',
        path,
        'is a capture of a venue that nothing in it names',
        'name it with --venue',
      );
    if (await learnt(path, context.venue === undefined ? alike : [venue], context)) continue;
    const group = groups.get(venue) ?? [];
    group.push(path);
    groups.set(venue, group);
  }
  return [...groups].map(([venue, paths]) => new CaptureSource(context.mapper(venue), paths));
}

/** Reads a file that holds nothing but instrument rules. @returns false when there is anything else in it */
async function learnt(path: string, venues: readonly string[], context: ImportContext): Promise<boolean> {
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
  let isLearnt = false;
  for (const name of venues)
    for (const reply of replies) {
      if (context.venueOf(name).readInstruments?.(reply) === undefined) continue;
      await context.mapper(name).accept(reply, RULES_ONLY);
      isLearnt = true;
    }
  return isLearnt;
}

/** Replies that a file of rules may hold. */
const MOST_RULES = 1_000;

const RULES_ONLY: Source = {
  isLive: false,
  findAhead: () => Promise.resolve(undefined),
  wantSnapshot: () => undefined,
};
