import { crc32 } from 'node:zlib';
import type { LogEvent } from '../../../core/ports.js';
import { SEPARATOR, type EventMark } from './event-text.js';

/*
 * A chunk holds consecutive events of one stream, as one value of the store. Little-endian:
 *
 *     0  u32  CRC-32 of everything behind it
 *     4  u32  CRC-32 of head, name and marks, so that they can be trusted when a text is damaged
 *     8  u32  number of events        12  u16  bytes of the stream's name    14  u16  shape of the chunk
 *    16  f64  number of the chunk     24  f64  id of the stream              32  f64  revision of the first event
 *    40  f64  seq of the first event
 *    48  the stream's name, then for each event a mark: u32 length, u32 CRC-32, u32 seq behind the first one's
 *     …  `[`, the events as JSON joined by `,\n`, `]`
 */
const HEAD = 48;
const MARK = 12;
const SHAPE = 1;
const NO_SEQ = 0xffff_ffff;

/** What a chunk says of itself before its events are read. */
export interface ChunkHead {
  readonly chunk: number;
  readonly streamId: number;
  readonly stream: string;
  readonly firstRevision: number;
  readonly count: number;
  readonly firstSeq: number;
}

/** Bytes do not say what was written. As much of the place is told as can still be trusted. */
export class ChunkDamage extends Error {
  override readonly name = 'ChunkDamage';
  constructor(
    readonly what: string,
    readonly head: ChunkHead | undefined,
    /** Index of the first damaged event, and its seq (-1 where unknown). */
    readonly index: number,
    readonly seq: number,
    /** The events before it, which are sound. */
    readonly sound: readonly LogEvent[],
  ) {
    super(what);
  }
}

/** A stretch of texts that goes into one chunk: the separators between them included, none at the ends. */
export interface Piece {
  readonly bytes: Buffer;
  readonly marks: readonly EventMark[];
}

export function encodeChunk(
  head: Omit<ChunkHead, 'count' | 'firstSeq'>,
  pieces: readonly Piece[],
): { value: Buffer; count: number; firstSeq: number; textBytes: number } {
  const marks = pieces.length === 1 ? pieces[0]!.marks : pieces.flatMap((piece) => piece.marks);
  const name = Buffer.from(head.stream);
  const body = HEAD + name.length + marks.length * MARK;
  const joins = (pieces.length - 1) * SEPARATOR.length;
  const value = Buffer.allocUnsafe(body + 2 + joins + pieces.reduce((bytes, piece) => bytes + piece.bytes.length, 0));
  const firstSeq = marks[0]!.seq;
  value.writeUInt32LE(marks.length, 8);
  value.writeUInt16LE(name.length, 12);
  value.writeUInt16LE(SHAPE, 14);
  value.writeDoubleLE(head.chunk, 16);
  value.writeDoubleLE(head.streamId, 24);
  value.writeDoubleLE(head.firstRevision, 32);
  value.writeDoubleLE(firstSeq, 40);
  let at = HEAD + name.copy(value, HEAD);
  let textBytes = 0;
  for (const mark of marks) {
    const behind = mark.seq - firstSeq;
    value.writeUInt32LE(mark.length, at);
    value.writeUInt32LE(mark.crc, at + 4);
    value.writeUInt32LE(firstSeq < 0 || behind < 0 || behind >= NO_SEQ ? NO_SEQ : behind, at + 8);
    at += MARK;
    textBytes += mark.length;
  }
  at += value.write('[', at);
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) at += value.write(SEPARATOR, at);
    at += piece.bytes.copy(value, at);
  }
  value.write(']', at);
  value.writeUInt32LE(crc32(value.subarray(8, body)), 4);
  value.writeUInt32LE(crc32(value.subarray(4)), 0);
  return { value, count: marks.length, firstSeq, textBytes };
}

/**
 * What the chunk under this number says of itself, checked.
 *
 * @throws {ChunkDamage} when head, name or marks are not what was written
 */
export function readHead(value: Buffer, chunk: number): ChunkHead {
  const unreadable = (what: string): ChunkDamage => new ChunkDamage(what, undefined, 0, -1, []);
  if (value.length < HEAD + 2) throw unreadable('it is cut short');
  const count = value.readUInt32LE(8);
  const nameLength = value.readUInt16LE(12);
  const body = HEAD + nameLength + count * MARK;
  if (body + 2 > value.length || crc32(value.subarray(8, body)) !== value.readUInt32LE(4))
    throw unreadable('its head is not what was written');
  if (value.readUInt16LE(14) !== SHAPE) throw unreadable('it was written by a newer version');
  const head = {
    chunk,
    streamId: value.readDoubleLE(24),
    stream: value.toString('utf8', HEAD, HEAD + nameLength),
    firstRevision: value.readDoubleLE(32),
    count,
    firstSeq: value.readDoubleLE(40),
  };
  if (value.readDoubleLE(16) !== chunk)
    throw new ChunkDamage('it stands where another one was written', head, 0, head.firstSeq, []);
  return head;
}

/** @throws {ChunkDamage} when a byte of the chunk is not what was written; it names the first damaged event */
export function readEvents(value: Buffer, head: ChunkHead): readonly LogEvent[] {
  checkEvents(value, head);
  return JSON.parse(value.toString('utf8', bodyStart(head))) as LogEvent[];
}

/** As `readEvents`, for those who do not need the events. */
export function checkEvents(value: Buffer, head: ChunkHead): void {
  if (crc32(value.subarray(4)) !== value.readUInt32LE(0)) throw findDamage(value, head);
}

const bodyStart = (head: ChunkHead): number => HEAD + Buffer.byteLength(head.stream) + head.count * MARK;

/** Event by event, to name the one that is damaged. The marks were checked with the head. */
function findDamage(value: Buffer, head: ChunkHead): ChunkDamage {
  const sound: LogEvent[] = [];
  let at = bodyStart(head) + 1;
  for (let i = 0; i < head.count; i++) {
    const mark = HEAD + Buffer.byteLength(head.stream) + i * MARK;
    const end = at + value.readUInt32LE(mark);
    const text = value.subarray(at, end);
    const behind = value.readUInt32LE(mark + 8);
    const seq = behind === NO_SEQ ? -1 : head.firstSeq + behind;
    if (crc32(text) !== value.readUInt32LE(mark + 4))
      return new ChunkDamage('its text is not what was written', head, i, seq, sound);
    sound.push(JSON.parse(text.toString()) as LogEvent);
    at = end + SEPARATOR.length;
  }
  // every event is sound: the flipped byte is in a checksum, a bracket or a separator
  return new ChunkDamage('its checksum is not what was written', head, 0, head.firstSeq, []);
}
