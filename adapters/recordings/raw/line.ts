import type { EpochMicros } from '../../../core/time.js';

/**
 * A line of a raw file (docs/recordings.md): `<nanoseconds> <connection> <word> <content>`. A reader passes over words that it
 * does not know.
 */
export type RawWord =
  /** First line: what the file is, as JSON. */
  | 'begin'
  /** What an instrument is, as JSON: told by the recorder, once before the first frame. */
  | 'defined'
  /** A connection was opened; its address. */
  | 'opened'
  /** The address that the messages of a connection come over, where `opened` did not say it. */
  | 'address'
  /** A message, as it came. */
  | 'message'
  /** An address, a space, and the answer that a request to it was given. */
  | 'reply'
  /** The books of a connection lost their trust for a reason that no frame shows: `{"reason","detail","symbols"}`. */
  | 'interrupted'
  /** Frames are missing here, because the disk was slower than they came: `{"frames": n}`. */
  | 'leftout'
  /** Last line of a file that was closed in order: `{}`. */
  | 'end';

export const RAW_FORMAT = 'reprise-raw';
export const RAW_FORMAT_VERSION = 1;

/** What `begin` says. */
export interface RawBegin {
  readonly format: typeof RAW_FORMAT;
  readonly formatVersion: typeof RAW_FORMAT_VERSION;
  readonly venue: string;
  /** Which of the venue's feeds it is, from 1, where it has several. */
  readonly feed: number;
  readonly engineVersion: string;
}

/** An instant in nanoseconds: microseconds since 1970, and 0 to 999 beyond them. */
export interface Nanoseconds {
  readonly at: EpochMicros;
  readonly nanos?: number;
}

/** A text that cannot stand on a line as it is is written as a JSON text, and its word has a star. */
const AWKWARD = /[\n\r\ud800-\udfff]/u;

/** Writes a line, without its line feed. `url` is of a reply only. */
export function rawLine(
  { at, nanos = 0 }: Nanoseconds,
  connection: number,
  word: RawWord,
  text: string,
  url = '',
): string {
  const isPlain = !AWKWARD.test(text);
  const address = url === '' ? '' : `${url} `;
  return `${at}${String(nanos).padStart(3, '0')} ${connection} ${word}${isPlain ? '' : '*'} ${address}${isPlain ? text : JSON.stringify(text)}`;
}
