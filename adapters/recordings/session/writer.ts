import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { invariant } from '../../../core/errors.js';
import { canonical, type Json } from '../../../core/json.js';
import type { MarketColumns } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { LogEvent, OtherInput } from '../../../core/ports.js';
import { formatInstant, type EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { type Disk, MACHINE_DISK, onDisk, OutFile } from './disk.js';
import { contentHashOf } from './hashes.js';
import type { RawPart } from '../raw/raw-file.js';
import { LineFile } from './line-file.js';
import { MarketPart } from './market-part.js';
import { PARTS, SESSION_FORMAT, SESSION_FORMAT_VERSION, type SessionMeta, type SessionSource } from './meta.js';

/** An outcome with the stream that it stands in; `n` and `cause` are there. */
export type SessionOutcome = LogEvent & { readonly stream: string; readonly revision?: number };

/** What only the one who closes a session knows of it. */
export interface SessionClosing {
  readonly engineVersion: string;
  readonly name?: string;
  /** Receive time of the first and last line; the first and last input's time where absent. */
  readonly from?: EpochMicros;
  readonly to?: EpochMicros;
  readonly settings?: Json;
  readonly seed?: Json;
  /** Lines of the sources that became no input. */
  readonly ignored?: number;
  readonly sources?: readonly SessionSource[];
  /** Definitions that became known only now: they replace the texts of these instruments' definition rows. */
  readonly definitions?: readonly InstrumentDefinition[];
  /** Files of raw frames, closed, that are in the folder already. */
  readonly raw?: readonly RawPart[];
  /** Files of the folder that served while it was written, and are no part of the session. */
  readonly scaffolding?: readonly string[];
}

export interface SessionOptions {
  /** Replaces a session that is there already; anything else that is there is never replaced. */
  readonly force?: boolean;
  /** The session of a run: it has `outcomes.ndjson`, even when there is no outcome. */
  readonly outcomes?: boolean;
  /** The hidden folder to write in, which must not be there; one with a name of the moment when absent. */
  readonly folder?: string;
  readonly disk?: Disk;
}

/**
 * Writes a captured session: inputs and outcomes in their order, then `close`. Until then everything is in a hidden folder
 * beside the target, and `abort` leaves nothing. One call at a time.
 */
export interface SessionWriter {
  /** Where the session is written. */
  readonly folder: string;
  /** Bytes of market inputs that were handed to the operating system. */
  readonly bytes: number;
  /** Market inputs; the columns may be used again once this resolves. */
  writeMarket(columns: MarketColumns): Promise<void>;
  writeInput(input: OtherInput): Promise<void>;
  writeOutcome(outcome: SessionOutcome): Promise<void>;
  /** Hands what is pending to the operating system: a recorder does so each second. */
  flush(): Promise<void>;
  close(closing: SessionClosing): Promise<SessionMeta>;
  abort(): Promise<void>;
  /** Gives up, and leaves what was written where it is. */
  leave(): Promise<void>;
}

/** @throws {RecordingError} when the target is there already, or cannot be made */
export async function createSession(directory: string, options: SessionOptions = {}): Promise<SessionWriter> {
  const target = resolve(directory);
  await refuseToOverwrite(target, options.force === true);
  const hidden = options.folder ?? join(dirname(target), `.${basename(target)}-${randomUUID().slice(0, 8)}`);
  const { disk = MACHINE_DISK } = options;
  await onDisk(dirname(target), mkdir(dirname(target), { recursive: true }));
  await onDisk(dirname(target), mkdir(hidden));
  try {
    const inputs = await LineFile.create(join(hidden, PARTS.inputs), disk);
    const outcomes = options.outcomes === true ? await LineFile.create(join(hidden, PARTS.outcomes), disk) : undefined;
    return new FolderWriter(target, hidden, inputs, outcomes, options.force === true, disk);
  } catch (error) {
    await rm(hidden, { recursive: true, force: true });
    throw error;
  }
}

class FolderWriter implements SessionWriter {
  readonly #market: MarketPart;
  #lastInputSeq = 0;
  #firstAt: EpochMicros | undefined;
  #lastAt: EpochMicros | undefined;
  #open = true;

  constructor(
    readonly target: string,
    readonly folder: string,
    readonly inputs: LineFile,
    readonly outcomes: LineFile | undefined,
    readonly force: boolean,
    readonly disk: Disk,
  ) {
    this.#market = new MarketPart(folder, disk);
  }

  get bytes(): number {
    return this.#market.bytes;
  }

  writeMarket(columns: MarketColumns): Promise<void> {
    return this.#market.add(columns);
  }

  writeInput({ type, version, at, seq, data }: OtherInput): Promise<void> {
    invariant(seq > this.#lastInputSeq, `input ${seq} comes after ${this.#lastInputSeq}`);
    this.#lastInputSeq = seq;
    if (this.#firstAt === undefined || at < this.#firstAt) this.#firstAt = at;
    if (this.#lastAt === undefined || at > this.#lastAt) this.#lastAt = at;
    return this.inputs.add(canonical({ type, version, at, seq, data }));
  }

  writeOutcome({ stream, revision, n, cause, type, version, at, data }: SessionOutcome): Promise<void> {
    invariant(this.outcomes !== undefined, 'a bare recording takes no outcomes');
    return this.outcomes.add(canonical({ stream, revision, n, cause, type, version, at, data }));
  }

  async flush(): Promise<void> {
    await this.#market.flush();
    await this.inputs.flush();
    await this.outcomes?.flush();
  }

  async close(closing: SessionClosing): Promise<SessionMeta> {
    const definitions = new Map((closing.definitions ?? []).map((definition) => [definition.instrument, definition]));
    const market = await this.#market.finish(join(this.folder, PARTS.market), definitions);
    const inputsHash = await this.inputs.close();
    const outcomesHash = (await this.outcomes?.close()) ?? null;
    const hashes = { market: market.contentHash, inputs: inputsHash, outcomes: outcomesHash };
    const meta: SessionMeta = {
      format: SESSION_FORMAT,
      formatVersion: SESSION_FORMAT_VERSION,
      ...(closing.name === undefined ? {} : { name: closing.name }),
      engineVersion: closing.engineVersion,
      from: formatInstant(closing.from ?? earliest(market.firstAt, this.#firstAt)),
      to: formatInstant(closing.to ?? latest(market.lastAt, this.#lastAt)),
      settings: closing.settings ?? null,
      seed: closing.seed ?? null,
      instruments: market.instruments,
      counts: {
        messages: market.messages,
        ignored: closing.ignored ?? 0,
        inputs: market.inputs + this.inputs.lines,
        outcomes: this.outcomes?.lines ?? 0,
        rows: market.rows,
      },
      gaps: market.gaps,
      complete: true,
      fileHashes: {
        [PARTS.market]: market.fileHash,
        [PARTS.inputs]: inputsHash,
        ...(outcomesHash === null ? {} : { [PARTS.outcomes]: outcomesHash }),
      },
      hashes,
      contentHash: contentHashOf(hashes),
      sources: closing.sources ?? [],
      ...(closing.raw === undefined || closing.raw.length === 0 ? {} : { raw: closing.raw }),
    };
    await onDisk(this.target, this.#finish(meta, closing.scaffolding ?? []));
    this.#open = false;
    return meta;
  }

  async abort(): Promise<void> {
    if (!this.#open) return;
    await this.leave();
    await rm(this.folder, { recursive: true, force: true });
  }

  async leave(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    const parts = [this.#market.abandon(), this.inputs.abandon(), this.outcomes?.abandon() ?? Promise.resolve()];
    await Promise.allSettled(parts);
  }

  /** Writes `session.json` and moves the folder to its place. */
  async #finish(meta: SessionMeta, scaffolding: readonly string[]): Promise<void> {
    const file = await OutFile.create(join(this.folder, PARTS.meta), this.disk);
    await file.append([Buffer.from(`${JSON.stringify(meta, null, 2)}\n`)]);
    await file.sync();
    await file.close();
    for (const name of scaffolding) await rm(join(this.folder, name), { force: true });
    await refuseToOverwrite(this.target, this.force);
    if (await exists(this.target)) {
      const old = `${this.folder}-old`;
      await rename(this.target, old);
      await rename(this.folder, this.target);
      await rm(old, { recursive: true });
    } else await rename(this.folder, this.target);
  }
}

async function refuseToOverwrite(target: string, force: boolean): Promise<void> {
  if (!(await exists(target))) return;
  if (!force) throw new RecordingError('exists', target, 'is there already', 'name another --out, or add --force');
  if (await exists(join(target, PARTS.meta))) return;
  const content = await readdir(target).catch(() => ['?']);
  if (content.length > 0)
    throw new RecordingError(
      'exists',
      target,
      'is there and is no captured session',
      'name another --out: --force replaces sessions only',
    );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const earliest = (a: EpochMicros | undefined, b: EpochMicros | undefined): EpochMicros =>
  Math.min(a ?? Infinity, b ?? a ?? 0);
const latest = (a: EpochMicros | undefined, b: EpochMicros | undefined): EpochMicros => Math.max(a ?? 0, b ?? 0);
