import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { EpochMicros } from '../../../core/time.js';
import type { Frame } from '../../venues/venue.js';
import { RecordingError } from '../errors.js';
import { LineCursor } from '../lines/line-cursor.js';
import type { ReplyCursor } from '../lines/reply-scout.js';

export type CaptureLine = 'message' | 'reply' | 'sent' | 'opened' | 'other';

const RECEIVED = /^(\d{9,11})(?:\.(\d{1,9}))?: /;
const ADDRESSED = /^([a-z]+:\/\/\S+) (->|<-|<->) (\d{9,11})(?:\.(\d{1,9}))?(?::[ ]?|$)/;
/** Lines are told apart by their beginning; addresses with hundreds of streams are long. */
const HEAD = 16_384;

/**
 * Lines of an HTTP and WebSocket capture: `<seconds>: <message>`, `<address> -> <seconds>: <reply>`, `<address> <-> <seconds>`
 * (connected), `<address> <- <seconds>: <sent>`. Binary messages are Python bytes literals.
 */
export class CaptureCursor extends LineCursor implements ReplyCursor {
  /** Receive time of the present line; what is finer than a microsecond is cut. 0 where it has none. */
  at: EpochMicros = 0;
  kind: CaptureLine = 'other';
  /** The address on the present line. */
  url = '';
  /** Connections opened so far. */
  connections = 0;
  #connection = '';

  /** The address of the connection that messages come over. */
  get connection(): string {
    return this.#connection;
  }

  reply(): Frame | undefined {
    return this.kind === 'reply' ? this.frame() : undefined;
  }

  /** The message or reply of the present line. @throws {RecordingError} */
  frame(): Frame {
    const text = this.text();
    const { at, kind } = this;
    if (kind === 'reply') return { at, kind, url: this.url, text };
    const decoded = text.startsWith("b'") || text.startsWith('b"') ? this.#unpacked(text) : text;
    return { at, kind: 'message', url: this.#connection, text: decoded };
  }

  protected override readHead(): void {
    const head = this.chunk.toString('latin1', this.lineStart, Math.min(this.lineEnd, this.lineStart + HEAD));
    const received = RECEIVED.exec(head);
    if (received !== null) {
      this.#begin('message', received[1]!, received[2], received[0].length);
      return;
    }
    const addressed = ADDRESSED.exec(head);
    if (addressed === null) {
      this.kind = 'other';
      this.at = 0;
      return;
    }
    const [all, url, arrow, seconds, fraction] = addressed;
    this.url = url!;
    this.#begin(arrow === '->' ? 'reply' : arrow === '<-' ? 'sent' : 'opened', seconds!, fraction, all.length);
    if (this.kind === 'opened') {
      this.#connection = url!;
      this.connections++;
    }
  }

  #begin(kind: CaptureLine, seconds: string, fraction = '', length: number): void {
    this.kind = kind;
    this.at = Number(seconds) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
    this.textStart = this.lineStart + length;
  }

  /** What a Python bytes literal holds: text, packed with gzip (HTX) or raw deflate (old OKEx). */
  #unpacked(literal: string): string {
    const bytes = bytesOf(literal);
    try {
      if (bytes[0] === 0x1f && bytes[1] === 0x8b)
        return gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8');
      const text = bytes.toString('utf8');
      return /^\s*[[{"]/.test(text) ? text : inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8');
    } catch (cause) {
      throw new RecordingError(
        'bad_line',
        this.where,
        'holds a binary message that is neither gzip nor deflate nor text',
        'take the recording from its origin again, or cut this line out',
        { cause },
      );
    }
  }
}

const MOST_BYTES = 33_554_432;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, "'": 39, '"': 34 };

/** The bytes of `b'…'`. */
function bytesOf(literal: string): Buffer {
  const bytes: number[] = [];
  const end = literal.trimEnd().length - 1;
  for (let index = 2; index < end; index++) {
    const code = literal.charCodeAt(index);
    if (code !== 92) {
      bytes.push(code & 0xff);
      continue;
    }
    const next = literal[++index] ?? '';
    if (next === 'x') {
      bytes.push(Number.parseInt(literal.slice(index + 1, index + 3), 16) & 0xff);
      index += 2;
    } else bytes.push(ESCAPES[next] ?? next.charCodeAt(0));
  }
  return Buffer.from(bytes);
}
