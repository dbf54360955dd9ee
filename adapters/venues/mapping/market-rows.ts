import { canonical, type Json } from '../../../core/json.js';
import { ColumnsBuilder, Flag, Kind, Side, type MarketColumns } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { pow10 } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import { Counting } from './counting.js';
import { Levels } from './levels.js';
import type { MarketSink, MessageHead, PlacesSeen, TradeLine } from './sink.js';

/** Rows after which a batch is handed over. */
const BATCH_ROWS = 16_384;

/** The door through which a recording's messages become rows: gives each its `seq`, and counts in whole increments. */
export class MarketRows implements MarketSink {
  /** Batches that are complete; whoever writes them empties the list. */
  readonly ready: MarketColumns[] = [];
  readonly levels = new Levels();
  readonly #builder = new ColumnsBuilder();
  readonly #instruments: Counting[] = [];
  #seq = 0;

  /** The text of its definition is known only at the end; until then a stand-in holds its place. */
  define(instrument: string, receivedAt: EpochMicros): number {
    const code = this.#instruments.length;
    this.#instruments.push(new Counting(instrument));
    this.#text(code, receivedAt, Kind.defined, canonical({ instrument }));
    return code;
  }

  /** Writes what an instrument is, which is known already, and enters it where it is new. @returns its code */
  defined(definition: InstrumentDefinition, receivedAt: EpochMicros): number {
    const known = this.#instruments.findIndex(({ instrument }) => instrument === definition.instrument);
    const code = known < 0 ? this.#instruments.push(new Counting(definition.instrument)) - 1 : known;
    this.#text(code, receivedAt, Kind.defined, canonical(definition as unknown as Json));
    return code;
  }

  placesSeen(code: number): PlacesSeen {
    return this.#instruments[code]!.seen;
  }

  book(
    head: MessageHead,
    kind: typeof Kind.delta | typeof Kind.snapshot,
    bids: unknown,
    asks: unknown,
    flags = 0,
  ): boolean {
    return this.levels.read(bids, asks) && this.bookOf(head, kind, flags);
  }

  bookOf(head: MessageHead, kind: typeof Kind.delta | typeof Kind.snapshot, flags: number): boolean {
    const { levels } = this;
    const instrument = this.#instruments[head.code]!;
    if (!this.#admit(instrument)) return false;
    if (levels.count === 0) this.noLevel(head, kind, flags);
    else {
      this.#seq++;
      const { receivedAt, venueAt, code, venueSeq } = head;
      const { priceScale, sizeScale } = instrument.increments;
      const { count, bidCount, price, pricePlaces, size, sizePlaces } = levels;
      for (let level = 0; level < count; level++) {
        instrument.note(levels, level);
        const ticks = price[level]! * pow10(priceScale - pricePlaces[level]!);
        const lots = size[level]! * pow10(sizeScale - sizePlaces[level]!);
        const side = level < bidCount ? Side.bid : Side.ask;
        this.#builder.add(this.#seq, receivedAt, venueAt, code, kind, side, ticks, lots, flags, venueSeq);
      }
      this.#endMessage();
    }
    return true;
  }

  noLevel({ code, receivedAt, venueAt, venueSeq }: MessageHead, kind: number, flags: number): void {
    this.#builder.add(++this.#seq, receivedAt, venueAt, code, kind, 0, 0, 0, Flag.noLevel | flags, venueSeq);
    this.#endMessage();
  }

  trades({ code, receivedAt, venueAt }: Omit<MessageHead, 'venueSeq'>, trades: readonly TradeLine[]): boolean {
    if (trades.length === 0) return true;
    const { levels } = this;
    levels.clear();
    for (const { price, size } of trades) if (!levels.add(price, size)) return false;
    const instrument = this.#instruments[code]!;
    if (!this.#admit(instrument)) return false;
    this.#seq++;
    const { priceScale, sizeScale } = instrument.increments;
    for (let index = 0; index < trades.length; index++) {
      const { side, id, flags } = trades[index]!;
      instrument.note(levels, index);
      const ticks = levels.price[index]! * pow10(priceScale - levels.pricePlaces[index]!);
      const lots = levels.size[index]! * pow10(sizeScale - levels.sizePlaces[index]!);
      this.#builder.add(this.#seq, receivedAt, venueAt, code, Kind.trade, side, ticks, lots, flags, id);
    }
    this.#endMessage();
    return true;
  }

  interrupted(code: number, receivedAt: EpochMicros, reason: string, detail: string): void {
    this.#text(code, receivedAt, Kind.interrupted, canonical({ detail, reason }));
  }

  resumed(code: number, receivedAt: EpochMicros, trust: 'trusted' | 'partial'): void {
    this.#text(code, receivedAt, Kind.resumed, canonical({ trust }));
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

  #text(code: number, receivedAt: EpochMicros, kind: number, text: string): void {
    this.#builder.add(++this.#seq, receivedAt, 0, code, kind, 0, 0, 0, Flag.noLevel, 0, text);
    this.#endMessage();
  }

  #endMessage(): void {
    this.#builder.endMessage();
    if (this.#builder.rows >= BATCH_ROWS) this.flush();
  }

  /** Where increments must get finer, the rows so far go out as they are. */
  #admit(instrument: Counting): boolean {
    if (instrument.isFiner(this.levels)) this.flush();
    return instrument.admit(this.levels);
  }
}
