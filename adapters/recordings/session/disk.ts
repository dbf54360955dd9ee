import { type FileHandle, open, rm } from 'node:fs/promises';
import { RecordingError } from '../errors.js';

/** As much of a file handle as writing takes. */
export type DiskFile = Pick<FileHandle, 'write' | 'writev' | 'truncate' | 'sync' | 'close'>;

/** Where the files of a session are written. */
export interface Disk {
  /** Makes a file that is not there yet. */
  create(path: string): Promise<DiskFile>;
  remove(path: string): Promise<void>;
  /** Called when the disk is full. @returns whether there may be room now, so that it is worth another try */
  makeRoom?(): Promise<boolean>;
}

export const MACHINE_DISK: Disk = {
  create: (path) => open(path, 'wx'),
  remove: (path) => rm(path),
};

/** Waits for work on a file of ours; where the disk refuses it, says so in a sentence. @throws {RecordingError} */
export async function onDisk<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new RecordingError('unwritable', path, `cannot be written (${code})`, mendOf(code), { cause });
  }
}

/** Does work on a file, and once more where the disk was full and could make room. The work must bear being done twice. */
export async function withRoom<Result>(disk: Disk, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isFull(error) || disk.makeRoom === undefined || !(await disk.makeRoom())) throw error;
    return await work();
  }
}

/** Whether an error says that the disk, or our share of it, is full. */
export const isFull = (error: unknown): boolean => FULL.has((error as NodeJS.ErrnoException | undefined)?.code ?? '');
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A file that is written from its beginning to its end. What was refused leaves no trace in it. */
export class OutFile {
  #size = 0;

  /** @throws {RecordingError} */
  static async create(path: string, disk: Disk = MACHINE_DISK): Promise<OutFile> {
    return new OutFile(
      path,
      disk,
      await onDisk(
        path,
        withRoom(disk, () => disk.create(path)),
      ),
    );
  }

  private constructor(
    readonly path: string,
    readonly disk: Disk,
    readonly file: DiskFile,
  ) {}

  /** Bytes that were appended. */
  get size(): number {
    return this.#size;
  }

  /** Resolved: the bytes are with the operating system. @throws {RecordingError} the file is as it was before */
  async append(pieces: readonly Uint8Array[]): Promise<void> {
    if (pieces.length === 0) return;
    try {
      await onDisk(
        this.path,
        withRoom(this.disk, () => this.#put(pieces)),
      );
    } catch (error) {
      await this.file.truncate(this.#size).catch(() => undefined);
      throw error;
    }
    for (const { byteLength } of pieces) this.#size += byteLength;
  }

  /** Makes what was appended durable. @throws {RecordingError} */
  async sync(): Promise<void> {
    await onDisk(this.path, this.file.sync());
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async #put(pieces: readonly Uint8Array[]): Promise<void> {
    let position = this.#size;
    let { bytesWritten } = await this.file.writev(pieces, position);
    for (const piece of pieces) {
      // a short write, as on a disk that is nearly full: the rest goes out piece by piece, and an error comes to light
      for (let from = Math.min(bytesWritten, piece.byteLength); from < piece.byteLength;)
        from += (await this.file.write(piece, from, piece.byteLength - from, position + from)).bytesWritten;
      bytesWritten = Math.max(0, bytesWritten - piece.byteLength);
      position += piece.byteLength;
    }
  }
}

function mendOf(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'make room on this disk, or name a folder on another one';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'name a folder that you may write to';
    default:
      return 'name another folder';
  }
}
