import { VENUES } from '../../venues/venues.js';
import { RecordingError } from '../errors.js';
import type { ImportContext, RecordingFormat, Told, ToldFile } from '../format.js';
import { fileHead, type FileHead } from '../lines/file-head.js';
import { groupsOf } from '../rows/groups.js';
import { RowCursor } from '../rows/row-cursor.js';
import { RowFile, type RowReader } from '../rows/row-file.js';
import { RowsSource } from '../rows/rows-source.js';
import { VenueRows } from '../rows/venue-rows.js';
import type { ImportSource } from '../source.js';
import { BookRows } from './book-rows.js';
import { ChangeRows, IS_SNAPSHOT } from './change-rows.js';
import { venueOf } from './exchanges.js';
import { IgnoredRows } from './ignored-rows.js';
import { TradeRows } from './trade-rows.js';
import { type FileType, isOfTardis, typeOf } from './types.js';

/** CSV files of tardis.dev, one type, exchange and day each. */
export const TARDIS: RecordingFormat = {
  name: 'tardis',
  title: 'tardis.dev CSV: incremental_book_L2, book_snapshot_5, book_snapshot_25 and trades; other types are ignored',
  recognise: (head) => Promise.resolve(told(head)),
  open,
};

/** A file of tardis.dev with what its first lines say. */
interface TardisFile extends ToldFile {
  readonly type: FileType;
  readonly columns: number;
  readonly exchange: string;
}

const headerOf = ({ lines }: FileHead): string => (lines[0] ?? '').trim();

/** Files with several instruments (all options of a day) belong to the exchange. @throws {RecordingError} */
function told(head: FileHead): Told | undefined {
  if (!isOfTardis(headerOf(head))) return undefined;
  const { path } = head;
  if (typeOf(headerOf(head), path) === undefined)
    throw new RecordingError(
      'foreign',
      path,
      'has columns of none of the types that import reads',
      'give incremental_book_L2, book_snapshot_5, book_snapshot_25 or trades',
    );
  const [exchange = '', symbol = ''] = (head.lines[1] ?? '').split(',');
  if (symbol === '') throw new RecordingError('foreign', path, 'has a header and no rows', 'leave it out');
  const venue = venueOf(exchange, symbol);
  if (venue === undefined)
    throw new RecordingError('foreign', `${path}:2`, `names no exchange: "${exchange}"`, 'fetch the file again');
  const isOfOne = head.lines.slice(1).every((line) => line.split(',')[1] === symbol);
  return isOfOne ? { venue, symbol, group: `${symbol}@${exchange}` } : { venue, group: exchange };
}

async function open(files: readonly ToldFile[], context: ImportContext): Promise<ImportSource[]> {
  const byVenue = new Map<string, VenueRows>();
  const sources: ImportSource[] = [];
  for (const alike of groupsOf(await Promise.all(files.map(described))).values()) {
    const venue = meant(alike[0]!, context.venue);
    const rows = byVenue.get(venue) ?? new VenueRows(venue, context.sink);
    byVenue.set(venue, rows);
    const opened: RowFile[] = [];
    for (const file of alike) opened.push(new RowFile(file.path, await readerOf(file, alike, rows)));
    sources.push(new RowsSource(rows, opened));
  }
  return sources;
}

async function described(file: ToldFile): Promise<TardisFile> {
  const head = await fileHead(file.path);
  const header = headerOf(head);
  const exchange = head.lines[1]!.split(',')[0]!;
  return { ...file, exchange, type: typeOf(header, file.path)!, columns: header.split(',').length };
}

function meant({ path, venue: found }: TardisFile, given: string | undefined): string {
  if (given === undefined || given === found || !VENUES.has(found!)) return given ?? found!;
  throw new RecordingError('foreign', path, `is a recording of ${found!}, not of ${given}`, 'leave --venue out');
}

/** A book is told once: by its changes where they are there, else by the deepest of its snapshots. */
async function readerOf(file: TardisFile, alike: readonly TardisFile[], rows: VenueRows): Promise<RowReader> {
  const { type, exchange, columns, path } = file;
  switch (type.kind) {
    case 'changes':
      return new ChangeRows(exchange, rows, await hasSnapshot(path, columns));
    case 'trades':
      return new TradeRows(exchange, rows);
    case 'books':
      return type.depth === deepest(alike) ? new BookRows(exchange, rows, type.depth) : new IgnoredRows(columns);
    case 'ignored':
      return new IgnoredRows(columns);
  }
}

function deepest(files: readonly TardisFile[]): number {
  if (files.some(({ type }) => type.kind === 'changes')) return Infinity;
  return Math.max(...files.map(({ type }) => (type.kind === 'books' ? type.depth : 0)));
}

/** A file begins with a snapshot, but for what the service received before it; a piece of one may have none. */
const PROBED_ROWS = 50_000;

async function hasSnapshot(path: string, columns: number): Promise<boolean> {
  const cursor = new RowCursor(path);
  try {
    while (cursor.line < PROBED_ROWS && (await cursor.fill()))
      while (cursor.line < PROBED_ROWS && cursor.next())
        if (cursor.columns === columns && cursor.is(IS_SNAPSHOT, 'true')) return true;
    return false;
  } finally {
    await cursor.close();
  }
}
