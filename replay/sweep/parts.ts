import { createReadStream, readSync } from 'node:fs';
import { mkdir, open, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../../adapters/results/columns.js';
import { onDisk } from '../../adapters/recordings/session/disk.js';
import type { FinishedRows } from './work.js';

/**
 * What a sweep has finished, one file a session, one line a desk in the order in which they finished. A line that is not
 * whole was being written when the run ended: it is cut off, and its desk runs again.
 */
export class Parts {
  private constructor(
    readonly folder: string,
    readonly files: readonly PartFile[],
  ) {}

  /** @param desks  how many each session has */
  static async open(folder: string, desks: readonly number[]): Promise<Parts> {
    await onDisk(folder, mkdir(folder, { recursive: true }));
    const files: PartFile[] = [];
    for (const [session, count] of desks.entries())
      files.push(await PartFile.open(join(folder, `${session}.ndjson`), count));
    return new Parts(folder, files);
  }

  get finished(): number {
    return this.files.reduce((sum, { finished }) => sum + finished, 0);
  }

  has(session: number, desk: number): boolean {
    return this.files[session]!.has(desk);
  }

  add(session: number, rows: FinishedRows): Promise<void> {
    return this.files[session]!.add(rows);
  }

  row(session: number, desk: number): Row {
    return this.files[session]!.row(desk);
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }

  /** When the results stand elsewhere. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

class PartFile {
  finished = 0;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  #size = 0;
  #isOpen = true;

  private constructor(
    readonly path: string,
    readonly file: FileHandle,
    desks: number,
  ) {
    this.#offsets = new Float64Array(desks).fill(-1);
    this.#lengths = new Uint32Array(desks);
  }

  static async open(path: string, desks: number): Promise<PartFile> {
    const part = new PartFile(path, await onDisk(path, open(path, 'a+')), desks);
    await part.#survey();
    return part;
  }

  has(desk: number): boolean {
    return this.#offsets[desk] !== -1;
  }

  async add(rows: FinishedRows): Promise<void> {
    const lines = rows.map(([desk, row]) => Buffer.from(`${JSON.stringify([desk, ...row])}\n`));
    const bytes = Buffer.concat(lines);
    await onDisk(this.path, this.file.appendFile(bytes));
    for (const [i, line] of lines.entries()) this.#note(rows[i]![0], line.length);
  }

  row(desk: number): Row {
    const bytes = Buffer.allocUnsafe(this.#lengths[desk]!);
    readSync(this.file.fd, bytes, 0, bytes.length, this.#offsets[desk]!);
    return (JSON.parse(bytes.toString()) as Row).slice(1);
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.file.close();
    this.#isOpen = false;
  }

  #note(desk: number, length: number): void {
    if (!this.has(desk)) this.finished++;
    this.#offsets[desk] = this.#size;
    this.#lengths[desk] = length;
    this.#size += length;
  }

  /** Finds the lines that are there, and cuts off what is behind the last whole one. */
  async #survey(): Promise<void> {
    let begun: Buffer[] = [];
    for await (const read of createReadStream(this.path, { highWaterMark: 1 << 20 })) {
      let from = 0;
      const chunk = read as Buffer;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
        const line = Buffer.concat([...begun, chunk.subarray(from, end + 1)]);
        begun = [];
        from = end + 1;
        this.#note(Number(/^\[(\d+),/.exec(line.toString('latin1', 0, 24))?.[1]), line.length);
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
    }
    const { size } = await stat(this.path);
    if (size > this.#size) await onDisk(this.path, truncate(this.path, this.#size));
  }
}

const LF = 10;
