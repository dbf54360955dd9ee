import { Decimal, plain } from '../../decimal.js';
import type { InstrumentDefinition } from '../../market/events.js';
import { formatDuration, formatInstant, type EpochMicros } from '../../time.js';

/** What quantities of an instrument are counted in: its base currency, or contracts; empty when nobody knows. */
export function unitOf(definition: InstrumentDefinition | undefined): string {
  if (definition === undefined) return '';
  const { kind, base, multiplier } = definition;
  return kind === 'inverse' || (kind === 'linear' && !new Decimal(multiplier).eq(1)) ? 'contracts' : base;
}

/** A quantity with its unit. */
export function quantityIn(unit: string, quantity: string | Decimal): string {
  const text = typeof quantity === 'string' ? quantity : plain(quantity);
  if (unit === '') return text;
  return `${text} ${unit === 'contracts' && text === '1' ? 'contract' : unit}`;
}

/** The time of day of an instant on the order's first day; on any other day the date as well. */
export function timeOn(first: EpochMicros, at: EpochMicros): string {
  const text = formatInstant(at);
  return text.startsWith(formatInstant(first).slice(0, 11)) ? text.slice(11) : text;
}

/** How much later an instant is: `at once`, `10ms later`. */
export function laterBy(from: EpochMicros, to: EpochMicros): string {
  return to <= from ? 'at once' : `${formatDuration(to - from)} later`;
}

/** A fee as a clause: a negative one is a rebate. */
export function feeClause(fee: Decimal, currency: string): string {
  if (fee.isZero()) return 'no fee';
  return fee.isNeg() ? `a rebate of ${plain(fee.neg())} ${currency}` : `a fee of ${plain(fee)} ${currency}`;
}

/** `once`, `twice`, `14 times`. */
export function timesText(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** ` by NAME`, where somebody is known to have asked. */
export const byActor = (actor: string | undefined): string => (actor === undefined ? '' : ` by ${actor}`);
