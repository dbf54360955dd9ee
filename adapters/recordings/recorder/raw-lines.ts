import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { FrameTap } from '../../venues/connection/ports.js';
import { rawLine, type Nanoseconds, type RawWord } from '../raw/line.js';

/** Text of frames that may wait for the disk, in characters: what comes beyond is left out, and a line says how much. */
const MOST_WAITING = 33_554_432;

/** Lines of one feed's raw file that are not written yet. They come whenever a frame does, and are taken when the disk is ready. */
export class RawLines {
  /** Characters that wait. */
  chars = 0;
  #waiting: string[] = [];
  /** The frames that were left out since a line was last kept, and when the first of them came. */
  #leftOut: { frames: number; readonly since: Nanoseconds } | undefined;
  readonly #addresses = new Map<number, string>();

  /** @param most  characters that may wait; a test may say less */
  constructor(readonly most = MOST_WAITING) {}

  /** Frames are missing, and nothing has been kept since. */
  get isBehind(): boolean {
    return this.#leftOut !== undefined;
  }

  opened(when: Nanoseconds, connection: number, url: string): void {
    this.#addresses.set(connection, url);
    this.add(when, connection, 'opened', url);
  }

  /** @param url  where it came over, where that is known */
  message(when: Nanoseconds, connection: number, text: string, url?: string): void {
    if (!this.#hasRoom(when)) return;
    if (url !== undefined && this.#addresses.get(connection) !== url) {
      this.#addresses.set(connection, url);
      this.#keep(rawLine(when, connection, 'address', url));
    }
    this.#keep(rawLine(when, connection, 'message', text));
  }

  reply(when: Nanoseconds, connection: number, url: string, text: string): void {
    if (this.#hasRoom(when)) this.#keep(rawLine(when, connection, 'reply', text, url));
  }

  /** Adds a line that is kept in any case: there are few of them. */
  add(when: Nanoseconds, connection: number, word: RawWord, text: string): void {
    this.#sayLeftOut();
    this.#keep(rawLine(when, connection, word, text));
  }

  /** Takes out what waits. */
  take(): readonly string[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.chars = 0;
    return taken;
  }

  #hasRoom(when: Nanoseconds): boolean {
    if (this.chars < this.most) {
      this.#sayLeftOut();
      return true;
    }
    this.#leftOut ??= { frames: 0, since: when };
    this.#leftOut.frames++;
    return false;
  }

  #sayLeftOut(): void {
    if (this.#leftOut === undefined) return;
    const { frames, since } = this.#leftOut;
    this.#leftOut = undefined;
    this.#keep(rawLine(since, 0, 'leftout', JSON.stringify({ frames })));
  }

  #keep(line: string): void {
    this.chars += line.length + 1;
    this.#waiting.push(line);
  }
}

/**
 * A tap whose frames go into lines.
 *
 * @param linesAt  those of an instant; undefined where nothing is kept of it
 * @param ruled    a definition as it is recorded
 */
export function tapInto(
  linesAt: (at: EpochMicros) => RawLines | undefined,
  ruled: (definition: InstrumentDefinition) => InstrumentDefinition = (definition) => definition,
): FrameTap {
  return {
    opened: (at, connection, url) => linesAt(at)?.opened({ at }, connection, url),
    frame: (frame, connection) => {
      const lines = linesAt(frame.at);
      if (frame.kind === 'message') lines?.message(frame, connection, frame.text, frame.url);
      else lines?.reply(frame, connection, frame.url ?? '-', frame.text);
    },
    defined: (at, definition) => linesAt(at)?.add({ at }, 0, 'defined', JSON.stringify(ruled(definition))),
    interrupted: (at, connection, reason, detail, symbols) =>
      linesAt(at)?.add({ at }, connection, 'interrupted', JSON.stringify({ reason, detail, symbols })),
  };
}
