import type { Watch } from '../../core/desk/terms.js';
import { Side } from '../../core/market/columns.js';
import { NO_LEVEL } from '../../core/market/book.js';
import { priceText, sizeText, type Units } from '../../core/market/instrument.js';
import type { Market } from '../../core/market/market.js';
import { Fraction, powerOfTen } from '../../core/measures/fraction.js';
import { lineAt, type LineName, type Lines } from '../../core/orders/lines.js';
import type { DeskOutcome, OrderOutcome, PlanData } from '../../core/orders/outcomes.js';
import { paceOf } from '../../core/orders/pace.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import { planDue } from '../../core/orders/schedule.js';
import type { EpochMicros } from '../../core/time.js';

/** How one desk went, as far as it can be drawn. Prices and quantities are plain decimal text, all lists in the order of time. */
export interface DeskTrace {
  /** Null where it never started. */
  readonly window: { readonly startAt: EpochMicros; readonly endAt: EpochMicros } | null;
  /** R as planned at the start: what is due in all by each slice. */
  readonly plan: readonly { readonly at: EpochMicros; readonly due: string }[];
  /** Schedule, floor and cap line are straight between these two points; below zero they say nothing. */
  readonly lines: readonly LinePoint[];
  readonly fills: readonly TracedFill[];
  /** When it took between its lines; `to` is null where that lasted. */
  readonly aggressive: readonly { readonly from: EpochMicros; to: EpochMicros | null }[];
  /** Best prices as they stood at each of these instants, at most `MOST_SAMPLES`; null where there was none, or no trust. */
  readonly touch: readonly TouchSample[];
}

export interface LinePoint {
  readonly at: EpochMicros;
  readonly schedule: string;
  readonly floor: string;
  readonly cap: string;
}

export interface TracedFill {
  readonly at: EpochMicros;
  readonly price: string;
  readonly quantity: string;
  readonly liquidity: 'maker' | 'taker';
}

export interface TouchSample {
  readonly at: EpochMicros;
  readonly bid: string | null;
  readonly ask: string | null;
}

/** Samples of a touch in one trace. */
export const MOST_SAMPLES = 400;

/** Of the lines' quantities, rounded half-even. */
const PLACES = 8;

/** Draws a trace from what a desk concludes, and from looks at the market that its pass takes for it. */
export class Tracer implements Watch {
  /** When it wants to see the market next; Infinity outside its window. */
  nextLook: EpochMicros = Infinity;
  #window: { startAt: EpochMicros; endAt: EpochMicros } | null = null;
  #plan: DeskTrace['plan'] = [];
  #lines: DeskTrace['lines'] = [];
  readonly #fills: TracedFill[] = [];
  readonly #aggressive: { from: EpochMicros; to: EpochMicros | null }[] = [];
  readonly #touch: TouchSample[] = [];

  constructor(readonly parameters: TwapParameters) {}

  hear(outcome: OrderOutcome | DeskOutcome, at: EpochMicros, units: Units | undefined): void {
    switch (outcome.type) {
      case 'OrderStarted':
        this.#start(outcome.data.plan, units!);
        break;
      case 'ChildFilled': {
        const { priceTicks, lots, liquidity } = outcome.data;
        const price = priceText(priceTicks, units!);
        this.#fills.push({ at, price, quantity: sizeText(lots, units!), liquidity });
        break;
      }
      case 'AggressionEntered':
        this.#aggressive.push({ from: at, to: null });
        break;
      case 'AggressionLeft':
      case 'OrderCompleted':
        this.#calm(at);
        break;
      default:
    }
  }

  look(market: Market): void {
    const at = this.nextLook;
    const { startAt, endAt } = this.#window!;
    const usable = market.effectiveTrust() !== 'untrusted';
    const best = (side: Side): string | null => {
      const ticks = usable ? market.book.best(side) : NO_LEVEL;
      return ticks === NO_LEVEL ? null : priceText(ticks, market.units);
    };
    this.#touch.push({ at, bid: best(Side.bid), ask: best(Side.ask) });
    const next = startAt + Math.floor(((endAt - startAt) * this.#touch.length) / (MOST_SAMPLES - 1));
    this.nextLook = this.#touch.length === MOST_SAMPLES ? Infinity : next > at ? next : at + 1;
  }

  trace(): DeskTrace {
    return {
      window: this.#window,
      plan: this.#plan,
      lines: this.#lines,
      fills: this.#fills,
      aggressive: this.#aggressive,
      touch: this.#touch,
    };
  }

  #start(plan: PlanData, units: Units): void {
    if (this.#window !== null) return;
    const { startAt, endAt, sliceLots } = plan;
    this.#window = { startAt, endAt };
    this.nextLook = startAt;
    let dueLots = 0;
    this.#plan = sliceLots.map((lots, i) => ({ at: planDue(plan, i), due: sizeText((dueLots += lots), units) }));
    const quantityLots = dueLots;
    const lines: Lines = {
      ...{ startAt, endAt, baseLots: 0, lineLots: dueLots },
      ...{ quantityLots, pace: paceOf(this.parameters) },
    };
    const value = (line: LineName, at: EpochMicros): string => {
      const { numerator, denominator } = lineAt(lines, line, at);
      return Fraction.of(numerator, denominator * powerOfTen(units.sizeScale)).toText(PLACES);
    };
    this.#lines = [startAt, endAt].map((at) => ({
      at,
      schedule: value('schedule', at),
      floor: value('floor', at),
      cap: value('cap', at),
    }));
  }

  #calm(at: EpochMicros): void {
    const last = this.#aggressive.at(-1);
    if (last?.to === null) last.to = at;
  }
}
