import { Flag, int64At, Kind, type MarketColumns } from '../core/market/columns.js';
import type { InstrumentDefinition } from '../core/market/events.js';
import { pow10 } from '../core/market/increments.js';
import { Market } from '../core/market/market.js';
import type { InputBatch } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';

export interface FirstUsable {
  readonly seq: number;
  readonly at: EpochMicros;
}

/**
 * Looks for the first message after which each instrument has a usable book (docs/orders.md): that is when an order
 * without a time of its own is accepted. Stops reading as soon as all are found.
 *
 * @returns without an entry for an instrument whose book never becomes usable
 */
export async function firstUsable(
  inputs: AsyncIterable<InputBatch>,
  instruments: ReadonlySet<string>,
  allowPartialBook: boolean,
): Promise<Map<string, FirstUsable>> {
  const found = new Map<string, FirstUsable>();
  const markets = new Map<string, Market>();
  if (instruments.size === 0) return found;
  for await (const { market: columns } of inputs) {
    for (let from = 0, to = 0; from < columns.rows; from = to) {
      to = endOf(columns, from);
      const { instrument, priceScale, sizeScale } = columns.instruments[columns.instrument[from]!]!;
      if (!instruments.has(instrument) || found.has(instrument)) continue;
      const known = markets.get(instrument);
      if (columns.kind[from] === Kind.defined) {
        const definition = JSON.parse(columns.text(from) ?? '{}') as InstrumentDefinition;
        if (known === undefined) markets.set(instrument, new Market(definition));
        else known.redefine(definition);
        continue;
      }
      if (known === undefined) continue;
      const at = int64At(columns.receivedAt, from);
      known.refine(priceScale, sizeScale);
      const { units } = known;
      known.apply(columns, from, to, pow10(units.priceScale - priceScale), pow10(units.sizeScale - sizeScale), at);
      if (known.unusable(allowPartialBook) === undefined) {
        found.set(instrument, { seq: int64At(columns.seq, from), at });
        if (found.size === instruments.size) return found;
      }
    }
  }
  return found;
}

function endOf(columns: MarketColumns, from: number): number {
  let row = from;
  while ((columns.flags[row]! & Flag.messageEnd) === 0) row++;
  return row + 1;
}
