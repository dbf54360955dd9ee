import { invariant } from '../../../core/errors.js';
import type { BookData, InstrumentDefinition, LevelText, Trade } from '../../../core/market/events.js';
import { formatScaled, parseScaled, rescaled, type Scaled } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Ladder } from './ladder.js';
import type { Print } from './takers.js';

const MOST_PRINTS_PER_STEP = 64;

/** Writes an instrument's ticks and lots as the decimal text of the feed. */
export class Wording {
  readonly #instrument: string;
  readonly #tick: Scaled;
  readonly #lot: Scaled;

  constructor(definition: InstrumentDefinition) {
    this.#instrument = definition.instrument;
    this.#tick = scaled(definition.tickSize);
    this.#lot = scaled(definition.lotSize);
  }

  price(ticks: number): string {
    return formatScaled(ticks * this.#tick.mantissa, this.#tick.scale);
  }

  quantity(lots: number): string {
    return formatScaled(lots * this.#lot.mantissa, this.#lot.scale);
  }

  /** A mid, which may lie between two ticks. */
  mid(halfTicks: number): string {
    return formatScaled(halfTicks * this.#tick.mantissa * 5, this.#tick.scale + 1);
  }

  /** @returns the mid in half ticks, rounded down; `undefined` when the text is no decimal */
  readMid(text: string): number | undefined {
    const mid = parseScaled(text);
    if (mid === undefined) return undefined;
    const halfTick = { mantissa: this.#tick.mantissa * 5, scale: this.#tick.scale + 1 };
    const scale = mid.scale > halfTick.scale ? mid.scale : halfTick.scale;
    const value = rescaled(mid, scale);
    const unit = rescaled(halfTick, scale);
    return value === undefined || unit === undefined ? undefined : Math.floor(value / unit);
  }

  book(bids: Ladder, asks: Ladder, venueAt: EpochMicros, venueSeq: number): BookData {
    return { instrument: this.#instrument, venueAt, venueSeq, bids: this.#levels(bids), asks: this.#levels(asks) };
  }

  /** What changed since it was last asked; levels with what they show now. */
  changes(bids: Ladder, asks: Ladder, venueAt: EpochMicros, venueSeq: number): BookData {
    return { instrument: this.#instrument, venueAt, venueSeq, bids: this.#changed(bids), asks: this.#changed(asks) };
  }

  trades(prints: readonly Print[], step: number): Trade[] {
    return prints.map(({ sign, ticks, lots }, n) => ({
      side: sign > 0 ? 'buy' : 'sell',
      price: this.price(ticks),
      quantity: this.quantity(lots),
      tradeId: step * MOST_PRINTS_PER_STEP + n,
    }));
  }

  #levels(ladder: Ladder): LevelText[] {
    return Array.from({ length: ladder.depth }, (_, n) => [
      this.price(ladder.ticksAt(n)),
      this.quantity(ladder.lotsAt(n)),
    ]);
  }

  #changed(ladder: Ladder): LevelText[] {
    return ladder.takeChanges().map(({ ticks }) => [this.price(ticks), this.quantity(ladder.lotsOn(ticks))]);
  }
}

function scaled(text: string): Scaled {
  const value = parseScaled(text);
  invariant(value !== undefined, `${text} is no increment`);
  return value;
}
