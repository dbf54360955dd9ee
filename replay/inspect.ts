import { createHash } from 'node:crypto';
import { Decimal, plain } from '../core/decimal.js';
import { Engine } from '../core/engine/engine.js';
import type { Json } from '../core/json.js';
import { NO_LEVEL } from '../core/market/book.js';
import { bookLines, sweep } from '../core/market/book-text.js';
import { Flag, int64At, Side, sliceColumns, type MarketColumns } from '../core/market/columns.js';
import { formatScaled, parseScaled, rescaled } from '../core/market/increments.js';
import { priceText, sizeText } from '../core/market/instrument.js';
import type { Market } from '../core/market/market.js';
import { Fraction } from '../core/measures/fraction.js';
import { unscaled } from '../core/measures/price-sum.js';
import type { InputBatch } from '../core/ports.js';
import { formatInstant, type EpochMicros } from '../core/time.js';
import { isBeyond, type Moment } from './moment.js';

export interface InspectOptions {
  /** Counts and books as of this moment; the session's end when absent. */
  readonly until?: Moment;
  /** A quantity to sweep from every book, plain decimal text. */
  readonly sweep?: string;
}

export interface Inspectable {
  readonly from: EpochMicros;
  readonly to: EpochMicros;
  readonly ignored: number;
  readonly contentHash: string;
  inputs(): AsyncIterable<InputBatch>;
}

/** What is in a session (docs/commands.md): counts, trades, books and what they are worth. */
export async function inspect(session: Inspectable, options: InspectOptions = {}): Promise<Record<string, Json>> {
  const engine = new Engine(() => undefined);
  const checksums = new Checksums();
  const { until } = options;
  for await (const batch of session.inputs()) {
    const part = until === undefined ? batch : upTo(batch, until);
    checksums.add(part.market);
    engine.fold(part);
    if (part !== batch) break;
  }
  if (until === undefined) engine.passTo(session.to);
  const instruments: Record<string, Json> = {};
  let messages = 0;
  for (const [name, market] of [...engine.markets].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    messages += market.counts.messages;
    instruments[name] = inspected(market, checksums.of(name), engine.clock, options.sweep);
  }
  return {
    from: formatInstant(session.from),
    to: formatInstant(session.to),
    messages,
    ignored: session.ignored,
    complete: true,
    contentHash: session.contentHash,
    late: engine.late,
    instruments,
  };
}

/** How many book messages came with a checksum, and with how many our book did not agree. */
class Checksums {
  readonly #counts = new Map<string, { checked: number; failed: number }>();

  add({ rows, flags, instrument, instruments }: MarketColumns): void {
    for (let row = 0; row < rows; row++) {
      const flag = flags[row]!;
      if ((flag & Flag.checked) === 0 || (flag & Flag.messageEnd) === 0) continue;
      const counts = this.of(instruments[instrument[row]!]!.instrument);
      counts.checked++;
      if ((flag & Flag.mismatch) !== 0) counts.failed++;
    }
  }

  of(name: string): { checked: number; failed: number } {
    const counts = this.#counts.get(name) ?? { checked: 0, failed: 0 };
    this.#counts.set(name, counts);
    return counts;
  }
}

/** The batch up to and including a moment; the same batch when all of it is. */
function upTo(batch: InputBatch, until: Moment): InputBatch {
  const { market, others } = batch;
  let row = 0;
  const beyond = (at: number): boolean =>
    isBeyond(until, { seq: int64At(market.seq, at), at: int64At(market.receivedAt, at) });
  while (row < market.rows && !beyond(row)) row++;
  const first = others.findIndex((other) => isBeyond(until, other));
  if (row === market.rows && first === -1) return batch;
  // whichever goes beyond first ends it: nothing after that is looked at
  const marketEnd = row === market.rows ? Infinity : int64At(market.seq, row);
  const otherEnd = first === -1 ? Infinity : others[first]!.seq;
  const end = marketEnd < otherEnd ? marketEnd : otherEnd;
  while (row > 0 && int64At(market.seq, row - 1) >= end) row--;
  return { market: sliceColumns(market, 0, row), others: others.filter(({ seq }) => seq < end) };
}

function inspected(market: Market, checksums: Json, at: EpochMicros, quantity: string | undefined): Json {
  const { counts, tape, units, book } = market;
  const hash = createHash('sha256');
  for (const line of bookLines(book, units.priceScale, units.sizeScale)) hash.update(line);
  const touch = (side: Side): Json => {
    const price = book.best(side);
    return price === NO_LEVEL ? null : [priceText(price, units), sizeText(book.sizeAt(side, price), units)];
  };
  const price = (ticks: number): Json => (ticks === 0 ? null : priceText(ticks, units));
  return {
    trust: market.effectiveTrust(),
    ...(market.effectiveReason() === '' ? {} : { reason: market.effectiveReason() }),
    rules: market.instrument.definition.rules,
    snapshots: counts.snapshots,
    bookUpdates: counts.bookUpdates,
    levelChanges: counts.levelChanges,
    droppedAsOld: counts.droppedAsOld,
    gaps: counts.gaps,
    crossed: counts.crossed,
    late: counts.late,
    checksums,
    trades: {
      count: tape.count,
      volume: sizeText(tape.volumeLots, units),
      vwap: quotient(tape.notional, tape.volumeLots, units.priceScale),
      first: price(tape.first),
      last: price(tape.last),
      high: price(tape.high),
      low: price(tape.low),
    },
    midTimeWeighted: midTimeWeighted(market, at),
    book: {
      bid: touch(Side.bid),
      ask: touch(Side.ask),
      levels: [book.depth(Side.bid), book.depth(Side.ask)],
      sha256: hash.digest('hex'),
    },
    ...(quantity === undefined
      ? {}
      : { sweep: { buy: swept(market, 'buy', quantity), sell: swept(market, 'sell', quantity) } }),
  };
}

/** ticks x lots / lots as a price, 8 places, half-even. */
function quotient(notional: bigint, lots: bigint, priceScale: number): string | null {
  if (lots === 0n) return null;
  const value = new Decimal(formatScaled(notional, priceScale)).div(String(lots));
  return plain(value.toDecimalPlaces(8));
}

/** Each mid holds until the next applied book message; null while there was none. */
function midTimeWeighted({ mids, units }: Market, at: EpochMicros): string | null {
  const held = mids.heldMicros(at);
  return held === 0
    ? null
    : unscaled(mids.integral(at), units.priceScale)
        .over(Fraction.of(2 * held))
        .toText(8);
}

/** What taking a quantity from the book as it stands would cost; null when the book holds less. */
function swept(market: Market, side: 'buy' | 'sell', quantity: string): Json {
  const { book, units } = market;
  const value = parseScaled(quantity);
  const lots = value === undefined || value.scale > units.sizeScale ? undefined : rescaled(value, units.sizeScale);
  if (lots === undefined || lots === 0) return null;
  const { notional, filledLots, worstTicks, levels } = sweep(book, side, lots);
  if (filledLots < lots) return null;
  return {
    averagePrice: quotient(notional, BigInt(filledLots), units.priceScale),
    worstPrice: priceText(worstTicks, units),
    levels,
  };
}
