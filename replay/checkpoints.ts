import { readNote } from '../adapters/log/shapes.js';
import { capture, checkpointText, restore, unitsLine, type Capture } from '../core/engine/checkpoint.js';
import { isKnownShape } from '../core/engine/checkpoint-upcast.js';
import type { Engine } from '../core/engine/engine.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { LogFailure, type EventLog, type LogEvent, type Position } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import { ENGINE_VERSION } from '../core/version.js';
import { sha256 } from './digest.js';

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

/** The checkpoints of a log, the oldest first; only whole ones. */
export async function* checkpoints(log: EventLog, name: string): AsyncGenerator<FoundCheckpoint> {
  const streams: string[] = [];
  for await (const { stream } of log.rolls(name + CHECKPOINTS)) streams.push(stream);
  for (const stream of streams.sort()) {
    let parts: string[] = [];
    for await (const page of log.readStream(stream))
      for (const stored of page) {
        const event = readNote(stored.event);
        if (event.type === 'CheckpointPart') {
          const { part, text } = event.data as unknown as { part: number; text: string };
          if (part === 0) parts = [];
          parts.push(text);
          continue;
        }
        const data = event.data as unknown as CheckpointData;
        if (data.parts === parts.length) yield foundCheckpoint(data, stream, parts);
        parts = [];
      }
  }
}

/** `CheckpointPart`: a piece of the checkpoint at an input. */
export interface PieceData {
  readonly checkpoint: number;
  readonly part: number;
  readonly text: string;
}

/** Puts the pieces of a checkpoint together. */
export const foundCheckpoint = (data: CheckpointData, stream: string, parts: readonly string[]): FoundCheckpoint => ({
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
      `stream ${found.stream}: the checkpoint at input ${found.seq} is not what its hash says; list the damage with \`reprise log check\``,
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
