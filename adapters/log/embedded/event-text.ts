import { crc32 } from 'node:zlib';
import type { LogEvent } from '../../../core/ports.js';

/** Events as they will stand in a chunk: their JSON texts joined by `,\n`, with what is told of each. */
export interface EventTexts {
  readonly bytes: Buffer;
  readonly marks: readonly EventMark[];
}

export interface EventMark {
  /** Bytes of its text, the separator not counted. */
  readonly length: number;
  /** CRC-32 of its text. */
  readonly crc: number;
  /** The seq of an input, the cause of an outcome, -1 where there is neither: what damage is reported with. */
  readonly seq: number;
}

export const SEPARATOR = ',\n';

/** Writes events as text, once, when they are handed over: what becomes of the writer's objects later does not matter. */
export function textsOf(events: readonly LogEvent[]): EventTexts {
  const texts = events.map((event) => JSON.stringify(event));
  const joined = texts.join(SEPARATOR);
  const bytes = Buffer.from(joined);
  const isAscii = bytes.length === joined.length;
  const marks = texts.map((text, i) => ({
    length: isAscii ? text.length : Buffer.byteLength(text),
    crc: crc32(text),
    seq: events[i]!.seq ?? events[i]!.cause ?? -1,
  }));
  return { bytes, marks };
}
