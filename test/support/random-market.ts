import { Draws } from '../../core/draws.js';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import {
  BTC,
  commanded,
  defined,
  interrupted,
  resumed,
  snapshot,
  SPOT,
  submitted,
  T0,
  type Happening,
} from './market.js';

const SECOND = 1_000_000;
const MS = 1000;
const ACCOUNTS = ['default', 'alice'];
const LEVELS = 8;

/** What a random market is like, and who trades in it. */
export interface Manner {
  /** Nothing but whole, trusted, uncrossed books. */
  readonly calm?: boolean;
  /** Levels a side that the feed publishes. */
  readonly published?: number;
  /** Only quotes, floor 100, and no commands. */
  readonly makersOnly?: boolean;
  /** Quotes at one price, of one slice, that never move. */
  readonly stay?: boolean;
  readonly orders?: number;
}

/**
 * A market for looking at fills: the touch walks, levels near it come and go, trades at and through them are told twice, in time,
 * late or early; the book breaks now and then. Lot 0.1, tick 0.5. Its orders quote and take in every way, on two accounts.
 */
export class RandomMarket {
  readonly #draws: Draws;
  readonly #manner: Manner;
  readonly #stamps: 'all' | 'some' | 'none';
  /** The book as it is, in ticks and lots; and as it was told last. */
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  #told: { bids: Map<number, number>; asks: Map<number, number> } = { bids: new Map(), asks: new Map() };
  #mid = 200;
  #at = T0 + SECOND;
  #depthVenueAt: number[] = [];
  #tradedVenueAt = 0;
  #orders: { id: string; account: string }[] = [];
  readonly #inputs: Happening[] = [];

  constructor(seed: number, manner: Manner = {}) {
    this.#draws = new Draws(seed, 'random market');
    this.#manner = manner;
    this.#stamps = this.#chance(0.8) ? 'all' : this.#pick(['some', 'none']);
  }

  /** At least `count` inputs without the run that they need in front: the definition, a snapshot, and what happens then. */
  inputs(count: number): Happening[] {
    const { published } = this.#manner;
    this.#inputs.push(
      defined({ ...SPOT, minQuantity: '0', ...(published === undefined ? {} : { publishedDepth: published }) }),
    );
    for (let away = 1; away <= LEVELS; away++) {
      this.#bids.set(this.#mid - away, this.#size());
      this.#asks.set(this.#mid + away, this.#size());
    }
    this.#tellWhole();
    for (let i = 0; i < (this.#manner.orders ?? 4); i++) this.#submit();
    while (this.#inputs.length < count) {
      this.#pass();
      this.#step();
    }
    return this.#inputs;
  }

  #step(): void {
    const what = this.#draws.below(100);
    const { calm, makersOnly, orders } = this.#manner;
    if (what < 35) this.#change();
    else if (what < 50) this.#walk();
    else if (what < 88) this.#trade();
    else if (what < 90 && calm !== true) this.#break();
    else if (what < 92) this.#tellWhole();
    else if (makersOnly !== true && what < 96) this.#command();
    else if (this.#orders.length < (orders ?? 6)) this.#submit();
    else this.#change();
  }

  // ---- the book ---------------------------------------------------------------------------------------------------------

  /** Levels near the touch grow, shrink, go and come. */
  #change(): void {
    for (let i = this.#draws.below(3); i >= 0; i--) {
      const away = 1 + this.#draws.below(5);
      const [side, price] = this.#chance(0.5) ? [this.#bids, this.#mid - away] : [this.#asks, this.#mid + away];
      const now = side.get(price) ?? 0;
      const size = this.#chance(0.6) && now > 1 ? this.#draws.below(now) : this.#size();
      if (size === 0) side.delete(price);
      else side.set(price, size);
    }
    this.#tell();
  }

  /** The touch moves; for a moment, sometimes, only one side of it has. */
  #walk(): void {
    const by = this.#pick([-2, -1, -1, 1, 1, 2]);
    this.#mid += by;
    const [ahead, behind] = by > 0 ? [this.#bids, this.#asks] : [this.#asks, this.#bids];
    for (let i = 1; i <= LEVELS; i++) {
      const [front, back] = by > 0 ? [this.#mid - i, this.#mid + i] : [this.#mid + i, this.#mid - i];
      if (!ahead.has(front) && this.#chance(0.8)) ahead.set(front, this.#size());
      if (!behind.has(back) && this.#chance(0.5)) behind.set(back, this.#size());
    }
    if (this.#manner.calm !== true && this.#chance(0.2)) {
      this.#tell();
      this.#pass();
    }
    for (const price of behind.keys()) if (by > 0 ? price <= this.#mid : price >= this.#mid) behind.delete(price);
    for (const [price] of [...this.#bids]) if (price < this.#mid - 20) this.#bids.delete(price);
    for (const [price] of [...this.#asks]) if (price > this.#mid + 20) this.#asks.delete(price);
    this.#tell();
  }

  /** Somebody takes a level or a few; print and depth tell it in either order, and not always both. */
  #trade(): void {
    const sells = this.#chance(0.5);
    const side = sells ? this.#bids : this.#asks;
    const best = sells ? Math.max(...side.keys()) : Math.min(...side.keys());
    const deeper = this.#chance(0.7) ? 0 : this.#draws.below(4);
    const price = Number.isFinite(best) ? best + (sells ? -deeper : deeper) : this.#mid;
    const lots = 1 + this.#draws.below(this.#pick([8, 30, 60]));
    const print = (tradedAt: number): void => {
      const venueAt = Math.max(tradedAt, this.#tradedVenueAt); // a tape is in order
      this.#tradedVenueAt = venueAt;
      const trade = { side: sells ? 'sell' : 'buy', price: text(price, 5), quantity: text(lots, 1) } as const;
      const stamp = this.#stamped(venueAt);
      const more = this.#chance(0.1) ? [{ ...trade, quantity: text(1 + this.#draws.below(9), 1) }] : [];
      const odd = this.#chance(0.03) ? { notMarket: true as const } : {};
      this.#inputs.push({
        type: 'Traded',
        version: 1,
        at: this.#at,
        data: { instrument: BTC, ...stamp, trades: [{ ...trade, ...odd }, ...more] },
      });
    };
    const shown = (): void => {
      const left = (side.get(price) ?? 0) - lots - (this.#chance(0.3) ? this.#draws.below(6) - 2 : 0);
      if (left > 0) side.set(price, left);
      else side.delete(price);
      this.#tell();
    };
    const last = this.#depthVenueAt.at(-1)!;
    switch (this.#draws.below(6)) {
      case 0:
      case 1: // in time
        print(last + Math.ceil((this.#at - last) / 2));
        this.#pass();
        {
          shown();
          return;
        }
      case 2: // early: later than the next depth message, which does not show it yet
        print(this.#at + this.#draws.below(100) * MS);
        this.#pass();
        {
          this.#change();
          return;
        }
      case 3: // late: the depth message has been there
        shown();
        this.#pass();
        if (this.#chance(0.4)) {
          const shownAt = this.#depthVenueAt.at(-1)!;
          this.#change();
          this.#pass();
          print(shownAt);
          return;
        }
        {
          print(last + 1 + this.#draws.below(Math.max(1, this.#depthVenueAt.at(-1)! - last)));
          return;
        }
      case 4: {
        // very late
        print((this.#depthVenueAt.at(-4) ?? last) + this.#draws.below(300) * MS);
        return;
      }
      default: {
        // never shown
        print(last + Math.ceil((this.#at - last) / 2));
        return;
      }
    }
  }

  #break(): void {
    const silent = this.#chance(0.3);
    this.#inputs.push(interrupted(this.#at, silent ? 'silent' : 'gap'));
    for (let i = this.#draws.below(4); i > 0; i--) {
      this.#pass();
      this.#pick([() => this.#change(), () => this.#walk(), () => this.#trade(), () => this.#command()])();
    }
    this.#pass();
    if (silent) this.#inputs.push(resumed(this.#at));
    else this.#tellWhole();
  }

  #tell(): void {
    const { bids, asks } = this.#view();
    const levels = (before: Map<number, number>, after: Map<number, number>): LevelText[] => [
      ...[...before].filter(([price]) => !after.has(price)).map(([price]) => [text(price, 5), '0'] as const),
      ...[...after]
        .filter(([price, lots]) => before.get(price) !== lots)
        .map(([price, lots]) => [text(price, 5), text(lots, 1)] as const),
    ];
    const data = { instrument: BTC, bids: levels(this.#told.bids, bids), asks: levels(this.#told.asks, asks) };
    this.#inputs.push({ type: 'BookDelta', version: 1, at: this.#at, data: { ...data, ...this.#depthStamp() } });
    this.#told = { bids, asks };
  }

  #tellWhole(): void {
    const { bids, asks } = this.#view();
    const levels = (side: Map<number, number>): LevelText[] =>
      [...side].map(([price, lots]) => [text(price, 5), text(lots, 1)] as const);
    const event = snapshot(this.#at, levels(bids), levels(asks));
    this.#inputs.push({ ...event, data: { ...event.data, ...this.#depthStamp() } } as MarketEvent);
    this.#told = { bids, asks };
  }

  #view(): { bids: Map<number, number>; asks: Map<number, number> } {
    const most = this.#manner.published;
    return {
      bids: new Map([...this.#bids].sort(([a], [b]) => b - a).slice(0, most)),
      asks: new Map([...this.#asks].sort(([a], [b]) => a - b).slice(0, most)),
    };
  }

  #depthStamp(): { venueAt?: number } {
    const venueAt = Math.max(this.#at - 3 * MS, (this.#depthVenueAt.at(-1) ?? 0) + 1);
    this.#depthVenueAt.push(venueAt);
    return this.#stamped(venueAt);
  }

  #stamped(venueAt: number | undefined): { venueAt?: number } {
    if (venueAt === undefined || this.#stamps === 'none' || (this.#stamps === 'some' && this.#chance(0.3))) return {};
    return { venueAt };
  }

  // ---- the orders -------------------------------------------------------------------------------------------------------

  #submit(): void {
    const id = `o${this.#orders.length + 1}`;
    const account = this.#pick(ACCOUNTS);
    this.#orders.push({ id, account });
    this.#inputs.push(submitted(this.#at, { account, ...this.#parameters() }, id));
  }

  #parameters(): Partial<TwapParameters> {
    const side = this.#pick(['buy', 'sell'] as const);
    const kind = this.#manner.makersOnly === true ? 1 : this.#draws.below(4);
    const common = {
      side,
      quantity: text(10 + this.#draws.below(150), 1),
      duration: `${10 + this.#draws.below(40)}s`,
      slices: 1 + this.#draws.below(8),
      ...(this.#chance(0.2)
        ? { limitPrice: text(this.#mid + (side === 'buy' ? 1 : -1) * (this.#draws.below(5) - 1), 5) }
        : {}),
    };
    if (kind === 0) return common;
    if (this.#manner.stay === true) {
      const limit = this.#mid + (side === 'buy' ? -1 : 1) * this.#draws.below(4);
      const stays = { slices: 1, aggressionFloor: '100', quote: 'inside', requoteInterval: '1h' } as const;
      return { ...common, ...stays, limitPrice: text(limit, 5) };
    }
    const floor = kind === 1 ? 100 : this.#pick([5, 10, 20, 40]);
    return {
      ...common,
      aggressionFloor: String(floor),
      ...(kind === 1 ? {} : { aggressionCap: String(this.#draws.below(floor + 1)) }),
      quote: this.#pick(['join', 'improve', 'inside']),
      requoteInterval: this.#pick(['100ms', '250ms', '1s']),
      ...(this.#chance(0.3) ? { maxDisplayQuantity: text(3 + this.#draws.below(20), 1) } : {}),
      ...(kind !== 1 && this.#chance(0.3) ? { guaranteed: true } : {}),
    };
  }

  #command(): void {
    if (this.#orders.length === 0) return;
    const { id, account } = this.#pick(this.#orders);
    const type = this.#pick([
      'PauseOrder',
      'PauseOrder',
      'ResumeOrder',
      'ResumeOrder',
      'ResumeOrder',
      'CancelOrder',
    ] as const);
    const command = commanded(this.#at, type, id);
    this.#inputs.push({ ...command, data: { ...command.data, account } } as Happening);
  }

  // ---- chance -----------------------------------------------------------------------------------------------------------

  #pass(): void {
    this.#at += this.#pick([0, 1, MS, 10 * MS, 40 * MS, 90 * MS, 200 * MS, 600 * MS]);
  }

  #size(): number {
    return 1 + this.#draws.below(40);
  }

  #chance(share: number): boolean {
    return this.#draws.chance(share);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#draws.below(from.length)]!;
  }
}

/** So many fives or ones of the first decimal, as text: ticks of 0.5, lots of 0.1. */
const text = (count: number, tenths: 1 | 5): string => formatScaled(count * tenths, 1);
