import { Decimal } from '../../decimal.js';
import type { FillRule } from '../../desk/fill-rule.js';
import type { SkipReason } from '../outcomes.js';
import { skipClause } from './reasons.js';
import { circumstances, join, quantity, tell, time, type Telling, type ToldChild } from './telling.js';
import type { OutcomeData, Told } from './texts.js';
import { feeClause, laterBy } from './words.js';

type Fill = OutcomeData['ChildFilled'];

export function filled(telling: Telling, event: Told<'ChildFilled'>): void {
  const fill = event.data;
  const child = telling.children.get(fill.childId)!;
  telling.filled = telling.filled.add(fill.quantity);
  child.fills.push(fill);
  child.open = child.open.sub(fill.quantity);
  if (child.takes) {
    join(child.entry, event);
    child.entry.kind = 'took';
    child.entry.rule = fill.rule;
    child.entry.text = tookSentence(telling, child);
    return;
  }
  const { rule, price, fee, feeCurrency } = fill;
  const met = MET[rule](fill, event.cause ?? 0, telling.side === 'sell' ? 'bid' : 'offer');
  const inFlight = child.pull?.answered === false ? ' Its cancel or shrink was still on its way.' : '';
  child.entry = tell(
    telling,
    event,
    'filled',
    `Filled ${quantity(telling, fill.quantity)} at ${price} as maker: ${met}; ${feeClause(new Decimal(fee), feeCurrency)}.${inFlight}`,
    { rule },
  );
}

/** What a fill met. A rule without a sentence does not compile. */
const MET: Readonly<Record<FillRule, (fill: Fill, cause: number, opposite: 'bid' | 'offer') => string>> = {
  walk: ({ displayed, price }) => `it walked the ${displayed} displayed at ${price}`,
  queue: ({ displayed, price, ahead }, cause) => {
    const print = `a print of ${displayed} at ${price} (input ${cause})`;
    if (ahead === undefined) return `${print} reached it`;
    return ahead === '0'
      ? `${print} came with nothing ahead of it`
      : `${print} went through the ${ahead} that stood ahead`;
  },
  trade_through: ({ displayed, metPrice, price }, cause) =>
    `a print of ${displayed} at ${metPrice ?? price} (input ${cause}) went through its price`,
  crossed: ({ displayed, metPrice, price }, cause, opposite) =>
    metPrice === undefined
      ? `${article(opposite)} of ${displayed} came to its price (input ${cause})`
      : `${article(opposite)} of ${displayed} came to ${metPrice} and crossed ${price} (input ${cause})`,
  gap: ({ displayed, metPrice, price }, cause, opposite) =>
    `when the book was trusted again (input ${cause}) ${article(opposite)} of ${displayed} stood at ${metPrice ?? price}`,
};

const article = (opposite: 'bid' | 'offer'): string => (opposite === 'bid' ? 'a bid' : 'an offer');

/** A take as far as it has come: asked for, met, and what it did not get. */
export function tookSentence(
  telling: Telling,
  { placed, placedAt, purpose, fills }: ToldChild,
  rest?: { readonly quantity: string; readonly reason: SkipReason },
): string {
  const { quantity: wanted, limitPrice, arrivesAt } = placed;
  const limit = `at ${limitPrice} or better`;
  const why = rest === undefined ? '' : skipClause(rest.reason, circumstances(telling, { limitPrice }));
  const asked = `asked for at ${time(telling, placedAt)}, ${limit}`;
  const met = `met the book ${arrivesAt <= placedAt ? 'at once' : `of ${laterBy(placedAt, arrivesAt)}`}`;
  if (fills.length === 0)
    return rest === undefined
      ? `Takes ${quantity(telling, wanted)}${purpose}, ${limit}: it reaches the venue at ${time(telling, arrivesAt)}.`
      : `Took nothing of ${quantity(telling, wanted)}${purpose}: ${asked}, ${met}, where ${why}.`;
  const steps = fills.map(({ quantity: got, price, displayed }) => `${got} at ${price} of ${displayed} displayed`);
  const fee = feeClause(
    fills.reduce((sum, each) => sum.add(each.fee), new Decimal(0)),
    fills[0]!.feeCurrency,
  );
  const left = rest === undefined ? '' : ` The other ${quantity(telling, rest.quantity)} found nothing: ${why}.`;
  return `Took ${quantity(telling, total(fills))}${purpose}: ${asked}, ${met}, ${steps.join(', ')}; ${fee}.${left}`;
}

const total = (fills: readonly Fill[]): Decimal =>
  fills.reduce((sum, { quantity: got }) => sum.add(got), new Decimal(0));
