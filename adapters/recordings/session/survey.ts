import { invariant } from '../../../core/errors.js';
import { Flag, int64At, Kind, type ColumnInstrument, type MarketColumns } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { parseScaled } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import { firstUnsafeRow, MAX_INSTRUMENTS } from './schema.js';

/** The decimal places that an instrument's rows so far need. */
interface Places {
  readonly instrument: string;
  price: number;
  size: number;
}

/** What is learnt of market rows while they pass: instruments by first appearance, needed decimal places, counts. */
export class MarketSurvey {
  readonly #codes = new Map<string, number>();
  readonly #places: Places[] = [];
  readonly #definitions: InstrumentDefinition[] = [];
  #rows = 0;
  #inputs = 0;
  #messages = 0;
  #gaps = 0;
  #lastSeq = 0;
  #firstAt: EpochMicros | undefined;
  #lastAt: EpochMicros | undefined;

  /** @returns the session's code for each of the batch's instruments (-1: no row), and the rows that have a text */
  add(columns: MarketColumns): { codes: Int32Array; textRows: number[] } {
    const unsafe = firstUnsafeRow(columns);
    invariant(
      unsafe === undefined,
      `row ${unsafe ?? 0} of a market batch holds a number that cannot be counted exactly`,
    );
    const codes = new Int32Array(columns.instruments.length).fill(-1);
    const pricePlaces = new Int32Array(codes.length);
    const sizePlaces = new Int32Array(codes.length);
    const textRows: number[] = [];
    const { rows, kind, flags, instrument, price, size } = columns;
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const index = instrument[row]!;
      if (codes[index]! < 0) {
        const code = this.#code(columns.instruments[index]!.instrument);
        codes[index] = code;
        pricePlaces[index] = this.#places[code]!.price;
        sizePlaces[index] = this.#places[code]!.size;
      }
      const bits = flags[row]!;
      if ((bits & Flag.noLevel) === 0) {
        const scales = columns.instruments[index]!;
        if (pricePlaces[index]! < scales.priceScale)
          pricePlaces[index] = placesOf(int64At(price, row), scales.priceScale, pricePlaces[index]!);
        if (sizePlaces[index]! < scales.sizeScale)
          sizePlaces[index] = placesOf(int64At(size, row), scales.sizeScale, sizePlaces[index]!);
      } else if (kind[row]! >= Kind.interrupted) textRows.push(row);
      if ((bits & Flag.messageEnd) !== 0) {
        this.#message(columns, from);
        from = row + 1;
      }
    }
    invariant(from === rows, 'a market batch ends in the middle of a message');
    this.#rows += rows;
    for (let index = 0; index < codes.length; index++) {
      const places = this.#places[codes[index]!];
      if (places === undefined) continue;
      places.price = pricePlaces[index]!;
      places.size = sizePlaces[index]!;
    }
    for (const row of textRows) this.#text(columns, row);
    return { codes, textRows };
  }

  /** The instruments with the coarsest scales that hold all rows and the tick and lot sizes of their definitions. */
  scales(replaced: ReadonlyMap<string, InstrumentDefinition>): ColumnInstrument[] {
    const scales = this.#places.map(({ instrument, price, size }) => ({
      instrument,
      priceScale: price,
      sizeScale: size,
    }));
    for (const { instrument, tickSize, lotSize } of [
      ...replaced.values(),
      ...this.#definitions.filter((definition) => !replaced.has(definition.instrument)),
    ]) {
      const own = scales[this.#codes.get(instrument) ?? -1];
      if (own === undefined) continue;
      own.priceScale = greater(own.priceScale, parseScaled(tickSize)?.scale ?? 0);
      own.sizeScale = greater(own.sizeScale, parseScaled(lotSize)?.scale ?? 0);
    }
    return scales;
  }

  summary(replaced: ReadonlyMap<string, InstrumentDefinition>): {
    rows: number;
    inputs: number;
    messages: number;
    gaps: number;
    instruments: InstrumentDefinition[];
    firstAt: EpochMicros | undefined;
    lastAt: EpochMicros | undefined;
  } {
    const first = new Map<string, InstrumentDefinition>();
    for (const definition of this.#definitions) {
      const { instrument } = definition;
      if (!first.has(instrument)) first.set(instrument, replaced.get(instrument) ?? definition);
    }
    return {
      rows: this.#rows,
      inputs: this.#inputs,
      messages: this.#messages,
      gaps: this.#gaps,
      instruments: [...first.values()],
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
    };
  }

  #code(instrument: string): number {
    let code = this.#codes.get(instrument);
    if (code === undefined) {
      code = this.#places.length;
      if (code >= MAX_INSTRUMENTS)
        throw new RecordingError(
          'out_of_range',
          instrument,
          `is instrument ${code + 1} of one session`,
          'make several sessions',
        );
      this.#codes.set(instrument, code);
      this.#places.push({ instrument, price: 0, size: 0 });
    }
    return code;
  }

  #message(columns: MarketColumns, row: number): void {
    const seq = int64At(columns.seq, row);
    invariant(seq > this.#lastSeq, `market input ${seq} comes after ${this.#lastSeq}`);
    this.#lastSeq = seq;
    const at = int64At(columns.receivedAt, row);
    if (this.#firstAt === undefined || at < this.#firstAt) this.#firstAt = at;
    if (this.#lastAt === undefined || at > this.#lastAt) this.#lastAt = at;
    this.#inputs++;
    if (columns.kind[row]! <= Kind.interrupted) this.#messages++;
  }

  #text(columns: MarketColumns, row: number): void {
    const text = columns.text(row);
    invariant(text !== undefined, `row ${row} of a market batch lacks its text`);
    const value = JSON.parse(text) as unknown;
    if (columns.kind[row] === Kind.interrupted) {
      if ((value as { reason?: string }).reason === 'gap') this.#gaps++;
    } else if (columns.kind[row] === Kind.defined) this.#definitions.push(value as InstrumentDefinition);
  }
}

const greater = (a: number, b: number): number => (a > b ? a : b);

/** Decimal places, at least `known`, that a mantissa at `scale` needs. */
function placesOf(mantissa: number, scale: number, known: number): number {
  let places = scale;
  for (let rest = mantissa; places > known && rest % 10 === 0; rest /= 10) places--;
  return places;
}
