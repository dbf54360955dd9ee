import { capture, checkpointText, restore, unitsLine, type Capture } from '../core/engine/checkpoint.js';
import { isKnownShape } from '../core/engine/checkpoint-upcast.js';
import type { Engine } from '../core/engine/engine.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { LogFailure, type EventLog, type LogEvent, type Position, type StreamInfo } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import { ENGINE_VERSION } from '../core/version.js';
import { sha256 } from './digest.js';
import { isBeyond, type Moment } from './moment.js';

/** Largest piece of a checkpoint in one event, in characters (its text is ASCII but for names). */
const PART = 512 * 1024 - 4096;
/** How the names of their streams begin. */
export const CHECKPOINTS = 'checkpoints-';

/** `CheckpointTaken`: what the parts before it add up to. */
export interface CheckpointData {
  readonly seq: number;
  readonly n: number;
  readonly parts: number;
  readonly stateHash: string;
  /** Chained digest of all inputs so far. */
  readonly inputsDigest: string;
  /** A reading cursor of the store that it was written to: a hint, and no part of what it says. */
  readonly after: Position;
}

export { capture };

/** Encodes a capture into the events that store it, giving the loop a turn after every piece. */
export async function checkpointEvents(
  from: Capture,
  at: EpochMicros,
  more: { readonly inputsDigest: string; readonly after: Position },
): Promise<LogEvent[]> {
  const digest = sha256();
  const events: LogEvent[] = [];
  let text = unitsLine(from);
  const flush = (): void => {
    events.push({ type: 'CheckpointPart', version: 1, at, data: { checkpoint: from.seq, part: events.length, text } });
    text = '';
  };
  for (const line of checkpointText(from)) {
    digest.update(line);
    for (let i = 0; i < line.length; i += PART) {
      const piece = line.slice(i, i + PART);
      if (text.length + piece.length > PART) flush();
      text += piece;
    }
    await turn();
  }
  flush();
  const data: CheckpointData = { seq: from.seq, n: from.n, parts: events.length, stateHash: digest.hex(), ...more };
  events.push({ type: 'CheckpointTaken', version: 1, at, data: { ...data } });
  return events;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface FoundCheckpoint extends CheckpointData {
  readonly lines: readonly string[];
  readonly stream: string;
}

/** The checkpoints of a log, the newest first (or the oldest first); only whole ones. */
export async function* checkpoints(
  log: EventLog,
  name: string,
  order: 'newest' | 'oldest' = 'newest',
): AsyncGenerator<FoundCheckpoint> {
  const streams: string[] = [];
  for await (const { stream } of log.rolls(name + CHECKPOINTS)) streams.push(stream);
  streams.sort();
  if (order === 'newest') streams.reverse();
  for (const stream of streams) {
    const all: FoundCheckpoint[] = [];
    let parts: string[] = [];
    for await (const page of log.readStream(stream))
      for (const { event } of page) {
        if (event.type === 'CheckpointPart') {
          const { part, text } = event.data as unknown as { part: number; text: string };
          if (part === 0) parts = [];
          parts.push(text);
          continue;
        }
        const data = event.data as unknown as CheckpointData;
        if (data.parts === parts.length) {
          all.push(found(data, stream, parts));
          if (order === 'newest' && all.length > 1) all.shift(); // only the last one of a stream is asked for first
        }
        parts = [];
      }
    if (order === 'newest') all.reverse();
    yield* all;
  }
}

/**
 * The newest checkpoint at or before a moment. Every piece of one says its seq and clock, and both rise along a stream: it is
 * looked for by halves, and only its own pieces are read.
 */
export async function nearestCheckpoint(
  log: EventLog,
  name: string,
  moment: Moment,
): Promise<FoundCheckpoint | undefined> {
  const days: Pick<StreamInfo, 'stream' | 'lastRevision'>[] = [];
  for await (const day of log.rolls(name + CHECKPOINTS)) days.push(day);
  days.sort((a, b) => (a.stream < b.stream ? 1 : -1));
  for (const { stream, lastRevision } of days) {
    let revision = await lastUpTo(log, stream, lastRevision, moment);
    while (revision >= 0) {
      const last = await eventAt(log, stream, revision);
      if (last === undefined) break; // the day was dropped meanwhile
      const data = last.data as unknown as CheckpointData & Piece;
      if (last.type === 'CheckpointTaken') {
        const parts = await partsOf(log, stream, revision - data.parts, revision);
        if (parts.length === data.parts) return found(data, stream, parts);
        revision -= 1;
      } else revision -= data.part + 1; // its writer died before the rest
    }
  }
  return undefined;
}

/** Where the oldest checkpoint of a log stands; what was before it may be gone. */
export async function oldestCheckpoint(
  log: EventLog,
  name: string,
): Promise<{ readonly seq: number; readonly at: EpochMicros } | undefined> {
  let oldest = '';
  for await (const { stream } of log.rolls(name + CHECKPOINTS)) if (oldest === '' || stream < oldest) oldest = stream;
  const first = oldest === '' ? undefined : await eventAt(log, oldest, 0);
  return first === undefined ? undefined : standing(first);
}

interface Piece {
  readonly checkpoint: number;
  readonly part: number;
  readonly text: string;
}

/** Where the engine stood that a piece of a checkpoint, or its end, speaks of. */
function standing({ data, at }: LogEvent): { readonly seq: number; readonly at: EpochMicros } {
  const { checkpoint, seq = checkpoint } = data as { readonly checkpoint?: number; readonly seq?: number };
  return { seq: seq ?? 0, at };
}

/** Revision of the last event of a stream that is not beyond a moment; -1 when there is none. */
async function lastUpTo(log: EventLog, stream: string, lastRevision: number, moment: Moment): Promise<number> {
  let from = -1;
  let to = lastRevision;
  while (from < to) {
    const middle = to - Math.floor((to - from) / 2);
    const event = await eventAt(log, stream, middle);
    if (event === undefined || isBeyond(moment, standing(event))) to = middle - 1;
    else from = middle;
  }
  return from;
}

async function eventAt(log: EventLog, stream: string, revision: number): Promise<LogEvent | undefined> {
  for await (const page of log.readStream(stream, { from: revision })) return page[0]?.event;
  return undefined;
}

/** The texts of the pieces between two revisions, the last one left out. */
async function partsOf(log: EventLog, stream: string, from: number, to: number): Promise<string[]> {
  const parts: string[] = [];
  if (from < 0) return parts;
  for await (const page of log.readStream(stream, { from }))
    for (const { revision, event } of page) {
      if (revision >= to) return parts;
      const { part, text } = event.data as unknown as Piece;
      if (part === parts.length) parts.push(text);
    }
  return parts;
}

const found = (data: CheckpointData, stream: string, parts: readonly string[]): FoundCheckpoint => ({
  ...data,
  stream,
  lines: parts.join('').replace(/\n$/, '').split('\n'),
});

/**
 * An engine as it was at a checkpoint, which may have been written by an earlier version.
 *
 * @throws {LogFailure} `damaged` when the content is not what its hash says, `foreign` for a shape that is not known here
 */
export function restoreCheckpoint(found: FoundCheckpoint, conclude: (concluded: Concluded) => void): Engine {
  const digest = sha256();
  for (const line of found.lines.slice(1)) digest.update(`${line}\n`);
  if (digest.hex() !== found.stateHash)
    throw new LogFailure(
      'damaged',
      `the checkpoint at input ${found.seq} is not what its hash says; drop stream ${found.stream}`,
      {
        stream: found.stream,
        seq: found.seq,
      },
    );
  const { version: shape } = JSON.parse(found.lines[1]!) as { readonly version: number };
  if (!isKnownShape(shape))
    throw new LogFailure(
      'foreign',
      `the checkpoint at input ${found.seq} has shape ${shape}, which version ${ENGINE_VERSION} does not know; ` +
        'use the version that wrote it, or a newer one',
      { stream: found.stream, seq: found.seq },
    );
  return restore(found.lines, conclude);
}
