import { invariant } from '../errors.js';
import { ColumnsBuilder, Flag, int64At, Kind, Side, type ColumnInstrument, type MarketColumns } from './columns.js';
import type { BookData, InstrumentDefinition, LevelText, MarketEvent, Trade } from './events.js';
import { formatScaled, Increments, parseScaled, rescaled, rescaledSize, type Scaled } from './increments.js';

/**
 * Market events between their two shapes: JSON as in the log (decimal text) and columns (whole increments). Going to
 * columns, the increments only ever get finer; a value that they cannot hold must have been refused at the door.
 */
export class ColumnEncoder {
  readonly #builder = new ColumnsBuilder();
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #increments: Increments[] = [];
  #pending: { seq: number; event: MarketEvent }[] = [];

  /** Adds one event under its `seq`; events of one batch come in the order of their `seq`. */
  add(seq: number, event: MarketEvent): void {
    const code = this.#code(event.data.instrument);
    const increments = this.#increments[code]!;
    const price = (text: string): void =>
      invariant(increments.admitPrice(read(text)), `price ${text} is beyond the increments`);
    const size = (text: string): void =>
      invariant(increments.admitSize(read(text)), `size ${text} is beyond the increments`);
    switch (event.type) {
      case 'InstrumentDefined':
        price(event.data.tickSize);
        size(event.data.lotSize);
        break;
      case 'BookSnapshot':
      case 'BookDelta':
        for (const side of [event.data.bids, event.data.asks]) {
          for (const level of side) {
            price(level[0]);
            size(level[1]);
          }
        }
        break;
      case 'Traded':
        for (const trade of event.data.trades) {
          price(trade.price);
          size(trade.quantity);
        }
        break;
      default:
    }
    this.#pending.push({ seq, event });
  }

  get length(): number {
    return this.#pending.length;
  }

  /** The columns of all events added since the last call. */
  take(): MarketColumns {
    this.#writeAll();
    return this.#builder.take(this.#instruments());
  }

  /** The same without a copy: it is good until the next event is added. */
  lend(): MarketColumns {
    this.#writeAll();
    return this.#builder.lend(this.#instruments());
  }

  #writeAll(): void {
    for (const { seq, event } of this.#pending) this.#write(seq, event);
    this.#pending = [];
  }

  #instruments(): ColumnInstrument[] {
    return this.#names.map((instrument, code) => ({
      instrument,
      priceScale: this.#increments[code]!.priceScale,
      sizeScale: this.#increments[code]!.sizeScale,
    }));
  }

  #code(instrument: string): number {
    let code = this.#codes.get(instrument);
    if (code === undefined) {
      code = this.#names.length;
      this.#codes.set(instrument, code);
      this.#names.push(instrument);
      this.#increments.push(new Increments());
    }
    return code;
  }

  #write(seq: number, event: MarketEvent): void {
    const builder = this.#builder;
    const code = this.#code(event.data.instrument);
    const { priceScale, sizeScale } = this.#increments[code]!;
    const { at } = event;
    switch (event.type) {
      case 'BookSnapshot':
      case 'BookDelta': {
        const kind = event.type === 'BookSnapshot' ? Kind.snapshot : Kind.delta;
        const { bids, asks, venueAt = 0, venueSeq = 0, checksum } = event.data;
        const checked = checksum === undefined ? 0 : Flag.checked | (checksum === 'ok' ? 0 : Flag.mismatch);
        for (const [price, size] of bids)
          builder.add(
            seq,
            at,
            venueAt,
            code,
            kind,
            Side.bid,
            count(price, priceScale),
            countSize(size, sizeScale),
            checked,
            venueSeq,
          );
        for (const [price, size] of asks)
          builder.add(
            seq,
            at,
            venueAt,
            code,
            kind,
            Side.ask,
            count(price, priceScale),
            countSize(size, sizeScale),
            checked,
            venueSeq,
          );
        const dropped = event.type === 'BookDelta' && event.data.dropped === true;
        if (bids.length + asks.length === 0)
          builder.add(
            seq,
            at,
            venueAt,
            code,
            kind,
            Side.bid,
            0,
            0,
            Flag.noLevel | checked | (dropped ? Flag.dropped : 0),
            venueSeq,
          );
        break;
      }
      case 'Traded':
        for (const trade of event.data.trades)
          builder.add(
            seq,
            at,
            event.data.venueAt ?? 0,
            code,
            Kind.trade,
            trade.side === 'buy' ? Side.buy : Side.sell,
            count(trade.price, priceScale),
            countSize(trade.quantity, sizeScale),
            trade.notMarket === true ? Flag.notMarket : 0,
            trade.tradeId ?? 0,
          );
        break;
      case 'InstrumentDefined':
        builder.add(seq, at, 0, code, Kind.defined, 0, 0, 0, Flag.noLevel, 0, JSON.stringify(event.data));
        break;
      case 'FeedInterrupted':
      case 'FeedResumed': {
        const { instrument: _, venueAt, ...rest } = event.data;
        const kind = event.type === 'FeedInterrupted' ? Kind.interrupted : Kind.resumed;
        builder.add(seq, at, venueAt ?? 0, code, kind, 0, 0, 0, Flag.noLevel, 0, JSON.stringify(rest));
        break;
      }
    }
    builder.endMessage();
  }
}

function read(text: string): Scaled {
  const value = parseScaled(text);
  invariant(value !== undefined, `${JSON.stringify(text)} is no plain decimal`);
  return value;
}

function count(text: string, scale: number): number {
  const mantissa = rescaled(read(text), scale);
  invariant(mantissa !== undefined, `${text} is beyond safe integers at scale ${scale}`);
  return mantissa;
}

function countSize(text: string, scale: number): number {
  const mantissa = rescaledSize(read(text), scale);
  invariant(mantissa !== undefined, `${text} cannot be counted exactly at scale ${scale}`);
  return mantissa;
}

/** A row's message as an event again. `from` and `to` (exclusive) are the rows of one message. */
export function eventOf(columns: MarketColumns, from: number, to: number): MarketEvent {
  const { instrument, priceScale, sizeScale } = columns.instruments[columns.instrument[from]!]!;
  const at = int64At(columns.receivedAt, from);
  const venueAt = int64At(columns.venueAt, from);
  const market = venueAt === 0 ? { instrument } : { instrument, venueAt };
  const kind = columns.kind[from]!;
  const text = (): Record<string, unknown> => JSON.parse(columns.text(from) ?? '{}') as Record<string, unknown>;
  switch (kind) {
    case Kind.delta:
    case Kind.snapshot: {
      const bids: LevelText[] = [];
      const asks: LevelText[] = [];
      for (let row = from; row < to; row++) {
        if ((columns.flags[row]! & Flag.noLevel) !== 0) continue;
        const level: LevelText = [
          formatScaled(int64At(columns.price, row), priceScale),
          formatScaled(int64At(columns.size, row), sizeScale),
        ];
        (columns.side[row] === Side.bid ? bids : asks).push(level);
      }
      const venueSeq = int64At(columns.venueSeq, from);
      const data: BookData = {
        ...market,
        ...(venueSeq === 0 ? {} : { venueSeq }),
        ...checksumOf(columns.flags[from]!),
        bids,
        asks,
      };
      if (kind === Kind.snapshot) return { type: 'BookSnapshot', version: 1, at, data };
      const dropped = (columns.flags[from]! & Flag.dropped) !== 0;
      return { type: 'BookDelta', version: 1, at, data: dropped ? { ...data, dropped } : data };
    }
    case Kind.trade: {
      const trades: Trade[] = [];
      for (let row = from; row < to; row++) {
        const tradeId = int64At(columns.venueSeq, row);
        trades.push({
          side: columns.side[row] === Side.buy ? 'buy' : 'sell',
          price: formatScaled(int64At(columns.price, row), priceScale),
          quantity: formatScaled(int64At(columns.size, row), sizeScale),
          ...(tradeId === 0 ? {} : { tradeId }),
          ...((columns.flags[row]! & Flag.notMarket) === 0 ? {} : { notMarket: true as const }),
        });
      }
      return { type: 'Traded', version: 1, at, data: { ...market, trades } };
    }
    case Kind.interrupted:
      return { type: 'FeedInterrupted', version: 1, at, data: { ...market, ...text() } as never };
    case Kind.resumed:
      return { type: 'FeedResumed', version: 1, at, data: { ...market, ...text() } as never };
    case Kind.defined:
      return { type: 'InstrumentDefined', version: 1, at, data: text() as unknown as InstrumentDefinition };
    default:
      throw new Error(`unknown row kind ${kind}`);
  }
}

const checksumOf = (flags: number): Pick<BookData, 'checksum'> =>
  (flags & Flag.checked) === 0 ? {} : { checksum: (flags & Flag.mismatch) === 0 ? 'ok' : 'failed' };

/** Walks a batch message by message. */
export function* messages(columns: MarketColumns): Generator<{ seq: number; from: number; to: number }> {
  let from = 0;
  for (let row = 0; row < columns.rows; row++) {
    if ((columns.flags[row]! & Flag.messageEnd) === 0) continue;
    yield { seq: int64At(columns.seq, from), from, to: row + 1 };
    from = row + 1;
  }
  invariant(from === columns.rows, 'a batch ends in the middle of a message');
}
