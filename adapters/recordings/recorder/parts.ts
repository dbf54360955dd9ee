import { basename, resolve } from 'node:path';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros, Micros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import type { SessionMeta } from '../session/meta.js';
import { recordingFolder, recoverCommand } from '../session/unfinished.js';
import type { PartNames } from './names.js';
import { Part, type PartOptions, type RawFeed } from './part.js';

export interface RecordedSession {
  readonly out: string;
  readonly session: SessionMeta;
}

export interface PartsOptions extends Omit<PartOptions, 'target' | 'name'> {
  readonly names: PartNames;
  /** How long a part is. */
  readonly every: Micros;
}

/**
 * The sessions of a recording, one after the other: one is written, the one before becomes a session meanwhile, and frames may
 * have come for those behind it.
 */
export class Parts {
  /** Those that are whole, in their order. */
  readonly sessions: RecordedSession[] = [];
  /** A part could not be closed. */
  failure: { readonly error: unknown } | undefined;
  /** When the recording is over. */
  stopAt: EpochMicros = Infinity;
  readonly #options: PartsOptions;
  /** The first is written. */
  readonly #parts: Part[] = [];
  /** Feeds whose frames are kept, with what their instruments are. */
  readonly #raw = new Map<RawFeed, () => readonly InstrumentDefinition[]>();
  #closing: Promise<void> = Promise.resolve();

  constructor(options: PartsOptions, at: EpochMicros) {
    this.#options = options;
    this.#add(at);
  }

  /** The part that is written. */
  get current(): Part {
    return this.#parts[0]!;
  }

  /** The last part that anything has come for is the one that is written. */
  get isCurrentLast(): boolean {
    return this.#parts.length === 1;
  }

  /** A disk was full: what was written should be closed. */
  get isFull(): boolean {
    return this.#parts.some(({ isFull }) => isFull);
  }

  /** Keeps the frames of a feed from now on. @param definitions  what its instruments are, asked for at the head of each part */
  keep(venue: string, definitions: () => readonly InstrumentDefinition[]): RawFeed {
    const of: RawFeed = { venue, feed: [...this.#raw.keys()].filter((raw) => raw.venue === venue).length + 1 };
    this.#raw.set(of, definitions);
    this.current.raw(of);
    return of;
  }

  /** The feeds are there: the first part begins. */
  begin(at: EpochMicros): void {
    this.current.from = at;
    this.#plan(this.current);
    this.#sayDefined(this.current);
  }

  /** The part that frames of an instant go to, begun where it is the next one; undefined once the recording is over. */
  at(at: EpochMicros): Part | undefined {
    if (at >= this.stopAt) return undefined;
    let part = this.#parts.at(-1)!;
    while (at >= part.endsAt) {
      part = this.#add(part.endsAt);
      this.#plan(part);
      this.#sayDefined(part);
    }
    return part;
  }

  /** What is received from then on belongs to no part. */
  stop(at: EpochMicros): void {
    this.stopAt = at;
    this.#parts.at(-1)!.endsAt = at;
  }

  /** The part that is written becomes a session, and the next one is written. @returns the instant of the border */
  async next(): Promise<EpochMicros> {
    const part = this.current;
    const next = this.#parts[1] ?? this.at(part.endsAt)!;
    await next.open();
    await this.#closing; // one at a time: a disk that is slower than the parts come makes the recorder wait
    this.#parts.shift();
    this.#closing = this.#close(part, part.endsAt);
    return part.endsAt;
  }

  /** The last part becomes a session. */
  async close(to: EpochMicros): Promise<void> {
    await this.#closing;
    await this.#close(this.#parts.shift()!, to);
  }

  /**
   * The recording cannot go on. What can be a session becomes one, what cannot is left for `--recover`, and nothing is kept where
   * nothing came.
   *
   * @returns the error, with what became of what was recorded
   */
  async giveUp(at: EpochMicros, error: unknown): Promise<unknown> {
    await this.#closing;
    const [part, ...waiting] = this.#parts.splice(0);
    for (const empty of waiting) await empty.abort();
    if (part === undefined) return error;
    if (part.hasFailed) return left(part, error);
    if (part.inputs === 0) await part.abort();
    else await this.#close(part, at);
    return error;
  }

  async #close(part: Part, to: EpochMicros): Promise<void> {
    try {
      this.sessions.push({ out: part.options.target, session: await part.close(to) });
    } catch (error) {
      this.failure ??= { error: await left(part, error) };
    }
  }

  #add(from: EpochMicros): Part {
    const { names, every: _, ...options } = this.#options;
    const target = names.next();
    const part = new Part(from, { ...options, target, name: basename(resolve(target)) });
    this.#parts.push(part);
    return part;
  }

  #plan(part: Part): void {
    part.endsAt = Math.min(part.from + this.#options.every, this.stopAt);
  }

  #sayDefined(part: Part): void {
    for (const [of, definitions] of this.#raw)
      for (const definition of definitions())
        part.raw(of).add({ at: part.from }, 0, 'defined', JSON.stringify(definition));
  }
}

/** Leaves a part for `--recover`, and says so. */
async function left(part: Part, error: unknown): Promise<unknown> {
  await part.leave();
  if (!(error instanceof RecordingError)) return error;
  const { target } = part.options;
  const mend = `${error.mend}; ${recoverCommand(recordingFolder(target), target)}`;
  return new RecordingError(error.code, error.where, error.what, mend, { cause: error });
}
