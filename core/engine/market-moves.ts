import type { Desk } from '../desk/desk.js';
import type { Print, RestingBook, RestingFill } from '../desk/resting.js';
import { NO_LEVEL } from '../market/book.js';
import { Flag, int64At, Kind, Side, type MarketColumns } from '../market/columns.js';
import { exactLots } from '../market/lots.js';
import type { Market } from '../market/market.js';
import type { Trust } from '../market/trust.js';
import { restCancelled, restingFilled } from '../orders/answers.js';
import type { OrderState } from '../orders/state.js';
import type { DeskFold } from './desk-fold.js';
import { meets } from './resters.js';
import type { EngineState } from './state.js';

/** How a book stood before a message, as far as anybody waits for it. */
export interface Stood {
  readonly bid: number;
  readonly ask: number;
  readonly trust: Trust;
}

/** The rows [from, to) of one message, counted by these factors more coarsely than their market. */
export interface Message {
  readonly columns: MarketColumns;
  readonly from: number;
  readonly to: number;
  readonly priceFactor: number;
  readonly sizeFactor: number;
}

/** What the messages of a market bring to the desks: fills to those who rest, and a look at the orders that wait for them. */
export class MarketMoves {
  constructor(
    readonly state: EngineState,
    readonly desks: DeskFold,
  ) {}

  /** How a market stands, when somebody follows it; undefined when a message of it concerns nobody. */
  stands(market: Market): Stood | undefined {
    const { instrument } = market.units;
    const { attentions } = this.state;
    const isNobodyThere = attentions.resting(instrument)?.isEmpty !== false;
    if (isNobodyThere && attentions.watchers(instrument) === undefined) return undefined;
    return stands(market);
  }

  /** A message has been applied as a whole. */
  applied(market: Market, before: Stood, message: Message): void {
    const { columns, from } = message;
    if (columns.kind[from] === Kind.trade) {
      const prints = printsOf(market, message);
      if (prints.length === 0) return;
      this.#printed(market, prints);
      this.#lookAt(market, 'trades');
      return;
    }
    const isBook = columns.kind[from] === Kind.delta || columns.kind[from] === Kind.snapshot;
    const now = stands(market);
    this.#bookMoved(market, before.trust, now);
    if (now.bid !== before.bid || now.ask !== before.ask || now.trust !== before.trust) this.#lookAt(market, 'touch');
    if (isBook || now.trust !== before.trust) this.#lookAt(market, 'book');
  }

  /** A book's trust changed although no message came. */
  trustChanged(market: Market, before: Trust, cause: number, engineDown = false): void {
    if (market.effectiveTrust() === before) return;
    this.#lookAt(market, 'touch', cause, engineDown);
    this.#lookAt(market, 'book', cause, engineDown);
  }

  /** Prints meet those who rest at their prices or beyond. */
  #printed(market: Market, prints: readonly Print[]): void {
    const resters = this.state.attentions.resting(market.units.instrument);
    if (resters === undefined) return;
    let lowest = prints[0]!.priceTicks;
    let highest = lowest;
    for (const { priceTicks } of prints) {
      if (priceTicks < lowest) lowest = priceTicks;
      if (priceTicks > highest) highest = priceTicks;
    }
    if (!resters.mayMeet(lowest, highest)) return;
    for (const { desk, book } of resters.list())
      if (desk.halted === '' && meets(book, lowest, highest) && desk.trusts(market.effectiveTrust()))
        this.#fill(desk, book.traded(prints, desk.around(market)));
  }

  /** The book changed, or what it is worth. Where that is the same and the other side came to nobody, it concerns nobody. */
  #bookMoved(market: Market, trustBefore: Trust, { bid, ask, trust }: Stood): void {
    const resters = this.state.attentions.resting(market.units.instrument);
    if (resters === undefined || resters.isEmpty) return;
    const all = trust !== trustBefore || market.instrument.definition.publishedDepth !== undefined;
    if (!all && !resters.mayMeet(ask, bid)) return;
    for (const { desk, book } of resters.list())
      if (desk.halted === '' && (all || meets(book, ask, bid))) this.#deskMoved(desk, book, market, trustBefore);
  }

  /** Whoever rests where the other side came to is filled. */
  #deskMoved(desk: Desk, resting: RestingBook, market: Market, trustBefore: Trust): void {
    if (!desk.trusts(market.effectiveTrust())) return;
    const { book, units, instrument } = market;
    const heals = !desk.trusts(trustBefore);
    if (heals) this.#pullsFirst(desk, units.instrument);
    const bid = book.best(Side.bid);
    const ask = book.best(Side.ask);
    const isCrossed = bid !== NO_LEVEL && ask !== NO_LEVEL && bid >= ask;
    const restingBid = resting.best(Side.bid);
    const restingAsk = resting.best(Side.ask);
    const isMet =
      (ask !== NO_LEVEL && restingBid !== NO_LEVEL && ask <= restingBid) ||
      (bid !== NO_LEVEL && restingAsk !== NO_LEVEL && bid >= restingAsk);
    if (isMet && !isCrossed)
      this.#fill(desk, resting.crossed(book, desk.consumptionAt(units.instrument), heals ? 'gap' : 'crossed'));
    if (heals) resting.healed(desk.around(market));
    else if (instrument.definition.publishedDepth !== undefined) resting.shown(desk.around(market));
  }

  /** A cancel that was on its way during a gap takes effect before anything that the gap may have brought. */
  #pullsFirst(desk: Desk, instrument: string): void {
    const { clock, seq } = this.state;
    for (const order of ordersOf(desk, instrument))
      for (const child of order.children)
        if (child.rests && child.pullAt !== 0 && child.pullKeepLots === 0)
          this.desks.decide(desk, clock, seq, () => [restCancelled(order, child)]);
  }

  #fill(desk: Desk, fills: readonly RestingFill[]): void {
    if (fills.length === 0) return;
    const { clock, seq } = this.state;
    this.desks.decide(desk, clock, seq, (view) =>
      fills.map((fill) => {
        const { childId } = fill.child;
        return restingFilled(view, desk.orders.get(childId.slice(0, childId.lastIndexOf('/')))!, fill);
      }),
    );
    this.desks.lookAtDesk(desk, clock, seq);
  }

  #lookAt(market: Market, what: 'touch' | 'book' | 'trades', cause = this.state.seq, engineDown = false): void {
    const { attentions, clock } = this.state;
    const followers = attentions.watchers(market.units.instrument)?.[what];
    if (followers === undefined || followers.length === 0) return;
    for (const { desk, order } of [...followers]) this.desks.look(desk, order, clock, cause, engineDown);
  }
}

function stands(market: Market): Stood {
  const { book } = market;
  return { bid: book.best(Side.bid), ask: book.best(Side.ask), trust: market.effectiveTrust() };
}

function ordersOf(desk: Desk, instrument: string): OrderState[] {
  return [...desk.orders.values()]
    .filter(({ parameters }) => parameters.instrument === instrument)
    .sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
}

/** The market trades of a message; prints that are no market trades move nothing. */
function printsOf(market: Market, { columns, from, to, priceFactor, sizeFactor }: Message): Print[] {
  const prints: Print[] = [];
  for (let row = from; row < to; row++) {
    if ((columns.flags[row]! & Flag.notMarket) !== 0) continue;
    prints.push({
      takerSide: columns.side[row] as Side,
      priceTicks: int64At(columns.price, row) * priceFactor,
      lots: exactLots(int64At(columns.size, row) * sizeFactor),
      venueAt: market.tradedVenueAt,
    });
  }
  return prints;
}
