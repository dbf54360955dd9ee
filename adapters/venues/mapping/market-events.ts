import { Flag, Kind, Side } from '../../../core/market/columns.js';
import type { BookData, LevelText, MarketEvent, Trade } from '../../../core/market/events.js';
import { formatScaled } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import { Counting } from './counting.js';
import { MessageFault } from './fault.js';
import { Levels } from './levels.js';
import type { MarketSink, MessageHead, PlacesSeen, TradeLine } from './sink.js';

/** The door through which a live feed's messages become events, in the same words in which a recording's would be read. */
export class MarketEvents implements MarketSink {
  readonly levels = new Levels();
  readonly #instruments: Counting[] = [];
  readonly #tell: (event: MarketEvent) => void;
  readonly #isAsked: (instrument: string) => boolean;

  /**
   * @param tell     takes each event; definitions are told by whoever opened the feed
   * @param isAsked  whether somebody asked for an instrument; all when absent
   */
  constructor(tell: (event: MarketEvent) => void, isAsked: (instrument: string) => boolean = () => true) {
    this.#tell = tell;
    this.#isAsked = isAsked;
  }

  /** @throws {MessageFault} for an instrument that nobody asked for */
  define(instrument: string): number {
    if (!this.#isAsked(instrument))
      throw new MessageFault('bad_message', `a message of ${instrument}, which was not asked for`);
    return this.#instruments.push(new Counting(instrument)) - 1;
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
    if (!this.#instruments[head.code]!.admit(levels)) return false;
    const sides: readonly [LevelText[], LevelText[]] = [[], []];
    for (let level = 0; level < levels.count; level++)
      sides[level < levels.bidCount ? Side.bid : Side.ask].push([priceOf(levels, level), sizeOf(levels, level)]);
    this.#book(head, kind, sides, flags);
    return true;
  }

  noLevel(head: MessageHead, kind: number, flags: number): void {
    this.#book(head, kind, [[], []], flags);
  }

  trades({ code, receivedAt, venueAt }: Omit<MessageHead, 'venueSeq'>, trades: readonly TradeLine[]): boolean {
    if (trades.length === 0) return true;
    const { levels } = this;
    levels.clear();
    for (const { price, size } of trades) if (!levels.add(price, size)) return false;
    const instrument = this.#instruments[code]!;
    if (!instrument.admit(levels)) return false;
    const told = trades.map(({ side, id, flags }, index): Trade => ({
      side: side === Side.buy ? 'buy' : 'sell',
      price: priceOf(levels, index),
      quantity: sizeOf(levels, index),
      ...(id === 0 ? {} : { tradeId: id }),
      ...((flags & Flag.notMarket) === 0 ? {} : { notMarket: true as const }),
    }));
    const data = { ...this.#market(code, venueAt), trades: told };
    this.#tell({ type: 'Traded', version: 1, at: receivedAt, data });
    return true;
  }

  interrupted(code: number, at: EpochMicros, reason: string, detail: string): void {
    const { instrument } = this.#instruments[code]!;
    this.#tell({ type: 'FeedInterrupted', version: 1, at, data: { instrument, reason, detail } });
  }

  resumed(code: number, at: EpochMicros, trust: 'trusted' | 'partial'): void {
    const { instrument } = this.#instruments[code]!;
    this.#tell({ type: 'FeedResumed', version: 1, at, data: { instrument, trust } });
  }

  #book(
    { code, receivedAt, venueAt, venueSeq }: MessageHead,
    kind: number,
    [bids, asks]: readonly [LevelText[], LevelText[]],
    flags: number,
  ): void {
    const data: BookData = {
      ...this.#market(code, venueAt),
      ...(venueSeq === 0 ? {} : { venueSeq }),
      ...((flags & Flag.checked) === 0 ? {} : { checksum: (flags & Flag.mismatch) === 0 ? 'ok' : 'failed' }),
      bids,
      asks,
    };
    if (kind === Kind.snapshot) this.#tell({ type: 'BookSnapshot', version: 1, at: receivedAt, data });
    else {
      const dropped = (flags & Flag.dropped) === 0 ? {} : { dropped: true as const };
      this.#tell({ type: 'BookDelta', version: 1, at: receivedAt, data: { ...data, ...dropped } });
    }
  }

  #market(code: number, venueAt: EpochMicros): { readonly instrument: string; readonly venueAt?: EpochMicros } {
    const { instrument } = this.#instruments[code]!;
    return venueAt === 0 ? { instrument } : { instrument, venueAt };
  }
}

const priceOf = (levels: Levels, level: number): string =>
  formatScaled(levels.price[level]!, levels.pricePlaces[level]!);
const sizeOf = (levels: Levels, level: number): string => formatScaled(levels.size[level]!, levels.sizePlaces[level]!);
