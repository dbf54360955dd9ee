import { readNote } from '../adapters/log/shapes.js';
import type { Engine } from '../core/engine/engine.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { LogFailure, type EventLog, type LogEvent, type StreamInfo } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import {
  CHECKPOINTS,
  foundCheckpoint,
  restoreCheckpoint,
  type CheckpointData,
  type FoundCheckpoint,
  type PieceData,
} from './checkpoints.js';
import { isBeyond, type Moment } from './moment.js';

/** Told of every damage that is met on the way, and what is damaged is passed over; it may throw to end the search. */
export type OnDamage = (damage: LogFailure) => void;

/** The present: behind every checkpoint. */
export const NEWEST: Moment = { seq: Infinity };

export interface RestoredCheckpoint {
  readonly found: FoundCheckpoint;
  readonly engine: Engine;
}

/**
 * An engine from the newest sound checkpoint at or before a moment; undefined where there is none. One that is damaged, in its
 * records or in its content, gives way to the one before it: that leads to the same state, only later.
 *
 * @throws {LogFailure} `foreign` for a shape that is not known here: an older one would not help
 */
export async function restoreNearest(
  log: EventLog,
  name: string,
  moment: Moment,
  conclude: (concluded: Concluded) => void,
  onDamage: OnDamage,
): Promise<RestoredCheckpoint | undefined> {
  for await (const found of checkpointsBack(log, name, moment, onDamage))
    try {
      return { found, engine: restoreCheckpoint(found, conclude) };
    } catch (error) {
      onDamage(damageOf(error));
    }
  return undefined;
}

/** The newest checkpoint at or before a moment, as it is stored. */
export async function nearestCheckpoint(
  log: EventLog,
  name: string,
  moment: Moment,
): Promise<FoundCheckpoint | undefined> {
  const stop: OnDamage = (damage) => {
    throw damage;
  };
  for await (const found of checkpointsBack(log, name, moment, stop)) return found;
  return undefined;
}

/** The newest whole checkpoint of a log, as it is stored; what is damaged is passed over. */
export async function newestCheckpoint(log: EventLog, name: string): Promise<FoundCheckpoint | undefined> {
  for await (const found of checkpointsBack(log, name, NEWEST, () => undefined)) return found;
  return undefined;
}

/**
 * The whole checkpoints at or before a moment, the newest first. Every piece of one says its seq and clock, and both rise along
 * a stream: the first is looked for by halves, and only its own pieces are read.
 */
export async function* checkpointsBack(
  log: EventLog,
  name: string,
  moment: Moment,
  onDamage: OnDamage,
): AsyncGenerator<FoundCheckpoint> {
  for (const { stream, lastRevision } of (await daysOf(log, name)).reverse()) {
    const day = new Day(log, stream, onDamage);
    for (let revision = await day.lastUpTo(moment, lastRevision); revision >= 0; revision--) {
      const found = await day.checkpointAt(revision); // most are pieces of one whose writer died, or that was damaged
      if (found === undefined) continue;
      yield found;
      revision -= found.parts;
    }
  }
}

/**
 * Where the oldest checkpoint of a log stands, whole or not; what was before it may be gone.
 *
 * @param leftOut  streams of checkpoints that are not looked at
 */
export async function oldestCheckpoint(
  log: EventLog,
  name: string,
  leftOut: ReadonlySet<string> = new Set(),
): Promise<{ readonly seq: number; readonly at: EpochMicros } | undefined> {
  for (const { stream, lastRevision } of await daysOf(log, name)) {
    if (leftOut.has(stream)) continue;
    const day = new Day(log, stream, () => undefined);
    const first = await day.readableNear(0, 0, lastRevision);
    if (first !== undefined) return standing(first.event);
  }
  return undefined;
}

async function daysOf(log: EventLog, name: string): Promise<Pick<StreamInfo, 'stream' | 'lastRevision'>[]> {
  const days: Pick<StreamInfo, 'stream' | 'lastRevision'>[] = [];
  for await (const day of log.rolls(name + CHECKPOINTS)) days.push(day);
  return days.sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

/** A day of checkpoints, read an event at a time. Of one that was dropped meanwhile nothing is found. */
class Day {
  readonly #unreadable = new Set<number>();

  constructor(
    readonly log: EventLog,
    readonly stream: string,
    readonly onDamage: OnDamage,
  ) {}

  /** Revision of the last event that is not beyond a moment; -1 when there is none. */
  async lastUpTo(moment: Moment, lastRevision: number): Promise<number> {
    let from = -1;
    let to = lastRevision;
    for (let probe = to; from < to; probe = to - Math.floor((to - from) / 2)) {
      const near = await this.readableNear(probe, from + 1, to);
      if (near === undefined) break;
      if (isBeyond(moment, standing(near.event))) to = near.revision - 1;
      else from = near.revision;
    }
    return from;
  }

  /** An event that can be read: this one, or else the nearest one before it, or else behind it. */
  async readableNear(
    revision: number,
    first: number,
    last: number,
  ): Promise<{ readonly revision: number; readonly event: LogEvent } | undefined> {
    for (let at = revision; at >= first; at--) {
      const event = await this.#eventAt(at);
      if (event !== undefined) return { revision: at, event };
    }
    for (let at = revision + 1; at <= last; at++) {
      const event = await this.#eventAt(at);
      if (event !== undefined) return { revision: at, event };
    }
    return undefined;
  }

  /** The checkpoint that ends at a revision; undefined where none does, or where it is not whole. */
  async checkpointAt(revision: number): Promise<FoundCheckpoint | undefined> {
    const event = await this.#eventAt(revision);
    if (event?.type !== 'CheckpointTaken') return undefined;
    const data = event.data as unknown as CheckpointData;
    const parts = await this.#partsOf(data, revision);
    return parts === undefined ? undefined : foundCheckpoint(data, this.stream, parts);
  }

  async #partsOf({ seq, parts }: CheckpointData, end: number): Promise<string[] | undefined> {
    const texts: string[] = [];
    try {
      if (parts > 0 && parts <= end)
        for await (const page of this.log.readStream(this.stream, { from: end - parts, limit: parts }))
          for (const { event } of page) {
            const { checkpoint, part, text } = readNote(event).data as unknown as PieceData;
            if (checkpoint === seq && part === texts.length) texts.push(text);
          }
      if (texts.length === parts) return texts;
      throw new LogFailure(
        'damaged',
        `stream ${this.stream}, revision ${end}: the checkpoint at input ${seq} has ${parts} pieces, and ${texts.length} are found; ` +
          'list the damage with `reprise log check`',
        { stream: this.stream, revision: end, seq },
      );
    } catch (error) {
      this.onDamage(damageOf(error));
    }
    return undefined;
  }

  async #eventAt(revision: number): Promise<LogEvent | undefined> {
    if (this.#unreadable.has(revision)) return undefined;
    try {
      for await (const page of this.log.readStream(this.stream, { from: revision, limit: 1 }))
        return page[0] === undefined ? undefined : readNote(page[0].event);
    } catch (error) {
      this.#unreadable.add(revision);
      this.onDamage(damageOf(error));
    }
    return undefined;
  }
}

/** Where the engine stood that a piece of a checkpoint, or its end, speaks of. */
function standing({ data, at }: LogEvent): { readonly seq: number; readonly at: EpochMicros } {
  const { checkpoint, seq = checkpoint } = data as Partial<CheckpointData & PieceData>;
  return { seq: seq ?? 0, at };
}

/** A failure that says what is damaged; all else is thrown on. */
function damageOf(error: unknown): LogFailure {
  if (error instanceof LogFailure && error.code === 'damaged') return error;
  throw error;
}
