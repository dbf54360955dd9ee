import type { Engine } from '../../core/engine/engine.js';
import { Side } from '../../core/market/columns.js';
import { priceText, sizeText } from '../../core/market/instrument.js';
import { BTC } from './market.js';

/**
 * The book as a trader would look at it, best asks lowest, with our quotes beside what the market shows: `2 behind 4` is a quote
 * of which 2 are left, with 4 ahead in its queue.
 */
export function drawn(engine: Engine, levels = 3): string[] {
  const { book, units } = engine.markets.get(BTC)!;
  const ours = new Map<string, string>();
  const prices: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (const { orders } of engine.desks.values())
    for (const { side, children } of orders.values())
      for (const { rests, limitTicks, leavesLots, aheadLots } of children) {
        if (!rests) continue;
        const key = `${side} ${limitTicks}`;
        const quote = `${sizeText(leavesLots, units)} behind ${sizeText(aheadLots, units)}`;
        ours.set(key, ours.has(key) ? `${ours.get(key)!}, ${quote}` : quote);
        prices[side].add(limitTicks);
      }
  const side = (of: Side): string[] => {
    const best: number[] = [];
    for (let price = book.best(of); price !== 0 && best.length < levels; price = book.next(of, price)) best.push(price);
    const shown = [...new Set([...best, ...prices[of]])].sort((a, b) => b - a);
    return shown.map((price) => {
      const size = book.sizeAt(of, price) === 0 ? '-' : sizeText(book.sizeAt(of, price), units);
      const columns = [of === Side.bid ? size : '', priceText(price, units), of === Side.ask ? size : ''];
      const row = columns.map((text, i) => (i === 0 ? text.padStart(5) : text.padEnd(6))).join('  ');
      return `${row}${ours.get(`${of} ${price}`) ?? ''}`.trimEnd();
    });
  };
  return [...side(Side.ask), ...side(Side.bid)];
}
