import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import type { Frame, Source, Venue, VenueMapper } from '../../venues/venue.js';
import { ChainedFiles } from '../lines/chained-files.js';
import type { ImportSource, Reader } from '../source.js';
import type { DefinedSink } from './defined-sink.js';
import { RawCursor } from './raw-cursor.js';

/** What a connection was while it was recorded. */
class RecordedLine implements Source {
  readonly isLive = true;
  url: string | undefined;

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  wantSnapshot(): void {
    // whatever was asked for then is in the recording
  }
}

/** A message that could not be read, of which the next line should say what was done about it. */
interface Fault {
  readonly line: RecordedLine;
  readonly detail: string;
  readonly symbols: readonly string[] | undefined;
}

/**
 * The raw files of one feed, read as the feed read its frames: by a live mapper, with the interruptions that were its
 * connections' own, and without those that had to do with who read it then.
 */
export class RawSource extends ChainedFiles<RawCursor> implements ImportSource {
  readonly knowsItsBreaks = true;
  /** It says its definitions itself, when they come. */
  readonly reader: Reader = { finish: () => [] };
  /** From its first definition, which is when its feed was listened to, to its last line. */
  readonly span = { from: Infinity, to: -Infinity };
  readonly #mapper: VenueMapper;
  readonly #lines = new Map<number, RecordedLine>();
  readonly #defined = new Map<string, string>();
  /** In the order of events time never ran backwards: replies and messages come by different ways. */
  #lastAt: EpochMicros = 0;
  #fault: Fault | undefined;

  constructor(
    readonly venue: Venue,
    readonly sink: DefinedSink,
    paths: readonly string[],
  ) {
    super(paths, (path) => new RawCursor(path));
    this.#mapper = venue.newMapper(sink);
  }

  take(): boolean | undefined {
    const cursor = this.cursor;
    const { word } = cursor;
    const fault = this.#fault;
    if (cursor.at > this.span.to) this.span.to = cursor.at;
    if (fault !== undefined && word !== 'interrupted') this.#interruptFor(fault);
    switch (word) {
      case 'message':
        return this.#message();
      case 'reply':
        return this.#accept({ at: cursor.at, kind: 'reply', url: cursor.url, text: cursor.content() });
      case 'opened':
      case 'address':
        this.#line().url = cursor.content();
        return undefined;
      case 'interrupted':
        this.#interrupted(fault);
        return undefined;
      case 'leftout': {
        const { frames } = cursor.json();
        const detail = `the disk was slower than the frames came, and ${String(frames)} are missing`;
        for (const line of this.#lines.values()) this.#interrupt(line, 'recorder_behind', detail);
        return undefined;
      }
      case 'defined':
        this.#define(cursor.json() as unknown as InstrumentDefinition);
        return undefined;
      default:
        return undefined; // the beginning and the end, and words of a later version
    }
  }

  silence(): void {
    // it knows its breaks
  }

  #message(): boolean {
    const { at } = this.cursor;
    const text = this.cursor.content();
    const { connection } = this.venue;
    // answers and refusals were the connection's affair, and its mapper never saw them
    if (connection?.answer?.(text) !== undefined || connection?.refusal?.(text) !== undefined) return false;
    const { url } = this.#line();
    return this.#accept({ at, kind: 'message', ...(url === undefined ? {} : { url }), text });
  }

  #accept(frame: Frame): boolean {
    const line = this.#line();
    const stamped = { ...frame, at: this.#stamp(frame.at) };
    try {
      const taken = this.#mapper.accept(stamped, line);
      if (taken instanceof Promise) throw new Error('a live source has nothing ahead to be searched');
      return taken;
    } catch (error) {
      if (!(error instanceof MessageFault)) throw error;
      this.#fault = { line, detail: error.message, symbols: undefined };
      return false;
    }
  }

  #interrupted(fault: Fault | undefined): void {
    const { reason, detail, symbols } = this.cursor.json();
    // the frames are here that nobody read then; and a message that can be read by now does no harm
    if (reason === 'log_behind' || (reason === 'bad_message' && fault === undefined)) return;
    if (fault !== undefined && reason !== 'bad_message') this.#interruptFor(fault);
    this.#fault = undefined;
    const of = Array.isArray(symbols) ? (symbols as readonly string[]) : undefined;
    const lines = this.cursor.connection === 0 ? this.#lines.values() : [this.#line()];
    for (const line of lines) this.#interrupt(line, String(reason), String(detail), of);
  }

  /** Today's mapper cannot read what the one of then could. */
  #interruptFor({ line, detail, symbols }: Fault): void {
    this.#fault = undefined;
    this.#interrupt(line, 'bad_message', detail, symbols);
  }

  #interrupt(line: RecordedLine, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#mapper.interrupt(line, this.#stamp(this.cursor.at), reason, detail, symbols);
  }

  /** Says what an instrument is, unless the part before has said the same. */
  #define(definition: InstrumentDefinition): void {
    const { at } = this.cursor;
    if (at < this.span.from) this.span.from = at;
    const text = JSON.stringify(definition);
    if (this.#defined.get(definition.instrument) === text) return;
    this.#defined.set(definition.instrument, text);
    this.sink.defined(definition, this.#stamp(at));
  }

  /** The present line's connection. What is of none was read as if it came over the first. */
  #line(): RecordedLine {
    const number = this.cursor.connection === 0 ? 1 : this.cursor.connection;
    const known = this.#lines.get(number);
    if (known !== undefined) return known;
    const line = new RecordedLine();
    this.#lines.set(number, line);
    return line;
  }

  #stamp(at: EpochMicros): EpochMicros {
    if (at > this.#lastAt) this.#lastAt = at;
    return this.#lastAt;
  }
}
