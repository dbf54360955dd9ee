import { canonical } from '../../core/json.js';
import { ColumnsBuilder, Flag, Kind, Side, type MarketColumns } from '../../core/market/columns.js';
import { Increments, MAX_SCALE, pow10 } from '../../core/market/increments.js';
import type { EpochMicros } from '../../core/time.js';
import { Levels } from './levels.js';

/** The facts that every row of a message shares. Absent numbers are 0. */
export interface MessageHead {
  readonly code: number;
  readonly receivedAt: EpochMicros;
  readonly venueAt: EpochMicros;
  readonly venueSeq: number;
}

/** Counts by decimal places in use, 0 to 18. */
export interface PlacesSeen {
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/** Rows after which a batch is handed over. */
const BATCH_ROWS = 65_536;

/**
 * The door through which a recording's messages become rows: gives each its `seq`, reads decimal text into whole
 * increments, and lets the increments get finer as the data ask for it. A message with a number that cannot be counted
 * together with those before it is left out whole.
 */
export class MarketRows {
  /** Batches that are complete; whoever writes them empties the list. */
  readonly ready: MarketColumns[] = [];
  readonly #builder = new ColumnsBuilder();
  readonly #instruments: InstrumentScale[] = [];
  readonly levels = new Levels();
  #seq = 0;

  /** Enters an instrument. The text of its definition is known only at the end; until then a stand-in holds its place. */
  define(instrument: string, receivedAt: EpochMicros): number {
    const code = this.#instruments.length;
    this.#instruments.push({
      instrument,
      increments: new Increments(),
      greatest: { price: 0, size: 0 },
      seen: { price: new Float64Array(MAX_SCALE + 1), size: new Float64Array(MAX_SCALE + 1) },
    });
    this.#text({ code, receivedAt, venueAt: 0, venueSeq: 0 }, Kind.defined, canonical({ instrument }));
    return code;
  }

  /** How many prices and sizes used how many decimal places so far. */
  placesSeen(code: number): PlacesSeen {
    return this.#instruments[code]!.seen;
  }

  /** @returns false when a number is beyond what can be counted, and nothing was written; @throws {MessageFault} */
  book(head: MessageHead, kind: typeof Kind.delta | typeof Kind.snapshot, bids: unknown, asks: unknown): boolean {
    const { levels } = this;
    if (!levels.read(bids, asks)) return false;
    const instrument = this.#instruments[head.code]!;
    if (!this.#admit(instrument)) return false;
    if (levels.count === 0) this.noLevel(head, kind, 0);
    else {
      this.#seq++;
      const { receivedAt, venueAt, code, venueSeq } = head;
      const { priceScale, sizeScale } = instrument.increments;
      const { count, bidCount, price, pricePlaces, size, sizePlaces } = levels;
      const { seen } = instrument;
      for (let level = 0; level < count; level++) {
        seen.price[pricePlaces[level]!]!++;
        seen.size[sizePlaces[level]!]!++;
        const ticks = price[level]! * pow10(priceScale - pricePlaces[level]!);
        const lots = size[level]! * pow10(sizeScale - sizePlaces[level]!);
        const side = level < bidCount ? Side.bid : Side.ask;
        this.#builder.add(this.#seq, receivedAt, venueAt, code, kind, side, ticks, lots, 0, venueSeq);
      }
      this.#endMessage();
    }
    return true;
  }

  /** A book message without levels: an empty one, or with `Flag.dropped` one that the sequence rules leave out. */
  noLevel({ code, receivedAt, venueAt, venueSeq }: MessageHead, kind: number, flags: number): void {
    this.#builder.add(++this.#seq, receivedAt, venueAt, code, kind, 0, 0, 0, Flag.noLevel | flags, venueSeq);
    this.#endMessage();
  }

  /** @returns false when a number is beyond what can be counted, and nothing was written; @throws {MessageFault} */
  trade(head: MessageHead, side: Side, price: unknown, size: unknown, flags: number): boolean {
    const { levels } = this;
    levels.clear();
    if (!levels.add(price, size)) return false;
    const instrument = this.#instruments[head.code]!;
    if (!this.#admit(instrument)) return false;
    const { priceScale, sizeScale } = instrument.increments;
    instrument.seen.price[levels.pricePlaces[0]!]!++;
    instrument.seen.size[levels.sizePlaces[0]!]!++;
    const ticks = levels.price[0]! * pow10(priceScale - levels.pricePlaces[0]!);
    const lots = levels.size[0]! * pow10(sizeScale - levels.sizePlaces[0]!);
    const { code, receivedAt, venueAt, venueSeq } = head;
    this.#builder.add(++this.#seq, receivedAt, venueAt, code, Kind.trade, side, ticks, lots, flags, venueSeq);
    this.#endMessage();
    return true;
  }

  interrupted(code: number, receivedAt: EpochMicros, reason: string, detail: string): void {
    this.#text({ code, receivedAt, venueAt: 0, venueSeq: 0 }, Kind.interrupted, canonical({ detail, reason }));
  }

  resumed(code: number, receivedAt: EpochMicros, trust: 'trusted' | 'partial'): void {
    this.#text({ code, receivedAt, venueAt: 0, venueSeq: 0 }, Kind.resumed, canonical({ trust }));
  }

  /** Moves what is pending to `ready`. */
  flush(): void {
    if (this.#builder.rows === 0) return;
    this.ready.push(
      this.#builder.take(
        this.#instruments.map(({ instrument, increments: { priceScale, sizeScale } }) => ({
          instrument,
          priceScale,
          sizeScale,
        })),
      ),
    );
  }

  #text({ code, receivedAt, venueAt, venueSeq }: MessageHead, kind: number, text: string): void {
    this.#builder.add(++this.#seq, receivedAt, venueAt, code, kind, 0, 0, 0, Flag.noLevel, venueSeq, text);
    this.#endMessage();
  }

  #endMessage(): void {
    this.#builder.endMessage();
    if (this.#builder.rows >= BATCH_ROWS) this.flush();
  }

  /** Asks the increments to hold the levels just read; where they must get finer, the rows so far go out as they are. */
  #admit({ increments, greatest }: InstrumentScale): boolean {
    const { levels } = this;
    if (levels.mostPricePlaces > increments.priceScale || levels.mostSizePlaces > increments.sizeScale) this.flush();
    for (let level = 0; level < levels.count; level++) {
      const price = levels.price[level]!;
      const places = levels.pricePlaces[level]!;
      // the increments are asked only where the answer could change them
      if (places > increments.priceScale || price * pow10(increments.priceScale - places) > greatest.price) {
        if (!increments.admitPrice({ mantissa: price, scale: places })) return false;
        greatest.price = price * pow10(increments.priceScale - places);
      }
      const size = levels.size[level]!;
      const sizePlaces = levels.sizePlaces[level]!;
      if (sizePlaces > increments.sizeScale || size * pow10(increments.sizeScale - sizePlaces) > greatest.size) {
        if (!increments.admitSize({ mantissa: size, scale: sizePlaces })) return false;
        greatest.size = size * pow10(increments.sizeScale - sizePlaces);
      }
    }
    return true;
  }
}

interface InstrumentScale {
  readonly instrument: string;
  readonly increments: Increments;
  /** Numbers up to these, at the present scales, are known to fit. */
  readonly greatest: { price: number; size: number };
  readonly seen: PlacesSeen;
}
