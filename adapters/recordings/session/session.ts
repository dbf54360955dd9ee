import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { MarketColumns } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { InputBatch, OtherInput, Recording } from '../../../core/ports.js';
import { parseInstant, type EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { readBlocks, readIndex } from './arrow-blocks.js';
import { LineReader } from './line-reader.js';
import { mergeBySeq } from './merge.js';
import { PARTS, readMeta, type SessionMeta } from './meta.js';
import { firstUnsafeRow } from './schema.js';
import type { SessionOutcome } from './writer.js';

export interface OpenOptions {
  /** Whether every part's hash is checked before anything is read (default true). */
  readonly verify?: boolean;
}

/**
 * Opens a captured session.
 *
 * @throws {RecordingError} when the folder is no session, is of an unknown version, lacks a part or a hash does not match
 */
export async function openSession(directory: string, { verify = true }: OpenOptions = {}): Promise<Session> {
  const session = new Session(directory, await readMeta(directory));
  await session.checkParts();
  if (verify) await session.verifyFiles();
  return session;
}

/** A captured session for reading; nothing of it is held in memory but `session.json`. */
export class Session implements Recording {
  readonly instruments: readonly InstrumentDefinition[];
  readonly from: EpochMicros;
  readonly to: EpochMicros;

  constructor(
    readonly directory: string,
    readonly meta: SessionMeta,
  ) {
    this.instruments = meta.instruments;
    this.from = parseInstant(meta.from)!;
    this.to = parseInstant(meta.to)!;
  }

  /** Whether it is the session of a run. */
  get hasOutcomes(): boolean {
    return PARTS.outcomes in this.meta.fileHashes;
  }

  /** @throws {RecordingError} when a part that `session.json` names is not there */
  async checkParts(): Promise<void> {
    const { fileHashes } = this.meta;
    for (const part of [PARTS.market, PARTS.inputs])
      if (!(part in fileHashes)) throw damaged(join(this.directory, PARTS.meta), `has no hash of ${part}`);
    for (const part of Object.keys(fileHashes))
      await access(join(this.directory, part)).catch((cause: unknown) => {
        throw damaged(join(this.directory, part), 'is not there, and session.json names it', cause);
      });
  }

  /** @throws {RecordingError} when the bytes of a part are not those that were written */
  async verifyFiles(): Promise<void> {
    for (const [part, expected] of Object.entries(this.meta.fileHashes)) {
      const path = join(this.directory, part);
      const hash = createHash('sha256');
      try {
        for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
      } catch (cause) {
        throw new RecordingError('unreadable', path, 'cannot be read', 'check the permissions and the disk', { cause });
      }
      const found = hash.digest('hex');
      if (found !== expected) throw damaged(path, `has SHA-256 ${found}, and session.json says ${expected}`);
    }
  }

  /** All inputs in the order of `seq`. A batch is good until the next one is asked for: copy what must last. */
  async *inputs(): AsyncGenerator<InputBatch> {
    const others = new LineReader<OtherInput>(join(this.directory, PARTS.inputs), isInput);
    try {
      yield* mergeBySeq(this.market(), others);
    } finally {
      await others.close();
    }
  }

  /** The market inputs alone; as with `inputs`, a batch is good until the next one is asked for. */
  async *market(): AsyncGenerator<MarketColumns> {
    const path = join(this.directory, PARTS.market);
    const file = await open(path);
    try {
      let number = 0;
      for await (const columns of readBlocks(path, file, await readIndex(path, file))) {
        number++;
        const unsafe = firstUnsafeRow(columns);
        if (unsafe !== undefined)
          throw new RecordingError(
            'out_of_range',
            path,
            `row ${unsafe} of batch ${number} holds a number that cannot be counted exactly`,
            'make the session anew from its sources',
          );
        yield columns;
      }
    } finally {
      await file.close();
    }
  }

  /** What the run concluded, in the order of `n`; nothing for a bare recording. */
  async *outcomes(): AsyncGenerator<readonly SessionOutcome[]> {
    if (!this.hasOutcomes) return;
    const lines = new LineReader<SessionOutcome>(join(this.directory, PARTS.outcomes), isOutcome);
    try {
      for (;;) {
        const batch = await lines.take(() => true, OUTCOMES_AT_ONCE);
        if (batch.length === 0) return;
        yield batch;
      }
    } finally {
      await lines.close();
    }
  }
}

const OUTCOMES_AT_ONCE = 4096;

type Looks = Partial<Record<'type' | 'stream' | 'seq' | 'at' | 'n', unknown>>;
const isObject = (value: unknown): value is Looks => typeof value === 'object' && value !== null;
const isInput = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.type === 'string' &&
  Number.isSafeInteger(value.seq) &&
  Number.isSafeInteger(value.at);
const isOutcome = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.type === 'string' &&
  typeof value.stream === 'string' &&
  Number.isSafeInteger(value.n);

function damaged(where: string, what: string, cause?: unknown): RecordingError {
  return new RecordingError('damaged', where, what, 'take the session from its origin again', { cause });
}
