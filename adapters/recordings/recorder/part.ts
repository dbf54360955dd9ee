import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderLock, holdFolder } from '../../log/embedded/folder-lock.js';
import { InvariantViolation } from '../../../core/errors.js';
import { ColumnEncoder } from '../../../core/market/column-codec.js';
import type { MarketEvent } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { RAW_FORMAT, RAW_FORMAT_VERSION, type RawBegin } from '../raw/line.js';
import { RawFile, type RawPart } from '../raw/raw-file.js';
import { type Disk, OutFile, onDisk } from '../session/disk.js';
import { SEGMENT_BYTES } from '../session/market-part.js';
import type { SessionMeta } from '../session/meta.js';
import { MARK, MARK_FORMAT, recordingFolder, type RecordingMark } from '../session/unfinished.js';
import { createSession, type SessionWriter } from '../session/writer.js';
import { RawLines } from './raw-lines.js';
import { RESERVE, ReservedDisk } from './reserve.js';

/** Messages that are handed to the session's writer at once. */
const BATCH = 2_000;
/** Room that closing takes beside what it writes anew: all that waits in memory, a batch of rows, the ends of files. */
const CLOSING_BYTES = 16_777_216;
/** A segment is this much larger than it was to be, at the most: a batch of rows with long texts. */
const SEGMENT_SLACK = 8_388_608;
/** Frames of that many characters do not wait for the next flush. */
const MUCH = 1_048_576;

/** A feed whose frames are kept. */
export interface RawFeed {
  readonly venue: string;
  /** From 1, among the feeds of its venue. */
  readonly feed: number;
}

export interface PartOptions {
  readonly target: string;
  readonly name: string;
  readonly engineVersion: string;
  readonly force: boolean;
  readonly disk: Disk;
}

/** One session on its way: its market inputs, the raw frames beside them, and the folder in which they wait to be whole. */
export class Part {
  /** What is received from then on belongs to the next part. */
  endsAt: EpochMicros = Infinity;
  /** Inputs so far. */
  inputs = 0;
  /** Something of it could not be written: what is there is not all that was taken. */
  hasFailed = false;
  /** What is with the operating system. */
  flushed = { inputs: 0, rawLines: 0, bytes: 0 };
  readonly #raw = new Map<RawFeed, { readonly lines: RawLines; file?: RawFile }>();
  readonly #encoder = new ColumnEncoder();
  /** Frames were left out since the last flush. */
  #lost = false;
  #writer: SessionWriter | undefined;
  #disk: ReservedDisk | undefined;
  #lock: FolderLock | undefined;

  /** @param from  the first instant that belongs to it */
  constructor(
    public from: EpochMicros,
    readonly options: PartOptions,
  ) {}

  get isOpen(): boolean {
    return this.#writer !== undefined;
  }

  /** The disk was full: what was written can still be closed. */
  get isFull(): boolean {
    return this.#disk?.isFull === true;
  }

  /** Bytes that are with the operating system. */
  get bytes(): number {
    let bytes = this.#writer?.bytes ?? 0;
    for (const { file } of this.#raw.values()) bytes += file?.size ?? 0;
    return bytes;
  }

  /** The raw lines of a feed, begun where there are none; they wait in memory until the folder is there. */
  raw(of: RawFeed): RawLines {
    const known = this.#raw.get(of);
    if (known !== undefined) return known.lines;
    const lines = new RawLines();
    this.#raw.set(of, { lines });
    const begin: RawBegin = {
      format: RAW_FORMAT,
      formatVersion: RAW_FORMAT_VERSION,
      ...of,
      engineVersion: this.options.engineVersion,
    };
    lines.add({ at: this.from }, 0, 'begin', JSON.stringify(begin));
    return lines;
  }

  /** Makes the folder. @throws {RecordingError} when the target is there already, or cannot be made */
  async open(): Promise<void> {
    const { target, name, engineVersion, force } = this.options;
    const folder = recordingFolder(target);
    this.#disk = new ReservedDisk(this.options.disk, folder);
    this.#writer = await createSession(target, { force, folder, disk: this.#disk });
    try {
      this.#lock = await holdFolder(folder);
      const mark: RecordingMark = { format: MARK_FORMAT, formatVersion: 1, engineVersion, name };
      const file = await OutFile.create(join(folder, MARK), this.#disk);
      await file.append([Buffer.from(`${JSON.stringify(mark)}\n`)]);
      await file.close();
      await this.#disk.hold(CLOSING_BYTES);
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /**
   * Takes a market input.
   *
   * @returns what was written: the event, or where a number of it cannot be counted with those before it, its interruption
   */
  add(event: MarketEvent): MarketEvent {
    const written = this.#encode(event) ?? uncountable(event);
    if (written !== event) this.#encode(written);
    return written;
  }

  /** Writes what has gathered, where that is much. @throws {RecordingError} */
  async write(): Promise<void> {
    if (this.#encoder.length >= BATCH) await this.#tried(this.#writeMarket());
    for (const [of, { lines }] of this.#raw) if (lines.chars >= MUCH) await this.#tried(this.#writeRaw(of));
  }

  /**
   * Hands everything to the operating system; resolved, it outlives the process.
   *
   * @returns whether frames were left out because the disk had no time for them; @throws {RecordingError}
   */
  flush(): Promise<boolean> {
    return this.#tried(this.#flush());
  }

  async #flush(): Promise<boolean> {
    const { inputs } = this;
    for (const of of this.#raw.keys()) await this.#writeRaw(of);
    await this.#writeMarket();
    await this.#writer!.flush();
    let rawLines = 0;
    for (const { file } of this.#raw.values()) rawLines += file?.lines ?? 0;
    this.flushed = { inputs, rawLines, bytes: this.bytes };
    const lost = this.#lost;
    this.#lost = false;
    return lost;
  }

  /** Makes a session of it. @throws {RecordingError} */
  async close(to: EpochMicros): Promise<SessionMeta> {
    for (const { lines } of this.#raw.values()) lines.add({ at: to }, 0, 'end', '{}');
    await this.flush();
    const raw: RawPart[] = [];
    for (const [{ venue, feed }, { file }] of this.#raw)
      raw.push({ file: `raw/${venue}-${feed}.gz`, venue, lines: file!.lines, sha256: await file!.close() });
    const { engineVersion, name } = this.options;
    const meta = await this.#writer!.close({
      engineVersion,
      name,
      from: this.from,
      to,
      raw,
      scaffolding: [MARK, RESERVE],
    });
    await this.#disk!.release();
    await this.#lock!.release();
    return meta;
  }

  /** Leaves nothing of it. */
  async abort(): Promise<void> {
    await this.#end();
    await this.#writer?.abort();
  }

  /** Leaves it as it is, for `import --recover`. */
  async leave(): Promise<void> {
    await this.#end();
    await this.#writer?.leave();
  }

  async #end(): Promise<void> {
    for (const { file } of this.#raw.values()) await file?.abandon();
    await this.#disk?.release().catch(() => undefined); // a folder without it is as good
    await this.#lock?.release();
  }

  async #tried<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  /** Writes market inputs, with room for writing them once more held back. */
  async #writeMarket(): Promise<void> {
    if (this.#encoder.length > 0) await this.#writer!.writeMarket(this.#encoder.lend());
    await this.#disk!.hold(CLOSING_BYTES + Math.min(this.#writer!.bytes, SEGMENT_BYTES + SEGMENT_SLACK));
  }

  async #writeRaw(of: RawFeed): Promise<void> {
    const raw = this.#raw.get(of)!;
    this.#lost ||= raw.lines.isBehind;
    const lines = raw.lines.take();
    if (lines.length === 0) return;
    raw.file ??= await this.#createRaw(`${of.venue}-${of.feed}.gz`);
    await raw.file.write(lines);
  }

  async #createRaw(name: string): Promise<RawFile> {
    const folder = join(this.#writer!.folder, 'raw');
    await onDisk(folder, mkdir(folder, { recursive: true }));
    return RawFile.create(join(folder, name), this.#disk);
  }

  #encode(event: MarketEvent): MarketEvent | undefined {
    try {
      this.#encoder.add(this.inputs + 1, event);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      return undefined;
    }
    this.inputs++;
    return event;
  }
}

function uncountable({ type, at, data: { instrument } }: MarketEvent): MarketEvent {
  const detail = `a ${type} holds a number that cannot be counted exactly together with those before it, and is left out`;
  return { type: 'FeedInterrupted', version: 1, at, data: { instrument, reason: 'increment_overflow', detail } };
}
