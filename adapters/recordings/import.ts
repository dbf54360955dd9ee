import type { InstrumentDefinition } from '../../core/market/events.js';
import { MICROS, type Micros } from '../../core/time.js';
import { BinanceMapper } from '../venues/binance/mapper.js';
import { BINANCE_VENUES, type BinanceVenue, isBinanceVenue, looksAlike } from '../venues/binance/venue.js';
import { probe } from './collector/probe.js';
import { CollectorSource } from './collector/source.js';
import { MessageFault, RecordingError } from './errors.js';
import { ImportRun, type ImportProgress } from './import-run.js';
import { MarketRows } from './market-rows.js';
import { applyRules, readRules } from './rules-file.js';
import type { SessionMeta } from './session/meta.js';
import { createSession } from './session/writer.js';

export const RECORDING_FORMATS = ['auto', 'binance-collector'] as const;

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
 * Makes a captured session of foreign recordings. Files of one instrument are one recording, in the order given; different
 * ones are merged by receive time. When it fails, nothing is kept.
 *
 * @throws {RecordingError} naming file and line
 */
export async function importRecordings(files: readonly string[], options: ImportOptions): Promise<ImportReport> {
  const { format = 'auto', maxSilence = 5 * MICROS.s } = options;
  if (!(RECORDING_FORMATS as readonly string[]).includes(format))
    throw new RecordingError('foreign', '--format', `"${format}" is unknown`, `use ${RECORDING_FORMATS.join(' or ')}`);
  const rules = readRules(options.rules);
  const rows = new MarketRows();
  const sources = await sourcesOf(files, options.venue, rows);
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

/** Files that go on from each other become one source. */
async function sourcesOf(
  files: readonly string[],
  venue: string | undefined,
  rows: MarketRows,
): Promise<CollectorSource[]> {
  if (files.length === 0)
    throw new RecordingError('not_found', 'import', 'no file was named', 'name one or more files');
  const chains = new Map<string, { venue: BinanceVenue; symbol: string; paths: string[] }>();
  for (const path of files) {
    const told = await probe(path);
    const meant = meantVenue(path, told.venue, venue);
    const name = `${told.symbol}@${meant}`;
    const chain = chains.get(name) ?? { venue: meant, symbol: told.symbol, paths: [] };
    chain.paths.push(path);
    chains.set(name, chain);
  }
  const mappers = new Map<BinanceVenue, BinanceMapper>();
  return [...chains.values()].map((chain) => {
    const mapper = mappers.get(chain.venue) ?? new BinanceMapper(chain.venue, rows);
    mappers.set(chain.venue, mapper);
    return new CollectorSource(mapper, chain.symbol, chain.paths);
  });
}

function meantVenue(path: string, told: BinanceVenue, venue: string | undefined): BinanceVenue {
  if (venue === undefined) return told;
  if (!isBinanceVenue(venue))
    throw new RecordingError('foreign', '--venue', `"${venue}" is unknown`, `use one of ${BINANCE_VENUES.join(', ')}`);
  if (looksAlike(told, venue)) return venue;
  throw new RecordingError('foreign', path, `is a recording of ${told}, not of ${venue}`, 'leave --venue out');
}

function finish(sources: readonly CollectorSource[], files: readonly string[]): InstrumentDefinition[] {
  try {
    return [...new Set(sources.map(({ mapper }) => mapper))].flatMap((mapper) => mapper.finish());
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    throw new RecordingError(error.code, files.join(', '), error.message, error.mend, { cause: error });
  }
}
