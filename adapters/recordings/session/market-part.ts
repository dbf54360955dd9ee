import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant, InvariantViolation } from '../../../core/errors.js';
import { canonical, type Json } from '../../../core/json.js';
import { int64At, Kind, setInt64, type ColumnInstrument, type MarketColumns } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { multiplied, multipliedSize, pow10 } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { type Block, readBlocks } from './arrow-blocks.js';
import { ArrowWriter } from './arrow-file.js';
import { type Disk, MACHINE_DISK, onDisk } from './disk.js';
import { MarketHash } from './hashes.js';
import { RowBuffer } from './row-buffer.js';
import { MarketSurvey } from './survey.js';

export interface MarketSummary {
  readonly contentHash: string;
  readonly fileHash: string;
  readonly rows: number;
  readonly inputs: number;
  readonly messages: number;
  readonly gaps: number;
  readonly instruments: readonly InstrumentDefinition[];
  readonly firstAt: EpochMicros | undefined;
  readonly lastAt: EpochMicros | undefined;
}

/** A segment that has grown to this is followed by another one, so that `finish` can give their room back one by one. */
export const SEGMENT_BYTES = 16_777_216;

/** The name of a segment, from 0. */
export const segmentName = (index: number): string => `segment-${index}.arrows`;

/** While the segments are rewritten, a stream without rows beside them says how the new file counts: it knows only at its end. */
export const REWRITING = 'rewriting.arrows';

/** Rows written under one set of instruments and scales, as an Arrow stream. */
interface Segment {
  readonly path: string;
  readonly instruments: readonly ColumnInstrument[];
  readonly blocks: readonly Block[];
}

/**
 * The market rows of a session while it is written. They go to segments as they come, counted in the increments known so
 * far; `finish` makes one file of them, counted in the coarsest increments that hold them all.
 */
export class MarketPart {
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #survey = new MarketSurvey();
  /** Gathers rows; the other one may still be on its way to the disk. */
  #rows = new RowBuffer();
  #other = new RowBuffer();
  #writing: Promise<void> = Promise.resolve();
  readonly #segments: Segment[] = [];
  #open: { path: string; writer: ArrowWriter } | undefined;
  #segmentBytes = 0;
  #instruments: ColumnInstrument[] = [];

  constructor(directory: string, disk: Disk = MACHINE_DISK) {
    this.#directory = directory;
    this.#disk = disk;
  }

  /** Bytes of the segments so far. */
  get bytes(): number {
    return this.#segmentBytes + (this.#open?.writer.size ?? 0);
  }

  /** Takes rows; they may be used again once this resolves. `seq` ascends over all of them. */
  async add(columns: MarketColumns): Promise<void> {
    const { codes, textRows } = this.#survey.add(columns);
    if (!this.#fits(columns, codes)) {
      await this.#closeSegment();
      this.#learn(columns, codes);
    }
    const moved = codes.some((code, index) => code >= 0 && code !== index);
    let nextText = 0;
    for (let from = 0; from < columns.rows;) {
      const first = this.#rows.rows;
      const end = this.#rows.append(columns, from, columns.rows);
      if (moved) {
        const { instrument } = this.#rows;
        for (let row = first; row < this.#rows.rows; row++) instrument[row] = codes[instrument[row]!]!;
      }
      for (; nextText < textRows.length && textRows[nextText]! < end; nextText++) {
        const row = textRows[nextText]!;
        this.#rows.texts.set(first + row - from, canonicalText(columns.text(row)!));
      }
      if (this.#rows.full) await this.#write();
      from = end;
    }
  }

  /** Hands what is pending to the operating system. */
  async flush(): Promise<void> {
    await this.#write();
    await this.#writing;
  }

  /**
   * Rewrites the segments as one Arrow file and deletes each as soon as all of its rows are in there.
   *
   * @param definitions take the place of the texts that the definition rows of these instruments had
   */
  async finish(path: string, definitions: ReadonlyMap<string, InstrumentDefinition>): Promise<MarketSummary> {
    await this.#closeSegment();
    const scales = this.#survey.scales(definitions);
    const rewriting = join(this.#directory, REWRITING);
    await (await ArrowWriter.create(rewriting, 'stream', scales, this.#disk)).close();
    const writer = await ArrowWriter.create(path, 'file', scales, this.#disk);
    try {
      const { hash, left } = await this.#rewrite(writer, scales, definitions);
      const file = await writer.close();
      await this.#remove([...left, { path: rewriting }]);
      return { ...this.#survey.summary(definitions), contentHash: hash.digest(scales), fileHash: file.hash };
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#open?.writer.abandon();
  }

  async #rewrite(
    writer: ArrowWriter,
    scales: readonly ColumnInstrument[],
    definitions: ReadonlyMap<string, InstrumentDefinition>,
  ): Promise<{ hash: MarketHash; left: Segment[] }> {
    const hash = new MarketHash();
    /** Segments that were read to their end; all of their rows are in the file once the batch under way is written. */
    let covered: Segment[] = [];
    const spent: Segment[] = [];
    let [out, other] = [this.#rows, this.#other]; // their rows are in segments by now
    out.clear();
    let writing = Promise.resolve();
    const emit = async (): Promise<void> => {
      const columns = out.columns(scales);
      hash.update(columns, out.texts);
      await writing;
      await this.#remove(covered);
      covered = spent.splice(0);
      writing = writer.write(columns);
      writing.catch(() => undefined); // it comes to light where it is awaited
      [out, other] = [other, out];
      out.clear();
    };
    const definitionTexts = new Map<number, string>();
    scales.forEach(({ instrument }, code) => {
      const definition = definitions.get(instrument);
      if (definition !== undefined) definitionTexts.set(code, canonical(definition as unknown as Json));
    });
    for (const segment of this.#segments) {
      const rescale = rescaler(segment.instruments, scales);
      for await (const columns of read(segment)) {
        for (let from = 0; from < columns.rows;) {
          const first = out.rows;
          const end = out.append(columns, from, columns.rows);
          rescale(out, first);
          copyTexts(columns, from, end, out, first, definitionTexts);
          if (out.full) await emit();
          from = end;
        }
      }
      spent.push(segment);
    }
    if (out.rows > 0) await emit();
    await writing;
    return { hash, left: [...covered, ...spent] };
  }

  async #remove(files: readonly Pick<Segment, 'path'>[]): Promise<void> {
    for (const { path } of files) await onDisk(path, this.#disk.remove(path));
  }

  /** Begins to write what was gathered, once the batch before is written. */
  async #write(): Promise<void> {
    await this.#writing;
    if (this.#rows.rows === 0) return;
    if (this.#open !== undefined && this.#open.writer.size >= SEGMENT_BYTES) await this.#endSegment();
    if (this.#open === undefined) {
      const path = join(this.#directory, segmentName(this.#segments.length));
      this.#open = { path, writer: await ArrowWriter.create(path, 'stream', this.#instruments, this.#disk) };
    }
    this.#writing = this.#open.writer.write(this.#rows.columns(this.#instruments));
    this.#writing.catch(() => undefined); // it comes to light where it is awaited
    [this.#rows, this.#other] = [this.#other, this.#rows];
    this.#rows.clear();
  }

  async #closeSegment(): Promise<void> {
    await this.flush();
    await this.#endSegment();
  }

  async #endSegment(): Promise<void> {
    if (this.#open === undefined) return;
    const { path, writer } = this.#open;
    this.#open = undefined;
    const { blocks } = await writer.close();
    this.#segmentBytes += writer.size;
    this.#segments.push({ path, instruments: this.#instruments, blocks });
  }

  #fits(columns: MarketColumns, codes: Int32Array): boolean {
    return columns.instruments.every(({ priceScale, sizeScale }, index) => {
      const code = codes[index]!;
      if (code < 0) return true; // named, but without rows here
      const known = this.#instruments[code];
      return known?.priceScale === priceScale && known.sizeScale === sizeScale;
    });
  }

  #learn(columns: MarketColumns, codes: Int32Array): void {
    const instruments = [...this.#instruments];
    columns.instruments.forEach((instrument, index) => {
      if (codes[index]! >= 0) instruments[codes[index]!] = instrument;
    });
    this.#instruments = instruments;
  }
}

async function* read(segment: Segment): AsyncGenerator<MarketColumns> {
  const file = await open(segment.path);
  try {
    yield* readBlocks(segment.path, file, segment);
  } finally {
    await file.close();
  }
}

function copyTexts(
  columns: MarketColumns,
  from: number,
  end: number,
  out: RowBuffer,
  first: number,
  definitionTexts: ReadonlyMap<number, string>,
): void {
  for (let row = from; row < end; row++) {
    if (columns.kind[row]! < Kind.interrupted) continue;
    const text = columns.kind[row] === Kind.defined ? definitionTexts.get(columns.instrument[row]!) : undefined;
    const own = text ?? columns.text(row);
    if (own !== undefined) out.texts.set(first + row - from, own);
  }
}

/** Makes the change from a segment's scales to those of the file; does nothing where they are the same. */
function rescaler(
  from: readonly ColumnInstrument[],
  to: readonly ColumnInstrument[],
): (rows: RowBuffer, first: number) => void {
  const price = from.map(({ priceScale }, code) => to[code]!.priceScale - priceScale);
  const size = from.map(({ sizeScale }, code) => to[code]!.sizeScale - sizeScale);
  if ([...price, ...size].every((places) => places === 0)) return () => undefined;
  const shift = (
    words: Int32Array,
    row: number,
    places: number,
    instrument: string,
    finer: typeof multiplied,
  ): void => {
    const old = int64At(words, row);
    if (old === 0) return;
    if (places >= 0) {
      try {
        setInt64(words, row, finer(old, pow10(places)));
      } catch (error) {
        if (!(error instanceof InvariantViolation)) throw error;
        throw new RecordingError(
          'out_of_range',
          instrument,
          `${old} increments cannot be counted in increments ${places} places finer`,
          'give coarser tick and lot sizes in the rules file',
        );
      }
    } else {
      invariant(old % pow10(-places) === 0, 'the increments of a session file are too coarse for its rows');
      setInt64(words, row, old / pow10(-places));
    }
  };
  return (rows, first) => {
    for (let row = first; row < rows.rows; row++) {
      const code = rows.instrument[row]!;
      if (price[code] !== 0) shift(rows.price, row, price[code]!, to[code]!.instrument, multiplied);
      if (size[code] !== 0) shift(rows.size, row, size[code]!, to[code]!.instrument, multipliedSize);
    }
  };
}

const canonicalText = (text: string): string => canonical(JSON.parse(text) as Json);
