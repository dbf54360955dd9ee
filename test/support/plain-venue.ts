import type { MarketEvent } from '../../core/market/events.js';
import type { Assumption } from '../../core/desk/settings.js';

/*
 * The venue of docs/fills.md, written from that page and from nothing else: a second opinion on the real one. Everything is
 * looked up and worked out each time it is needed. Prices are whole ticks, quantities whole lots.
 */

type Side = 'buy' | 'sell';

/** A child order as it left for the venue: `n` numbers decisions, `behind` is the last input before the decision. */
export interface Sent {
  readonly childId: string;
  readonly account: string;
  readonly style: 'take' | 'quote';
  readonly side: Side;
  readonly price: number;
  readonly lots: number;
  readonly arrivesAt: number;
  readonly behind: number;
  readonly n: number;
}

/** What a cancel asks for: from `effectiveAt` on no more than `keep` lots stay. */
export interface Pull {
  readonly childId: string;
  readonly keep: number;
  readonly effectiveAt: number;
  readonly behind: number;
  readonly n: number;
}

/** What the venue said or did, one line each: `o1/2 fill 3 at 200 by queue`. */
export interface Answer {
  readonly at: number;
  readonly text: string;
}

/** A quote that rests. What is ahead is infinite while nobody knows. */
interface Resting extends Sent {
  leaves: number;
  ahead: number;
  joined: number;
  /** Prints that came while its desk had a quote here, and that no depth message has shown. */
  prints: Print[];
  shrink: Shrink | undefined;
}

/** The last shrink of a quote's level, in a message of the venue's time `to`; `ahead` is what stood ahead without it. */
interface Shrink {
  readonly to: number;
  readonly before: number;
  readonly after: number;
  traded: number;
  ahead: number;
}

interface Print {
  readonly taker: Side;
  readonly price: number;
  readonly lots: number;
  readonly venueAt: number;
}

interface Consumed {
  readonly account: string;
  readonly side: Side;
  readonly price: number;
  lots: number;
}

const other = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');
/** Whether a price lies deeper in its side of the book than another one: lower for bids, higher for asks. */
const deeper = (side: Side, price: number, than: number): boolean => (side === 'buy' ? price < than : price > than);

export class PlainVenue {
  readonly answers: Answer[] = [];
  #books = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  #trusted = false;
  #greatest = -Infinity;
  #depthAt = -Infinity;
  #resting: Resting[] = [];
  #consumed: Consumed[] = [];
  #open: (Sent | Pull)[];

  constructor(
    sent: readonly Sent[],
    pulls: readonly Pull[],
    readonly assume: Assumption,
    readonly units: { readonly tick: number; readonly lot: number },
    readonly published = Infinity,
  ) {
    const when = (it: Sent | Pull): number => ('keep' in it ? it.effectiveAt : it.arrivesAt);
    this.#open = [...sent, ...pulls].sort((a, b) => when(a) - when(b) || a.n - b.n);
  }

  /** What was under way and is due by `at`, before the input `seq`. */
  passTo(at: number, seq = Infinity): void {
    for (const it of this.#open.filter(({ behind }) => behind < seq)) {
      const due = 'keep' in it ? it.effectiveAt : it.arrivesAt;
      if (due > at) continue;
      this.#open.splice(this.#open.indexOf(it), 1);
      if ('keep' in it) this.#pull(it, due);
      else if (it.style === 'take') this.#take(it);
      else this.#join(it);
    }
  }

  meet(seq: number, event: MarketEvent): void {
    this.passTo(event.at, seq);
    if (event.type === 'FeedInterrupted') this.#trusted = false;
    if (event.type === 'FeedResumed' && event.data.trust === 'trusted') this.#regain(event.at, seq);
    if (event.type === 'Traded') {
      const venueAt = this.#venueTime(event.data.venueAt, event.at);
      for (const { side, price, quantity, notMarket } of event.data.trades)
        if (notMarket !== true)
          this.#print({ taker: side, price: this.#ticks(price), lots: this.#lots(quantity), venueAt }, event.at);
    }
    if (event.type !== 'BookSnapshot' && event.type !== 'BookDelta') return;
    const from = this.#depthAt;
    this.#depthAt = this.#venueTime(event.data.venueAt, event.at);
    const before = { buy: new Map(this.#books.buy), sell: new Map(this.#books.sell) };
    if (event.type === 'BookSnapshot') this.#books = { buy: new Map(), sell: new Map() };
    for (const [side, levels] of [
      ['buy', event.data.bids],
      ['sell', event.data.asks],
    ] as const)
      // prettier-ignore
      for (const [price, quantity] of levels)
        if (this.#lots(quantity) === 0) this.#books[side].delete(this.#ticks(price));
        else this.#books[side].set(this.#ticks(price), this.#lots(quantity));
    for (const consumed of this.#consumed)
      this.#changeConsumed(consumed, before[consumed.side].get(consumed.price) ?? 0);
    if (event.type === 'BookSnapshot' && !this.#trusted) {
      this.#regain(event.at, seq);
      return;
    }
    if (!this.#trusted) return;
    for (const quote of this.#resting) this.#changeLevel(quote, before[quote.side].get(quote.price) ?? 0, from);
    if (!this.#crossed()) this.#meetOpposite('crossed', event.at);
  }

  // ---- what arrives (1, 3, 12) ------------------------------------------------------------------------------------------

  #take(sent: Sent): void {
    if (!this.#trusted || this.#crossed()) return;
    let open = sent.lots;
    for (const price of this.#prices(other(sent.side))) {
      if (deeper(other(sent.side), price, sent.price) || !this.#known(other(sent.side), price)) break;
      const lots = Math.min(open, this.#available(sent, price));
      if (lots > 0) this.#fill(sent, lots, price, 'walk', sent.arrivesAt);
      this.#consume(sent, price, lots);
      open -= lots;
    }
  }

  #join(sent: Sent): void {
    const best = this.#prices(other(sent.side))[0];
    const usable = this.#trusted && !this.#crossed() && best !== undefined && this.#prices(sent.side).length > 0;
    if (!usable) {
      this.#say(sent.arrivesAt, `${sent.childId} rejected`);
      return;
    }
    if (!deeper(other(sent.side), best, sent.price)) {
      this.#say(sent.arrivesAt, `${sent.childId} rejected would_cross`);
      return;
    }
    const ahead = this.#known(sent.side, sent.price) ? this.#displayed(sent.side, sent.price) : Infinity;
    const prints = this.#resting.find((it) => this.#sameLevel(it, sent))?.prints ?? [];
    this.#resting.push({ ...sent, leaves: sent.lots, ahead, joined: this.#depthAt, prints, shrink: undefined });
    this.#say(sent.arrivesAt, `${sent.childId} rests behind ${ahead === Infinity ? '?' : ahead}`);
  }

  #pull({ childId, keep }: Pull, at: number): void {
    const quote = this.#resting.find((each) => each.childId === childId);
    if (quote === undefined) return;
    if (quote.leaves > keep) this.#say(at, `${childId} loses ${quote.leaves - keep}`);
    quote.leaves = Math.min(quote.leaves, keep);
    this.#sweepUp();
  }

  // ---- prints (4, 5, 8, 9) ----------------------------------------------------------------------------------------------

  #print(print: Print, at: number): void {
    if (!this.#trusted) return;
    for (const account of new Set(this.#resting.map((quote) => quote.account))) {
      let left = print.lots;
      let passed = 0; // of what others have in the queue at this price
      const fill = (quote: Resting, rule: string): void => {
        const lots = Math.min(quote.leaves, left);
        left -= lots;
        quote.leaves -= lots;
        if (lots > 0) this.#fill(quote, lots, quote.price, rule, at);
      };
      const mine = this.#queueOf(account);
      for (const quote of mine.filter((each) => deeper(each.side, print.price, each.price))) {
        if (print.venueAt <= quote.joined) continue;
        quote.ahead = 0;
        if (quote.shrink !== undefined) quote.shrink.ahead = 0;
        fill(quote, 'trade_through');
      }
      const level = mine.filter((each) => print.price === each.price && print.taker !== each.side);
      if (print.venueAt > this.#depthAt) level[0]?.prints.push(print);
      for (const quote of level) {
        if (quote.shrink !== undefined && print.venueAt > quote.shrink.to) quote.shrink = undefined;
        if (print.venueAt <= quote.joined || !this.#known(quote.side, quote.price)) continue;
        const { shrink } = quote;
        const queue = shrink?.ahead ?? quote.ahead;
        const more = Math.min(left, Math.max(0, queue - passed));
        passed += more;
        left -= more;
        const ahead = Math.max(0, queue - passed);
        if (shrink === undefined) quote.ahead = ahead;
        else {
          shrink.ahead = ahead;
          shrink.traded += print.lots;
          quote.ahead = Math.min(this.#shrunk(shrink), shrink.after, this.#displayed(quote.side, quote.price));
        }
        fill(quote, 'queue');
      }
    }
    this.#sweepUp();
  }

  /** A desk's quotes, better prices first, then by time. */
  #queueOf(account: string): Resting[] {
    const mine = this.#resting.filter((quote) => quote.account === account);
    const better = (a: Resting, b: Resting): number => (a.side === 'buy' ? b.price - a.price : a.price - b.price);
    const of = (side: Side): Resting[] => mine.filter((quote) => quote.side === side).sort(better);
    return [...of('buy'), ...of('sell')];
  }

  // ---- depth (2, 6, 7, 10, 11) ------------------------------------------------------------------------------------------

  #changeLevel(quote: Resting, before: number, from: number): void {
    if (!this.#known(quote.side, quote.price)) return;
    const after = this.#displayed(quote.side, quote.price);
    if (after < before && quote.ahead !== Infinity) {
      const shows = quote.prints.filter(({ venueAt }) => venueAt > from && venueAt <= this.#depthAt);
      const traded = shows.reduce((sum, { lots }) => sum + lots, 0);
      quote.shrink = { to: this.#depthAt, before, after, traded, ahead: quote.ahead };
      quote.ahead = this.#shrunk(quote.shrink);
    }
    quote.ahead = Math.min(quote.ahead, after);
  }

  /** What is ahead after a shrink of which trades explain a part. */
  #shrunk({ before, after, traded, ahead }: Shrink): number {
    const unexplained = before - after - traded;
    if (unexplained <= 0 || this.assume === 'pessimistic') return ahead;
    if (this.assume === 'optimistic') return Math.max(0, ahead - unexplained);
    return ahead - Math.floor((unexplained * ahead) / (before - traded));
  }

  #changeConsumed(consumed: Consumed, before: number): void {
    if (!this.#known(consumed.side, consumed.price)) return;
    const after = this.#displayed(consumed.side, consumed.price);
    if (after === before) return;
    if (this.assume === 'optimistic') consumed.lots = 0;
    if (this.assume === 'expected' && after < before) consumed.lots = Math.ceil((consumed.lots * after) / before);
    consumed.lots = Math.min(consumed.lots, after);
  }

  #meetOpposite(rule: 'crossed' | 'gap', at: number): void {
    for (const account of new Set(this.#resting.map((quote) => quote.account)))
      for (const quote of this.#queueOf(account))
        for (const price of this.#prices(other(quote.side))) {
          if (deeper(other(quote.side), price, quote.price)) break;
          const lots = Math.min(quote.leaves, this.#available(quote, price));
          if (lots === 0) continue;
          this.#fill(quote, lots, quote.price, rule, at);
          this.#consume(quote, price, lots);
          quote.leaves -= lots;
        }
    this.#sweepUp();
  }

  #regain(at: number, seq: number): void {
    if (this.#trusted) return;
    this.#trusted = true;
    const orderOf = ({ childId }: Sent): string => childId.slice(0, childId.lastIndexOf('/'));
    for (const quote of [...this.#resting].sort((a, b) =>
      orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : a.n - b.n,
    ))
      for (const it of this.#open.filter(({ childId, behind }) => childId === quote.childId && behind < seq))
        if ('keep' in it && it.keep === 0) {
          this.#open.splice(this.#open.indexOf(it), 1);
          this.#pull(it, at);
        }
    if (!this.#crossed()) this.#meetOpposite('gap', at);
    for (const quote of this.#resting) {
      quote.joined = this.#depthAt;
      quote.prints.length = 0;
      quote.shrink = undefined;
      if (!this.#known(quote.side, quote.price)) continue;
      const displayed = this.#displayed(quote.side, quote.price);
      quote.ahead = this.assume === 'pessimistic' ? displayed : Math.min(quote.ahead, displayed);
    }
  }

  // ---- looking things up ------------------------------------------------------------------------------------------------

  #sameLevel(a: Sent, b: Sent): boolean {
    return a.account === b.account && a.side === b.side && a.price === b.price;
  }

  /** The prices of a side, best first. */
  #prices(side: Side): number[] {
    return [...this.#books[side].keys()].sort((a, b) => (side === 'buy' ? b - a : a - b));
  }

  #displayed(side: Side, price: number): number {
    return this.#books[side].get(price) ?? 0;
  }

  #known(side: Side, price: number): boolean {
    const worst = this.#prices(side)[this.published - 1];
    return worst === undefined || !deeper(side, price, worst);
  }

  #crossed(): boolean {
    const [bid, ask] = [this.#prices('buy')[0], this.#prices('sell')[0]];
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  #consumedOf(sent: Sent, price: number): Consumed | undefined {
    return this.#consumed.find((it) => it.account === sent.account && it.side !== sent.side && it.price === price);
  }

  #available(sent: Sent, price: number): number {
    return Math.max(0, this.#displayed(other(sent.side), price) - (this.#consumedOf(sent, price)?.lots ?? 0));
  }

  #consume(sent: Sent, price: number, lots: number): void {
    const known = this.#consumedOf(sent, price);
    const { account, side } = sent;
    if (known === undefined) this.#consumed.push({ account, side: other(side), price, lots });
    else known.lots += lots;
  }

  #venueTime(venueAt: number | undefined, receivedAt: number): number {
    if (venueAt !== undefined) this.#greatest = Math.max(this.#greatest, venueAt);
    return venueAt ?? (this.#greatest === -Infinity ? receivedAt : this.#greatest);
  }

  #fill({ childId }: Sent, lots: number, price: number, rule: string, at: number): void {
    this.#say(at, `${childId} fill ${lots} at ${price} by ${rule}`);
  }

  #say(at: number, text: string): void {
    this.answers.push({ at, text });
  }

  #sweepUp(): void {
    this.#resting = this.#resting.filter(({ leaves }) => leaves > 0);
  }

  #ticks(price: string): number {
    return Math.round(Number(price) / this.units.tick);
  }

  #lots(quantity: string): number {
    return Math.round(Number(quantity) / this.units.lot);
  }
}
