import { expect } from 'chai';
import { Draws } from '../../core/draws.js';
import { PlainBook } from '../../core/market/plain-book.js';
import { Side } from '../../core/market/columns.js';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import {
  at,
  defined,
  delta,
  run,
  snapshot,
  SPOT,
  submitted,
  T0,
  ticked,
  traded,
  type Happening,
} from '../support/market.js';
import { outcomesOf } from '../support/opinions.js';
import { RandomMarket } from '../support/random-market.js';
import { ASSUMPTIONS } from '../support/stories.js';
import type { Assumption } from '../../core/desk/settings.js';

const SECOND = 1_000_000;
const LATENCIES = [0, 10_000, 50_000, SECOND];
const UNTIL = T0 + 300 * SECOND;

interface Fill {
  readonly at: number;
  readonly childId: string;
  readonly quantity: string;
  readonly price: number;
  readonly rule: string;
}

function fillsOf(inputs: readonly Happening[], latency = 0, assume: Assumption = 'expected'): Fill[] {
  return outcomesOf([run({ latency, assume }), ...inputs], UNTIL).flatMap(({ type, at, data }) => {
    const { childId, quantity, price, rule } = data as Record<string, string>;
    return type === 'ChildFilled'
      ? [{ at, childId: childId!, quantity: quantity!, price: Number(price), rule: rule! }]
      : [];
  });
}

/** The same market and orders with other prices: `price` must turn plain decimals into plain decimals. */
function repriced(inputs: readonly Happening[], price: (text: string) => string, turn: boolean): Happening[] {
  const levels = (list: readonly LevelText[]): LevelText[] => list.map(([p, quantity]) => [price(p), quantity]);
  const side = (given: 'buy' | 'sell'): 'buy' | 'sell' => (turn === (given === 'buy') ? 'sell' : 'buy');
  return inputs.map((input): Happening => {
    switch (input.type) {
      case 'BookSnapshot':
      case 'BookDelta': {
        const [bids, asks] = [levels(input.data.bids), levels(input.data.asks)];
        return { ...input, data: { ...input.data, bids: turn ? asks : bids, asks: turn ? bids : asks } };
      }
      case 'Traded': {
        const trades = input.data.trades.map((trade) => ({
          ...trade,
          price: price(trade.price),
          side: side(trade.side),
        }));
        return { ...input, data: { ...input.data, trades } };
      }
      case 'SubmitTwap': {
        const { limitPrice } = input.data;
        const limit = typeof limitPrice === 'string' ? { limitPrice: price(limitPrice) } : {};
        return { ...input, data: { ...input.data, ...limit, side: side(input.data.side!) } };
      }
      default:
        return input;
    }
  });
}

function forMarkets(count: number, look: (seed: number, market: Happening[], latency: number) => number): void {
  let fills = 0;
  for (let seed = 1; seed <= count; seed++)
    fills += look(seed, new RandomMarket(seed).inputs(150), LATENCIES[seed % 4]!);
  expect(fills).to.be.greaterThan(count);
}

describe('the simulated venue', () => {
  for (const assume of ASSUMPTIONS) {
    it(`fills the same in a mirror, where bids are asks and buyers sell (${assume})`, () => {
      const mirrored = (text: string): string => formatScaled(2000 - Math.round(Number(text) * 10), 1);
      forMarkets(80, (seed, market, latency) => {
        const fills = fillsOf(market, latency, assume);
        const turned = fillsOf(repriced(market, mirrored, true), latency, assume);
        const back = turned.map((fill) => ({ ...fill, price: 200 - fill.price }));
        expect(back, `market ${seed}`).to.deep.equal(fills);
        return fills.length;
      });
    });

    it(`fills the same quantities by the same rules where every price and the tick are twice as high (${assume})`, () => {
      const doubled = (text: string): string => formatScaled(Math.round(Number(text) * 20), 1);
      forMarkets(80, (seed, market, latency) => {
        const fills = fillsOf(market, latency, assume);
        const [first, ...rest] = repriced(market, doubled, false);
        const definition = defined({ ...(first!.data as typeof SPOT), tickSize: '1' });
        const twice = fillsOf([definition, ...rest], latency, assume);
        expect(twice, `market ${seed}`).to.deep.equal(fills.map((fill) => ({ ...fill, price: fill.price * 2 })));
        return fills.length;
      });
    });

    it(`fills the same whether a print comes before or after the depth message that shows it (${assume})`, () => {
      let filled = 0;
      for (let seed = 1; seed <= 200; seed++) {
        const inTime = fillsOf(
          toldTwice(seed, () => false),
          0,
          assume,
        );
        const draws = new Draws(seed, 'late');
        const late = fillsOf(
          toldTwice(seed, () => draws.chance(0.5)),
          0,
          assume,
        );
        expect(late, `market ${seed}`).to.deep.equal(inTime);
        filled += inTime.length;
      }
      expect(filled).to.be.greaterThan(200);
    });

    it(`gives two takes without a change between them what one of the sum gets (${assume})`, () => {
      for (let seed = 1; seed <= 200; seed++) {
        const draws = new Draws(seed, 'takes');
        const book = aBook(draws);
        const side = draws.chance(0.5) ? 'buy' : 'sell';
        const [a, b] = [1 + draws.below(60), 1 + draws.below(60)];
        const take = (seconds: number, lots: number, orderId: string): Happening =>
          submitted(at(seconds), { side, quantity: formatScaled(lots, 1), duration: '1h', slices: 1 }, orderId);
        const whole = fillsOf([defined(), ...book, take(3, a + b, 'o1'), ticked(at(4))], 0, assume);
        const parts = fillsOf([defined(), ...book, take(2, a, 'o1'), take(3, b, 'o2'), ticked(at(4))], 0, assume);
        expect(byPrice(parts), `seed ${seed}`).to.deep.equal(byPrice(whole));
      }
    });
  }

  it('lets a take at a latency of 50 ms meet the book of 50 ms later', () => {
    let moved = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const market = new RandomMarket(seed, { orders: 0, calm: true }).inputs(60).filter(isMarket);
      const draws = new Draws(seed, 'when');
      const decided = T0 + SECOND + 1 + draws.below(8 * SECOND);
      const side = draws.chance(0.5) ? 'buy' : 'sell';
      const lots = 1 + draws.below(90);
      const parameters = { side, quantity: formatScaled(lots, 1), duration: '1ms', slices: 1 } as const;
      const order = submitted(decided, { ...parameters, limitPrice: side === 'buy' ? '150' : '50' });
      const inputs = [...market.filter((e) => e.at < decided), order, ...market.filter((e) => e.at >= decided)];
      const walks = [decided, decided + 50_000].map((until) => walkOf(market, until, side, lots));
      expect(byPrice(fillsOf(inputs, 50_000)), `market ${seed}`).to.deep.equal(walks[1]);
      if (JSON.stringify(walks[0]) !== JSON.stringify(walks[1])) moved++;
    }
    expect(moved).to.be.greaterThan(20);
  });
});

const isMarket = (input: Happening): input is MarketEvent => !['SubmitTwap', 'ClockTicked'].includes(input.type);

/** Lots by price. */
function byPrice(fills: readonly { readonly price: number; readonly quantity: string }[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { price, quantity } of fills) sums[price] = (sums[price] ?? 0) + Math.round(Number(quantity) * 10);
  return sums;
}

/** What a walk gets, level by level, in the plain book of an instant. */
function walkOf(
  market: readonly MarketEvent[],
  until: number,
  side: 'buy' | 'sell',
  lots: number,
): Record<string, number> {
  const book = new PlainBook();
  for (const event of market) {
    if (event.at >= until || (event.type !== 'BookDelta' && event.type !== 'BookSnapshot')) continue;
    if (event.type === 'BookSnapshot') book.beginSnapshot();
    for (const [price, size] of event.data.bids) book.set(Side.bid, Number(price) * 2, Math.round(Number(size) * 10));
    for (const [price, size] of event.data.asks) book.set(Side.ask, Number(price) * 2, Math.round(Number(size) * 10));
    if (event.type === 'BookSnapshot') book.endSnapshot();
  }
  const opposite = side === 'buy' ? Side.ask : Side.bid;
  const got: Record<string, number> = {};
  let left = lots;
  for (let price = book.best(opposite); price !== 0 && left > 0; price = book.next(opposite, price)) {
    const taken = Math.min(left, book.sizeAt(opposite, price));
    got[price / 2] = taken;
    left -= taken;
  }
  return got;
}

const text = (lots: number): string => formatScaled(lots, 1);

function aBook(draws: Draws): Happening[] {
  const levels = (sign: -1 | 1): LevelText[] =>
    Array.from({ length: 5 }, (_, i) => [formatScaled(1000 + sign * (i + 1) * 5, 1), text(1 + draws.below(30))]);
  return [snapshot(at(1), levels(-1), levels(1))];
}

/** Two quotes at 100 that stay, while the level trades, grows and shrinks; each trade is told by a print and by its depth message. */
function toldTwice(seed: number, isLate: () => boolean): Happening[] {
  const draws = new Draws(seed, 'told twice');
  let level = 5 + draws.below(60);
  let now = 1;
  const stamped = (event: MarketEvent, venueAt: number): MarketEvent =>
    ({ ...event, data: { ...event.data, venueAt: at(venueAt) } }) as MarketEvent;
  const quote = (orderId: string): Happening =>
    submitted(
      at(now),
      {
        quantity: text(5 + draws.below(40)),
        limitPrice: '100',
        quote: 'inside',
        duration: '1h',
        slices: 1,
        aggressionFloor: '100',
        requoteInterval: '1h',
      },
      orderId,
    );
  const depth = (): Happening => stamped(delta(at(now), [['100', text(level)]], []), now);
  const inputs: Happening[] = [
    defined({ ...SPOT, minQuantity: '0' }),
    stamped(snapshot(at(now), [['100', text(level)], ['99', '9']], [['101', '5']]), now), // prettier-ignore
  ];
  for (let i = 0; i < 30; i++) {
    now++;
    if (i === 0 || i === 8) inputs.push(quote(`o${i}`));
    else if (draws.chance(0.4)) {
      level = Math.max(1, level + draws.below(40) - 20);
      inputs.push(depth());
    } else {
      const lots = 1 + draws.below(25);
      const cancelled = draws.chance(0.5) ? draws.below(10) : 0;
      const print = stamped(traded(at(now), { side: 'sell', price: '100', quantity: text(lots) }), now - 0.1);
      level = Math.max(0, level - lots - cancelled);
      inputs.push(...(isLate() ? [depth(), print] : [print, depth()]));
    }
  }
  return inputs;
}
