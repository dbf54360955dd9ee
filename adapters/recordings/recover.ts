import { mkdir, open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { int64At, sliceColumns, type MarketColumns } from '../../core/market/columns.js';
import type { EpochMicros } from '../../core/time.js';
import { isHeld } from '../log/embedded/folder-lock.js';
import { RecordingError } from './errors.js';
import { wholeLines } from './raw/broken-off.js';
import { RawFile, type RawPart } from './raw/raw-file.js';
import { readBlocks, readIndex } from './session/arrow-blocks.js';
import { readBrokenOff } from './session/broken-off.js';
import { onDisk } from './session/disk.js';
import { REWRITING, segmentName } from './session/market-part.js';
import { PARTS, type SessionMeta } from './session/meta.js';
import { MARK, readMark } from './session/unfinished.js';
import { createSession, type SessionWriter } from './session/writer.js';

export interface RecoverOptions {
  readonly out: string;
  readonly engineVersion: string;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (inputs: number) => void;
}

/**
 * Makes a session of what a recorder left that was killed: all that it had handed to the operating system. The folder itself
 * stays as it is.
 *
 * @throws {RecordingError}
 */
export async function recoverRecording(folder: string, options: RecoverOptions): Promise<SessionMeta> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new RecordingError('not_found', folder, 'is no folder that can be read', 'check the path', { cause });
  });
  const mark = await readMark(folder);
  if (mark === undefined && !/^\..+\.recording$/.test(basename(resolve(folder))))
    throw new RecordingError(
      'foreign',
      folder,
      entries.includes(PARTS.meta) ? 'is a session already' : `holds no ${MARK}`,
      'name a folder that a recorder left: .NAME.recording',
    );
  if (await isHeld(folder))
    throw new RecordingError('exists', folder, 'is being written by a recorder', 'wait for it, or stop it');
  const writer = await createSession(options.out, { force: options.force === true });
  try {
    const span = { from: Infinity, to: -Infinity };
    await copyMarket(marketOf(folder, entries), writer, span, options);
    const raw = entries.includes('raw') ? await copyRaw(join(folder, 'raw'), writer, span) : [];
    if (!Number.isFinite(span.to))
      throw new RecordingError('not_found', folder, 'holds nothing yet: its recorder ended at once', 'delete it');
    const { engineVersion } = options;
    const name = mark === undefined ? {} : { name: mark.name };
    const known = Number.isFinite(span.from) ? span : {};
    return await writer.close({ engineVersion, ...name, ...known, raw });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/**
 * The batches of a recording in their order. One that was being closed has its first ones in the file that was to be its last,
 * in which they can be read as long as what says how they are counted lies beside it, or the file itself is whole.
 */
async function* marketOf(folder: string, entries: readonly string[]): AsyncGenerator<MarketColumns> {
  const market = join(folder, PARTS.market);
  if (entries.includes(REWRITING)) {
    if (entries.includes(PARTS.market)) yield* readBrokenOff(market, join(folder, REWRITING));
  } else if (entries.includes(PARTS.market)) {
    const file = await open(market);
    try {
      yield* readBlocks(market, file, await readIndex(market, file));
    } finally {
      await file.close();
    }
  }
  const segments = entries.flatMap((entry) => /^segment-(\d+)\.arrows$/.exec(entry)?.[1] ?? []).map(Number);
  for (const index of segments.sort((a, b) => a - b)) yield* readBrokenOff(join(folder, segmentName(index)));
}

/** Rows by their seq: while a recording was being closed, the same ones may stand in two files. */
async function copyMarket(
  market: AsyncIterable<MarketColumns>,
  writer: SessionWriter,
  span: { from: EpochMicros; to: EpochMicros },
  { signal, onProgress }: RecoverOptions,
): Promise<void> {
  let lastSeq = 0;
  for await (const columns of market) {
    signal?.throwIfAborted();
    const rest = behind(columns, lastSeq);
    if (rest.rows === 0) continue;
    await writer.writeMarket(rest);
    lastSeq = int64At(rest.seq, rest.rows - 1);
    if (!Number.isFinite(span.from)) span.from = int64At(rest.receivedAt, 0);
    for (let row = 0; row < rest.rows; row++) span.to = Math.max(span.to, int64At(rest.receivedAt, row));
    onProgress?.(lastSeq);
  }
}

function behind(columns: MarketColumns, seq: number): MarketColumns {
  let row = 0;
  while (row < columns.rows && int64At(columns.seq, row) <= seq) row++;
  return row === 0 ? columns : sliceColumns(columns, row, columns.rows);
}

async function copyRaw(
  folder: string,
  writer: SessionWriter,
  span: { from: EpochMicros; to: EpochMicros },
): Promise<RawPart[]> {
  const copied: RawPart[] = [];
  await onDisk(writer.folder, mkdir(join(writer.folder, 'raw')));
  for (const file of (await readdir(folder)).sort()) {
    const [, venue] = /^(.+)-\d+\.gz$/.exec(file) ?? [];
    if (venue === undefined) continue;
    const raw = await RawFile.create(join(writer.folder, 'raw', file));
    for await (const lines of wholeLines(join(folder, file))) {
      await raw.write(lines);
      const at = Number(lines.at(-1)!.slice(0, 16));
      if (at > span.to) span.to = at;
    }
    copied.push({ file: `raw/${file}`, venue, lines: raw.lines, sha256: await raw.close() });
  }
  return copied;
}
