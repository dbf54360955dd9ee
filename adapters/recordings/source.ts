import type { InstrumentDefinition } from '../../core/market/events.js';
import type { EpochMicros } from '../../core/time.js';
import type { SessionSource } from './session/meta.js';

/** What reads the messages of a source into rows; several sources may share one. */
export interface Reader {
  /** Ends the recording. @returns the instruments in the order in which they appeared; @throws {MessageFault} */
  finish(): InstrumentDefinition[];
  /** What was done to what stood in a file, once it is read to its end. */
  notes?(): readonly string[];
}

/** One recording that is read line by line: the files that belong together as one line to a venue. */
export interface ImportSource {
  readonly reader: Reader;
  /** File and line of the present line, as errors name them. */
  readonly where: string;
  /** Receive time of the present line. */
  readonly at: EpochMicros;
  /** Bytes read so far of all its files, compressed as they are. */
  readonly bytesRead: number;
  /** Files that were read to their end. */
  readonly read: readonly SessionSource[];
  /** The recording itself says when its feed was silent or broke: nobody has to watch its clock. */
  readonly knowsItsBreaks?: true;
  /** When the recording began and ended so far, where it says so itself; its lines' times count otherwise. */
  readonly span?: { readonly from: EpochMicros; readonly to: EpochMicros };
  /** Steps to the next line in memory; false where there is none. @throws {RecordingError} */
  next(): boolean;
  /** Reads on until there is a line to step to, and steps to it. @returns false at the end; @throws {RecordingError} */
  fill(): Promise<boolean>;
  /**
   * Hands the present line to the reader.
   *
   * @returns whether it became an input; undefined for a line that no venue sent; @throws {MessageFault}
   */
  take(): boolean | undefined | Promise<boolean>;
  /** Says that no line came for too long. */
  silence(at: EpochMicros, detail: string): void;
  close(): Promise<void>;
}
