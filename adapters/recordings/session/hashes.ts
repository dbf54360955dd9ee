import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../core/json.js';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The content hash of market rows: SHA-256 of every column over all rows, so that neither the ends of batches nor the
 * version of Arrow count. Integers are little-endian as in `MarketColumns`, an absent number is 0, and texts are lines
 * `row TAB text LF`. Prices and sizes must be at the coarsest exponents that hold all of them.
 */
export class MarketHash {
  #rows = 0;
  readonly #columns = {
    seq: createHash('sha256'),
    receivedAt: createHash('sha256'),
    venueAt: createHash('sha256'),
    instrument: createHash('sha256'),
    kind: createHash('sha256'),
    side: createHash('sha256'),
    price: createHash('sha256'),
    size: createHash('sha256'),
    flags: createHash('sha256'),
    venueSeq: createHash('sha256'),
  };
  readonly #texts = createHash('sha256');

  /** @param texts rows of this batch that have a text, ascending */
  update(columns: MarketColumns, texts: Iterable<readonly [row: number, text: string]>): void {
    for (const name of NAMES) this.#columns[name].update(columns[name]);
    for (const [row, text] of texts) this.#texts.update(`${this.#rows + row}\t${text}\n`);
    this.#rows += columns.rows;
  }

  digest(instruments: readonly ColumnInstrument[]): string {
    const columns: Record<string, Json> = { text: this.#texts.digest('hex') };
    for (const name of NAMES) columns[name] = this.#columns[name].digest('hex');
    const scales = instruments.map(({ instrument, priceScale, sizeScale }) => ({ instrument, priceScale, sizeScale }));
    return sha256(canonical({ rows: this.#rows, instruments: scales, columns }));
  }
}

const NAMES = [
  'seq',
  'receivedAt',
  'venueAt',
  'instrument',
  'kind',
  'side',
  'price',
  'size',
  'flags',
  'venueSeq',
] as const;

/** What two sessions must share to be equal: their market rows, other inputs and outcomes. */
export function contentHashOf(hashes: { market: string; inputs: string; outcomes: string | null }): string {
  return sha256(canonical(hashes));
}
