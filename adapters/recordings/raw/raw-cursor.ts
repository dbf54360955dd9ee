import type { EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { LineCursor } from '../lines/line-cursor.js';
import type { RawWord } from './line.js';

const SPACE = 32;
const STAR = 42;
const ZERO = 48;
const STAMP = 19;

/** Walks over the lines of a raw file. */
export class RawCursor extends LineCursor {
  /** Receive time of the present line; nanoseconds are cut. */
  at: EpochMicros = 0;
  connection = 0;
  word: RawWord | (string & {}) = '';
  /** Of a reply: the address that it came from. */
  url = '';
  #isQuoted = false;

  /** What the line says: the message as it came, the answer, JSON. @throws {RecordingError} */
  content(): string {
    const text = this.text();
    if (!this.#isQuoted) return text;
    try {
      const quoted: unknown = JSON.parse(text);
      if (typeof quoted === 'string') return quoted;
    } catch {
      // it is said below
    }
    throw this.bad('has a star behind its word, and what follows is no JSON text');
  }

  /** The content of a line that is JSON. @throws {RecordingError} */
  json(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(this.content());
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch (error) {
      if (error instanceof RecordingError) throw error;
    }
    throw this.bad(`says "${this.word}", and what follows is no JSON object`);
  }

  bad(what: string): RecordingError {
    return new RecordingError(
      'bad_line',
      this.where,
      what,
      'take the recording from its origin again, or cut this line out',
    );
  }

  protected override readHead(): void {
    const { chunk, lineStart, lineEnd } = this;
    let at = 0;
    for (let digit = 0; digit < STAMP; digit++) {
      const value = chunk[lineStart + digit]! - ZERO;
      if (!(value >= 0 && value <= 9)) throw this.bad('does not begin with a time of 19 digits');
      if (digit < STAMP - 3) at = at * 10 + value;
    }
    let place = lineStart + STAMP;
    if (chunk[place] !== SPACE || place >= lineEnd)
      throw this.bad('does not begin with a time of 19 digits and a space');
    const numberEnd = chunk.indexOf(SPACE, ++place);
    const connection = chunk.toString('latin1', place, numberEnd);
    if (numberEnd < 0 || numberEnd >= lineEnd || !/^\d{1,9}$/.test(connection)) throw this.bad('names no connection');
    place = numberEnd + 1;
    let wordEnd = chunk.indexOf(SPACE, place);
    if (wordEnd < 0 || wordEnd > lineEnd) wordEnd = lineEnd;
    this.#isQuoted = chunk[wordEnd - 1] === STAR;
    this.at = at;
    this.connection = Number(connection);
    this.word = chunk.toString('latin1', place, this.#isQuoted ? wordEnd - 1 : wordEnd);
    this.textStart = Math.min(wordEnd + 1, lineEnd);
    if (this.word !== 'reply') return;
    const urlEnd = chunk.indexOf(SPACE, this.textStart);
    if (urlEnd < 0 || urlEnd >= lineEnd) throw this.bad('is a reply without an address');
    this.url = chunk.toString('utf8', this.textStart, urlEnd);
    this.textStart = urlEnd + 1;
  }
}
