import type { InstrumentDefinition } from '../../core/market/events.js';
import type { EpochMicros } from '../../core/time.js';
import type { MarketSink } from '../venues/mapping/sink.js';
import type { Venue, VenueMapper } from '../venues/venue.js';
import type { FileHead } from './lines/file-head.js';
import type { ImportSource } from './source.js';

/** What a file is a recording of. */
export interface Told {
  /** Files of the same group are one recording. */
  readonly group: string;
  /** The venue's name, where the content tells it. */
  readonly venue?: string;
  /** All venues that it could be of, where the content leaves several; the first of them is `venue`. */
  readonly alike?: readonly string[];
  /** The instrument, where the file is of one only. */
  readonly symbol?: string;
}

export interface ToldFile extends Told {
  readonly path: string;
}

/** What a format needs to open its files. */
export interface ImportContext {
  readonly sink: MarketSink;
  /** `--venue`, where it was given. */
  readonly venue: string | undefined;
  /** The mapper of a venue, one for all its files. @throws {RecordingError} for a venue that nobody knows */
  mapper(venue: string): VenueMapper;
  venueOf(name: string): Venue;
  /** Writes what an instrument is, here and now, for a recording that says it itself. @returns its code in `sink` */
  define(definition: InstrumentDefinition, at: EpochMicros): number;
}

/** A way in which recordings are written. */
export interface RecordingFormat {
  /** As `--format` names it. */
  readonly name: string;
  /** One line for `--help`. */
  readonly title: string;
  /** What the file is when it is of this format, told from its first lines, or from further in where those do not say. @throws {RecordingError} */
  recognise(head: FileHead): Promise<Told | undefined>;
  /** Opens files that this format has recognised, in the order given. */
  open(files: readonly ToldFile[], context: ImportContext): Promise<ImportSource[]>;
}
