import { NO_LEVEL, type Book } from '../market/book.js';
import { Side } from '../market/columns.js';
import { exactLots, least, minus, plus, times, type Lots } from '../market/lots.js';
import type { ChildState } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import type { Consumption } from './consumption.js';
import type { FillRule } from './fill-rule.js';
import type { Assumption } from './settings.js';
import { shrunk, type Shrink } from './shrink.js';

/** A fill that a market event brings to a child that rests. */
export interface RestingFill {
  readonly child: ChildState;
  readonly side: Side;
  readonly lots: number;
  readonly rule: FillRule;
  /** Price and size of what it met: the print, or the level of the opposite side. */
  readonly metTicks: number;
  readonly displayedLots: Lots;
  /** What stood before it when the print came. */
  readonly aheadLots?: Lots;
}

/** One print of the tape, as far as it concerns those who rest. */
export interface Print {
  readonly takerSide: Side;
  readonly priceTicks: number;
  readonly lots: Lots;
  readonly venueAt: EpochMicros;
}

/** What the market shows beside the event itself. */
export interface Surroundings {
  readonly book: Book;
  /** The venue's time of the last message applied to the book, and of the one before it. */
  readonly bookVenueAt: EpochMicros;
  readonly previousBookVenueAt: EpochMicros;
  /** Whether the feed publishes this level: levels outside a published range are unknown, not empty. */
  readonly knows: (side: Side, priceTicks: number) => boolean;
  readonly assume: Assumption;
  /** The venue's lot size in increments: a share of a queue is rounded to it. */
  readonly lotLots: number;
}

/** One price at which children of this desk rest. */
export interface RestingLevel {
  readonly side: Side;
  priceTicks: number;
  /** In the order in which they came to rest. */
  readonly children: ChildState[];
  /** Volume traded here that the book does not show yet, by the venue's time. */
  trades: { readonly venueAt: EpochMicros; lots: Lots }[];
  /** The last shrink, also when it has grown again, until a later trade shows that no earlier one will come. */
  shrink: Shrink | undefined;
}

/**
 * The queue of the simulated venue, for one desk in one instrument: where its quotes rest and what stands before them
 * (docs/fills.md has every rule with an example).
 *
 * A child joins behind what its level displays. Trades at its price, by takers of the other side, first go through what is
 * ahead; a trade through its price clears the queue. When a level shrinks and no trade explains it, somebody cancelled:
 * *optimistic*, ahead of us; *expected*, everywhere alike; *pessimistic*, behind us. Trades and depth tell one story twice,
 * so each shrink is explained by the trades of its own interval of the venue's time, also by those that arrive later.
 *
 * What is unrealistic: nobody reacts to the quote, it makes no queue longer for others, and hidden orders, pro-rata matching
 * and priorities other than price and time do not exist.
 */
export class RestingBook {
  /** Best price first, on either side. */
  readonly #levels: readonly [bids: RestingLevel[], asks: RestingLevel[]] = [[], []];

  get isEmpty(): boolean {
    return this.#levels[0].length === 0 && this.#levels[1].length === 0;
  }

  levels(side: Side): readonly RestingLevel[] {
    return this.#levels[side];
  }

  /** Best price at which a child rests, or `NO_LEVEL`. */
  best(side: Side): number {
    return this.#levels[side][0]?.priceTicks ?? NO_LEVEL;
  }

  holds(side: Side, priceTicks: number): boolean {
    return this.#levels[side].some((level) => level.priceTicks === priceTicks);
  }

  join(side: Side, child: ChildState): void {
    this.levelAt(side, child.limitTicks).children.push(child);
  }

  leave(side: Side, child: ChildState): void {
    const levels = this.#levels[side];
    const i = levels.findIndex(({ children }) => children.includes(child));
    if (i < 0) return;
    const { children } = levels[i]!;
    children.splice(children.indexOf(child), 1);
    if (children.length === 0) levels.splice(i, 1);
  }

  /** The level at a price, made when it is not there. */
  levelAt(side: Side, priceTicks: number): RestingLevel {
    const levels = this.#levels[side];
    let i = 0;
    while (i < levels.length && better(side, levels[i]!.priceTicks, priceTicks)) i++;
    const known = levels[i];
    if (known?.priceTicks === priceTicks) return known;
    const level: RestingLevel = { side, priceTicks, children: [], trades: [], shrink: undefined };
    levels.splice(i, 0, level);
    return level;
  }

  /** A level's displayed size changed with a whole depth message; a level outside the known range stays as it was. */
  depthChanged(side: Side, priceTicks: number, before: number, after: number, around: Surroundings): void {
    const level = this.#levels[side].find((each) => each.priceTicks === priceTicks);
    if (level === undefined || !around.knows(side, priceTicks)) return;
    const { bookVenueAt, previousBookVenueAt } = around;
    let tradedLots: Lots = 0;
    for (const { venueAt, lots } of level.trades)
      if (venueAt > previousBookVenueAt && venueAt <= bookVenueAt) tradedLots = plus(tradedLots, lots);
    level.trades = level.trades.filter(({ venueAt }) => venueAt > bookVenueAt);
    if (after < before) {
      const shrink = { venueAt: bookVenueAt, beforeLots: exactLots(before), lots: minus(before, after), tradedLots };
      level.shrink = shrink;
      for (const child of level.children) {
        child.unshrunkLots = child.aheadLots;
        child.aheadLots = shrunk(child.aheadLots, shrink, around);
      }
    }
    for (const child of level.children) if (child.aheadLots > after) child.aheadLots = exactLots(after);
  }

  /** A level that came into the known range without a change of its own: what stands before its children is seen now. */
  shown(around: Surroundings): void {
    for (const side of [Side.bid, Side.ask] as const)
      for (const { priceTicks, children } of this.#levels[side]) {
        if (!around.knows(side, priceTicks)) continue;
        const displayed = exactLots(around.book.sizeAt(side, priceTicks));
        for (const child of children) if (child.aheadLots > displayed) child.aheadLots = displayed;
      }
  }

  /** The prints of one message: they move the queues; gives what they fill, better prices first, then by time. */
  traded(prints: readonly Print[], around: Surroundings): RestingFill[] {
    const fills: RestingFill[] = [];
    const left = new Map<ChildState, number>(); // of children that an earlier print of the message has filled
    for (const print of prints) {
      let rest = print.lots;
      const fill = (side: Side, child: ChildState, rule: FillRule, aheadLots?: Lots): void => {
        const leaves = left.get(child) ?? child.leavesLots;
        const lots = least(leaves, rest);
        if (lots <= 0) return;
        rest = minus(rest, lots);
        left.set(child, leaves - lots);
        const met = { metTicks: print.priceTicks, displayedLots: print.lots };
        fills.push({ child, side, lots, rule, ...met, ...(aheadLots === undefined ? {} : { aheadLots }) });
      };
      for (const level of this.#through(print.priceTicks))
        for (const child of level.children) {
          if (print.venueAt <= child.joinedVenueAt) continue;
          child.aheadLots = 0;
          child.unshrunkLots = 0;
          fill(level.side, child, 'trade_through');
        }
      const side: Side = print.takerSide === Side.buy ? Side.ask : Side.bid;
      const level = this.#levels[side].find(({ priceTicks }) => priceTicks === print.priceTicks);
      if (level === undefined) continue;
      const shrink = explained(level, print, around);
      let gone: Lots = 0; // how much of the queue the print has gone through
      for (const child of level.children) {
        if (print.venueAt <= child.joinedVenueAt || !around.knows(side, level.priceTicks)) continue;
        const queue = shrink === undefined ? child.aheadLots : child.unshrunkLots;
        const further = minus(queue, gone);
        const step = further < rest ? further : rest;
        if (step > 0) {
          gone = plus(gone, step);
          rest = minus(rest, step);
        }
        const before = child.aheadLots;
        child.unshrunkLots = queue > gone ? minus(queue, gone) : 0;
        child.aheadLots = child.unshrunkLots;
        if (shrink !== undefined) {
          // it may be more than before: what the print gave to a quote in front did not go through the queue
          const ahead = shrunk(child.unshrunkLots, shrink, around);
          const shown = minus(shrink.beforeLots, shrink.lots);
          const displayed = exactLots(around.book.sizeAt(side, level.priceTicks));
          child.aheadLots = ahead < shown ? ahead : shown;
          if (child.aheadLots > displayed) child.aheadLots = displayed;
        }
        if (child.unshrunkLots === 0) fill(side, child, 'queue', before);
      }
    }
    return fills;
  }

  /** The levels of ours that a print at this price goes through. */
  #through(priceTicks: number): readonly RestingLevel[] {
    const [bids, asks] = this.#levels;
    const isBid = (bids[0]?.priceTicks ?? 0) > priceTicks;
    const isAsk = (asks[0]?.priceTicks ?? Infinity) < priceTicks;
    if (!isBid && !isAsk) return NO_LEVELS;
    return [
      ...bids.filter((level) => level.priceTicks > priceTicks),
      ...asks.filter((level) => level.priceTicks < priceTicks),
    ];
  }

  /** What the opposite side of the book, come to our prices or beyond, fills: of each level what this desk has not taken yet. */
  crossed(book: Book, consumption: Consumption, rule: 'crossed' | 'gap'): RestingFill[] {
    const fills: RestingFill[] = [];
    for (const side of [Side.bid, Side.ask] as const) {
      const opposite: Side = side === Side.bid ? Side.ask : Side.bid;
      const best = book.best(opposite);
      if (best === NO_LEVEL) continue;
      const taken = new Map<number, Lots>();
      for (const level of this.#levels[side]) {
        if (better(side, best, level.priceTicks)) break;
        for (const child of level.children) {
          let leaves = child.leavesLots;
          for (
            let price = best;
            leaves > 0 && price !== NO_LEVEL && !better(side, price, level.priceTicks);
            price = book.next(opposite, price)
          ) {
            const displayedLots = exactLots(book.sizeAt(opposite, price));
            const already = plus(consumption.consumedAt(opposite, price), taken.get(price) ?? 0);
            const lots = least(leaves, minus(displayedLots, already));
            if (lots <= 0) continue;
            leaves -= lots;
            taken.set(price, plus(taken.get(price) ?? 0, lots));
            fills.push({ child, side, lots, rule, metTicks: price, displayedLots });
          }
        }
      }
    }
    return fills;
  }

  /** The book is trusted again after a gap: nobody saw what happened to the queues. */
  healed(around: Surroundings): void {
    for (const side of [Side.bid, Side.ask] as const)
      for (const level of this.#levels[side]) {
        level.trades = [];
        level.shrink = undefined;
        const known = around.knows(side, level.priceTicks);
        const displayed = exactLots(around.book.sizeAt(side, level.priceTicks));
        for (const child of level.children) {
          child.joinedVenueAt = around.bookVenueAt;
          if (!known) continue;
          if (around.assume === 'pessimistic' || child.aheadLots > displayed) child.aheadLots = displayed;
          child.unshrunkLots = child.aheadLots;
        }
      }
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    for (const level of [...this.#levels[0], ...this.#levels[1]]) {
      level.priceTicks *= priceFactor;
      for (const trade of level.trades) trade.lots = times(trade.lots, sizeFactor);
      const { shrink } = level;
      if (shrink === undefined) continue;
      shrink.beforeLots = times(shrink.beforeLots, sizeFactor);
      shrink.lots = times(shrink.lots, sizeFactor);
      shrink.tradedLots = times(shrink.tradedLots, sizeFactor);
    }
  }
}

/**
 * Files a print under its level. One that the book shows already explains the shrink that showed it, which is given back; any
 * other waits for the depth message that will show it.
 */
function explained(level: RestingLevel, print: Print, around: Surroundings): Shrink | undefined {
  const { shrink } = level;
  if (shrink !== undefined && print.venueAt <= shrink.venueAt) {
    shrink.tradedLots = plus(shrink.tradedLots, print.lots);
    return shrink;
  }
  level.shrink = undefined; // a tape is in order: no earlier print will come
  if (print.venueAt > around.bookVenueAt) level.trades.push({ venueAt: print.venueAt, lots: print.lots });
  return undefined;
}

const NO_LEVELS: readonly RestingLevel[] = [];

/** Whether `a` is a better price than `b` for those who rest on this side. */
const better = (side: Side, a: number, b: number): boolean => (side === Side.bid ? a > b : a < b);
