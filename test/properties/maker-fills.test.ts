import { expect } from 'chai';
import { isMarketEvent, type MarketEvent } from '../../core/market/events.js';
import { run, T0, type Happening } from '../support/market.js';
import { outcomesOf, type Told } from '../support/opinions.js';
import { RandomMarket } from '../support/random-market.js';
import { ASSUMPTIONS } from '../support/stories.js';

const SECOND = 1_000_000;
const LATENCIES = [0, 10_000, 50_000, SECOND];

interface Live {
  readonly account: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  leaves: number;
  /** Venue's time of the book that it joined. */
  joined: number;
}

const tenths = (text: string | undefined): number => Math.round(Number(text) * 10);
const worse = (side: 'buy' | 'sell', price: number, than: number): boolean =>
  side === 'buy' ? price < than : price > than;

/** Goes through a run input by input and holds every fill, and every fill that is missing, against the laws of this page. */
class Auditor {
  readonly #live = new Map<string, Live>();
  /** What the quotes of a desk got of the input at hand. */
  #got = new Map<string, number>();
  readonly #placed = new Map<string, { account: string; side: 'buy' | 'sell'; price: number }>();
  readonly #orders = new Map<string, { account: string; side: 'buy' | 'sell' }>();
  readonly #book = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  /** What a desk took of a level since it changed last. */
  readonly #taken = new Map<string, number>();
  #bookVenueAt = 0;
  #trusted = false;
  through = 0;

  /** What was concluded before the next input: only takes fill by themselves. */
  between(outcomes: readonly Told[]): void {
    for (const outcome of outcomes) this.#note(outcome, undefined, false);
  }

  input(event: Happening, outcomes: readonly Told[]): void {
    if (!isMarketEvent(event)) {
      this.between(outcomes);
      return;
    }
    const trustedBefore = this.#trusted;
    this.#apply(event);
    const quotes = [...this.#live.values()].map((quote) => ({ quote, leaves: quote.leaves }));
    this.#got = new Map();
    for (const outcome of outcomes) this.#note(outcome, event, !trustedBefore);
    if (event.type !== 'Traded' || !this.#trusted) return;
    const market = event.data.trades.filter(({ notMarket }) => notMarket !== true);
    const volume = market.reduce((sum, { quantity }) => sum + tenths(quantity), 0);
    for (const account of new Set(quotes.map(({ quote }) => quote.account))) {
      const mine = quotes.filter(({ quote }) => quote.account === account);
      const filled = this.#got.get(account) ?? 0;
      expect(filled, 'what a desk got of a print').to.be.at.most(volume);
      for (const { quote, leaves } of mine) {
        if (!(event.data.venueAt! > quote.joined)) continue;
        if (!market.some(({ price }) => worse(quote.side, tenths(price), quote.price))) continue;
        this.through++;
        // all of it, or all that the prints of the message had left for the desk
        if (filled < volume)
          expect(
            quote.leaves,
            `left of a quote of ${leaves} at ${quote.price} that was traded through by ${JSON.stringify(event)}`,
          ).to.equal(0);
      }
    }
  }

  #apply(event: MarketEvent): void {
    if (event.type === 'FeedInterrupted') this.#trusted = false;
    if (event.type === 'FeedResumed' || event.type === 'BookSnapshot') this.#trust(event);
    if (event.type !== 'BookSnapshot' && event.type !== 'BookDelta') return;
    this.#bookVenueAt = event.data.venueAt!;
    if (event.type === 'BookSnapshot') {
      const named = new Set([...event.data.bids, ...event.data.asks].map(([price]) => tenths(price)));
      for (const side of [this.#book.buy, this.#book.sell])
        for (const price of side.keys()) if (!named.has(price)) this.#set(side, price, 0);
    }
    for (const [price, quantity] of event.data.bids) this.#set(this.#book.buy, tenths(price), tenths(quantity));
    for (const [price, quantity] of event.data.asks) this.#set(this.#book.sell, tenths(price), tenths(quantity));
  }

  #set(side: Map<number, number>, price: number, lots: number): void {
    if ((side.get(price) ?? 0) === lots) return;
    side.set(price, lots);
    for (const key of [...this.#taken.keys()])
      if (key.endsWith(` ${side === this.#book.buy ? 'buy' : 'sell'} ${price}`)) this.#taken.delete(key);
  }

  #trust(event: MarketEvent): void {
    if (this.#trusted) return;
    this.#trusted = true;
    const venueAt = event.type === 'BookSnapshot' ? event.data.venueAt! : this.#bookVenueAt;
    for (const quote of this.#live.values()) quote.joined = venueAt;
  }

  #note({ type, data }: Told, event: MarketEvent | undefined, heals: boolean): void {
    const text = data as Record<string, string>;
    const childId = text['childId']!;
    const quote = this.#live.get(childId);
    if (type === 'OrderAccepted') this.#orders.set(text['orderId']!, text['parameters'] as never);
    if (type === 'ChildPlaced')
      this.#placed.set(childId, { ...this.#orders.get(text['orderId']!)!, price: tenths(text['limitPrice']) });
    if (type === 'ChildRested')
      this.#live.set(childId, {
        ...this.#placed.get(childId)!,
        leaves: tenths(text['quantity']),
        joined: this.#bookVenueAt,
      });
    if (type === 'ChildReduced') quote!.leaves -= tenths(text['quantity']);
    if (type === 'ChildCancelled') this.#live.delete(childId);
    if (type === 'ChildFilled') this.#filled(text, event, heals);
  }

  #filled(fill: Record<string, string>, event: MarketEvent | undefined, heals: boolean): void {
    const { childId = '', rule = '' } = fill;
    const { account, side } = this.#placed.get(childId)!;
    const [lots, price] = [tenths(fill['quantity']), tenths(fill['price'])];
    const met = fill['metPrice'] === undefined ? price : tenths(fill['metPrice']);
    const what = `${childId} by ${rule} at ${price}, met ${met}, in ${JSON.stringify(event)}`;
    expect(this.#trusted, `a trusted book: ${what}`).to.equal(true);
    if (rule === 'queue' || rule === 'trade_through') {
      const explains = (event?.type === 'Traded' ? event.data.trades : []).some(
        (trade) =>
          trade.notMarket !== true &&
          tenths(trade.price) === met &&
          (rule === 'queue' ? met === price && trade.side !== side : worse(side, met, price)),
      );
      expect(explains, `a print: ${what}`).to.equal(true);
    } else {
      const opposite = side === 'buy' ? 'sell' : 'buy';
      const displayed = this.#book[opposite].get(met) ?? 0;
      const key = `${account} ${opposite} ${met}`;
      this.#taken.set(key, (this.#taken.get(key) ?? 0) + lots);
      expect(this.#taken.get(key), `taken of what is displayed: ${what}`).to.be.at.most(displayed);
      expect(tenths(fill['displayed']), `displayed: ${what}`).to.equal(displayed);
      if (rule !== 'walk') {
        expect(worse(side, met, price) || met === price, `come to its price: ${what}`).to.equal(true);
        expect(['BookDelta', 'BookSnapshot', 'FeedResumed'], what).to.include(event?.type);
        expect(rule, what).to.equal(heals ? 'gap' : 'crossed');
      }
    }
    const quote = this.#live.get(childId);
    if (quote === undefined) return;
    quote.leaves -= lots;
    this.#got.set(account, (this.#got.get(account) ?? 0) + lots);
    expect(quote.leaves, what).to.be.at.least(0);
  }
}

const isStamped = (input: Happening): boolean =>
  !['BookDelta', 'BookSnapshot', 'Traded'].includes(input.type) || 'venueAt' in input.data;

describe('the fills of quotes', () => {
  for (let block = 0; block < 10; block++) {
    const seeds = Array.from({ length: 30 }, (_, i) => block * 30 + i + 1);
    it(`are there when the market trades through, and never without a cause, on the markets ${seeds[0]!} to ${seeds.at(-1)!}`, () => {
      let through = 0;
      for (const seed of seeds) {
        const market = new RandomMarket(seed).inputs(200);
        if (!market.every(isStamped)) continue;
        for (const assume of ASSUMPTIONS) {
          const inputs = [run({ latency: LATENCIES[seed % 4]!, assume }), ...market];
          const outcomes = outcomesOf(inputs, T0 + 300 * SECOND);
          const auditor = new Auditor();
          const behind = (seq: number, atOnce: boolean): Told[] =>
            outcomes.filter((outcome) => outcome.behind === seq && outcome.atOnce === atOnce);
          try {
            inputs.forEach((input, i) => {
              auditor.input(input, behind(i + 1, true));
              auditor.between(behind(i + 1, false));
            });
          } catch (error) {
            (error as Error).message = `market ${seed}, ${assume}: ${(error as Error).message}`;
            throw error;
          }
          through += auditor.through;
        }
      }
      expect(through).to.be.greaterThan(100);
    });
  }
});
