import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { ArrowFile } from '../recordings/session/arrow-file.js';
import { onDisk } from '../recordings/session/disk.js';
import { ResultsSchema } from './arrow.js';
import type { Column, Row } from './columns.js';
import { csvHead, csvRows } from './csv.js';

/** Rows of a record batch: fixed, so that the same rows make the same bytes. */
const BATCH = 8_192;

/** SHA-256 of each file, lower-case hex. */
export interface ResultHashes {
  readonly arrow: string;
  readonly csv: string;
}

/** Writes rows of results as an Arrow file and as CSV; at most one batch of them is in memory. */
export class ResultsWriter {
  readonly #waiting: Row[] = [];
  readonly #csvHash: Hash = createHash('sha256');

  private constructor(
    readonly schema: ResultsSchema,
    readonly arrow: ArrowFile,
    readonly csvPath: string,
    readonly csv: FileHandle,
  ) {}

  static async create(arrowPath: string, csvPath: string, columns: readonly Column[]): Promise<ResultsWriter> {
    const schema = new ResultsSchema(columns);
    const arrow = await ArrowFile.create(arrowPath, 'file', schema.schema);
    try {
      const writer = new ResultsWriter(schema, arrow, csvPath, await onDisk(csvPath, open(csvPath, 'wx')));
      await writer.#text(csvHead(columns));
      return writer;
    } catch (error) {
      await arrow.abandon();
      throw error;
    }
  }

  async add(row: Row): Promise<void> {
    this.#waiting.push(row);
    if (this.#waiting.length === BATCH) await this.#flush();
  }

  async close(): Promise<ResultHashes> {
    await this.#flush();
    const { hash } = await this.arrow.close();
    await onDisk(this.csvPath, this.csv.sync());
    await this.csv.close();
    return { arrow: hash, csv: this.#csvHash.digest('hex') };
  }

  /** Gives both files up as they are. */
  async abandon(): Promise<void> {
    await Promise.allSettled([this.arrow.abandon(), this.csv.close()]);
  }

  async #flush(): Promise<void> {
    const rows = this.#waiting.splice(0);
    if (rows.length === 0) return;
    await this.arrow.write(this.schema.recordBatch(rows));
    await this.#text(csvRows(this.schema.columns, rows));
  }

  async #text(text: string): Promise<void> {
    this.#csvHash.update(text);
    await onDisk(this.csvPath, this.csv.writeFile(text));
  }
}
