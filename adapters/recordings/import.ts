import type { InstrumentDefinition } from '../../core/market/events.js';
import { MICROS, type Micros } from '../../core/time.js';
import { MessageFault } from '../venues/mapping/fault.js';
import { MarketRows } from '../venues/mapping/market-rows.js';
import type { Venue, VenueMapper } from '../venues/venue.js';
import { VENUES } from '../venues/venues.js';
import { RecordingError } from './errors.js';
import type { ImportContext, RecordingFormat, ToldFile } from './format.js';
import { FORMATS, RECORDING_FORMATS } from './formats.js';
import { ImportRun, type ImportProgress } from './import-run.js';
import { fileHead } from './lines/file-head.js';
import { applyRules, readRules } from './rules-file.js';
import type { SessionMeta } from './session/meta.js';
import { createSession } from './session/writer.js';
import type { ImportSource } from './source.js';

export interface ImportOptions {
  /** The session's folder. */
  readonly out: string;
  readonly engineVersion: string;
  /** One of `RECORDING_FORMATS`; told from the content where absent. */
  readonly format?: string;
  /** Where content cannot tell: `binance-us` speaks as `binance` does. */
  readonly venue?: string;
  /** Time without a line after which a source counts as silent; 5 s where absent. */
  readonly maxSilence?: Micros;
  /** Parsed content of a rules file. */
  readonly rules?: unknown;
  readonly name?: string;
  readonly force?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly session: SessionMeta;
  readonly lines: number;
}

/**
 * Makes a captured session of foreign recordings. Files that belong together are one recording; different ones are merged
 * by receive time. When it fails, nothing is kept.
 *
 * @throws {RecordingError} naming file and line
 */
export async function importRecordings(files: readonly string[], options: ImportOptions): Promise<ImportReport> {
  const { maxSilence = 5 * MICROS.s } = options;
  const format = options.format === 'binance-collector' ? 'collector' : (options.format ?? 'auto'); // its name until 0.2
  if (!RECORDING_FORMATS.includes(format))
    throw new RecordingError('foreign', '--format', `"${format}" is unknown`, `use ${RECORDING_FORMATS.join(', ')}`);
  if (files.length === 0)
    throw new RecordingError('not_found', 'import', 'no file was named', 'name one or more files');
  const rules = readRules(options.rules);
  const rows = new MarketRows();
  const sources = await sourcesOf(files, format, contextOf(rows, rules, options.venue));
  if (sources.length === 0)
    throw new RecordingError(
      'foreign',
      files.join(', '),
      'tell rules of instruments and nothing else',
      'name the recording too',
    );
  const writer = await createSession(options.out, { force: options.force === true });
  try {
    const run = new ImportRun(sources, rows, writer, { ...options, maxSilence });
    await run.pump();
    const definitions = finish(sources, files).map((definition) => applyRules(definition, rules));
    const session = await writer.close({
      engineVersion: options.engineVersion,
      ...(options.name === undefined ? {} : { name: options.name }),
      from: run.from,
      to: run.to,
      ignored: run.ignored,
      sources: sources.flatMap(({ read }) => read),
      definitions,
    });
    return { session, lines: run.lines };
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    await Promise.allSettled(sources.map((source) => source.close()));
  }
}

function contextOf(sink: MarketRows, rules: ReturnType<typeof readRules>, venue: string | undefined): ImportContext {
  const mappers = new Map<string, VenueMapper>();
  const venueOf = (name: string): Venue => {
    const known = VENUES.get(name);
    if (known !== undefined) return known;
    throw new RecordingError(
      'foreign',
      '--venue',
      `"${name}" is unknown`,
      `use one of ${[...VENUES.keys()].join(', ')}`,
    );
  };
  if (venue !== undefined) venueOf(venue);
  return {
    sink,
    venue,
    venueOf,
    define: (definition, at) => sink.defined(applyRules(definition, rules), at),
    mapper: (name) => {
      const mapper = mappers.get(name) ?? venueOf(name).newMapper(sink);
      mappers.set(name, mapper);
      return mapper;
    },
  };
}

/** Each file by its format; files of a format are opened together. */
async function sourcesOf(files: readonly string[], format: string, context: ImportContext): Promise<ImportSource[]> {
  const byFormat = new Map<RecordingFormat, ToldFile[]>();
  for (const path of files) {
    const [known, told] = await recognised(path, format);
    const alike = byFormat.get(known) ?? [];
    alike.push({ ...told, path });
    byFormat.set(known, alike);
  }
  const sources: ImportSource[] = [];
  for (const [known, alike] of byFormat) sources.push(...(await known.open(alike, context)));
  return sources;
}

async function recognised(path: string, format: string): Promise<[RecordingFormat, Omit<ToldFile, 'path'>]> {
  const head = await fileHead(path);
  for (const known of FORMATS) {
    if (format !== 'auto' && format !== known.name) continue;
    const told = await known.recognise(head);
    if (told !== undefined) return [known, told];
  }
  throw new RecordingError(
    'foreign',
    path,
    head.lines.length === 0
      ? 'is empty'
      : `is no recording ${format === 'auto' ? 'that import knows' : `of format ${format}`}`,
    'give a recording in a format that `reprise import --help` names',
  );
}

function finish(sources: readonly ImportSource[], files: readonly string[]): InstrumentDefinition[] {
  try {
    return [...new Set(sources.map(({ reader }) => reader))].flatMap((reader) => reader.finish());
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    throw new RecordingError(error.code, files.join(', '), error.message, error.mend, { cause: error });
  }
}
