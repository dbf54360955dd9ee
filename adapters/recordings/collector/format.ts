import { VENUES } from '../../venues/venues.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { parsed } from '../../venues/mapping/fields.js';
import { RecordingError } from '../errors.js';
import { meantVenue } from '../meant-venue.js';
import type { ImportContext, RecordingFormat, Told, ToldFile } from '../format.js';
import type { FileHead } from '../lines/file-head.js';
import type { ImportSource } from '../source.js';
import { CollectorSource } from './source.js';
import { StampedCursor } from './stamped-cursor.js';

/** Lines that are looked at before a file counts as foreign. */
const PROBED_LINES = 20_000;
const STAMPED = /^(?:\d{16}|\d{19}) \S/;

/** Receive time, space, the message as the venue sent it. */
export const COLLECTOR: RecordingFormat = {
  name: 'collector',
  title: 'one message a line: receive time in microseconds or nanoseconds, a space, the message',
  recognise: (head) => (STAMPED.test(head.lines[0] ?? '') ? told(head) : Promise.resolve(undefined)),
  open: (files, context) => Promise.resolve(open(files, context)),
};

/** The venue and the instrument that the first messages name. @throws {RecordingError} */
async function told({ path }: FileHead): Promise<Told> {
  const cursor = new StampedCursor(path);
  try {
    let alike: readonly string[] | undefined;
    let symbol: string | undefined;
    while (await cursor.fill())
      while (cursor.next()) {
        const found = recognise(cursor);
        symbol ??= found?.symbol;
        alike ??= found?.venues;
        const venue = alike?.[0];
        if (venue !== undefined && symbol !== undefined)
          return { venue, alike: alike!, symbol, group: `${symbol}@${venue}` };
        if (cursor.line >= PROBED_LINES) throw unknown(path, `none of its first ${PROBED_LINES} lines is`);
      }
    throw unknown(path, 'none of its lines is');
  } finally {
    await cursor.close();
  }
}

/** The venues that could have sent a message, and the instrument that it names. */
function recognise(
  cursor: StampedCursor,
): { readonly venues: readonly string[]; readonly symbol: string | undefined } | undefined {
  let message: unknown;
  try {
    message = parsed(cursor.text());
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    throw new RecordingError(error.code, cursor.where, error.message, error.mend, { cause: error });
  }
  const venues: string[] = [];
  let symbol: string | undefined;
  for (const venue of VENUES.values()) {
    const found = venue.recognise?.(message);
    if (found === undefined) continue;
    venues.push(venue.name);
    symbol ??= found.symbol;
  }
  return venues.length === 0 ? undefined : { venues, symbol };
}

/** Files that go on from each other become one source. */
function open(files: readonly ToldFile[], context: ImportContext): ImportSource[] {
  const chains = new Map<string, { venue: string; symbol: string; paths: string[] }>();
  for (const file of files) {
    const chain = chains.get(file.group) ?? { venue: meantVenue(file, context), symbol: file.symbol!, paths: [] };
    chain.paths.push(file.path);
    chains.set(file.group, chain);
  }
  return [...chains.values()].map(
    ({ venue, symbol, paths }) => new CollectorSource(context.mapper(venue), symbol, paths),
  );
}

function unknown(path: string, finding: string): RecordingError {
  return new RecordingError(
    'foreign',
    path,
    `is no recording that import knows: ${finding} a message of a venue's stream`,
    'give lines as the venue sent them, each behind its receive time',
  );
}
