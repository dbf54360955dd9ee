import type { InstrumentDefinition } from '../market/events.js';
import { Fraction } from './fraction.js';

/** One fill, as it stands in the log. */
export interface FillText {
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly price: string;
  /** The last mid before the input that filled it. */
  readonly mid: string;
}

/** What a fill paid of the spread, s q (p - m), in the settlement currency: below zero where it earned it. */
export function fillSpread(
  { side, quantity, price, mid }: FillText,
  { kind, multiplier }: Pick<InstrumentDefinition, 'kind' | 'multiplier'>,
): string {
  const [q, p, m] = [Fraction.parse(quantity), Fraction.parse(price), Fraction.parse(mid)];
  const dearer = kind === 'inverse' ? q.over(m).minus(q.over(p)) : q.times(p.minus(m));
  const cost = dearer.times(Fraction.parse(multiplier));
  return (side === 'sell' ? cost.negated() : cost).toText(12);
}
