import { InvariantViolation } from '../errors.js';
import { Kind, type MarketColumns } from '../market/columns.js';
import type { InstrumentDefinition } from '../market/events.js';
import { pow10 } from '../market/increments.js';
import { Market } from '../market/market.js';
import { CROSSED_LIMIT } from '../market/trust.js';
import type { EpochMicros } from '../time.js';
import type { Conclusion } from './conclusion.js';
import type { DeskFold } from './desk-fold.js';
import type { MarketMoves } from './market-moves.js';
import type { EngineState } from './state.js';
import type { Timer } from './timers.js';

/** One of a batch's instruments: its market, which counts at least as finely as the batch. */
export interface Route {
  /** Undefined until the instrument is defined. */
  market: Market | undefined;
  readonly priceScale: number;
  readonly sizeScale: number;
}

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Folds market inputs: the market is folded once, whoever trades in it. */
export class MarketFold {
  constructor(
    readonly state: EngineState,
    readonly conclusion: Conclusion,
    readonly desks: DeskFold,
    readonly moves: MarketMoves,
  ) {}

  routes(columns: MarketColumns): Route[] {
    return columns.instruments.map(({ instrument, priceScale, sizeScale }) => {
      const market = this.state.markets.get(instrument);
      const route: Route = { market, priceScale, sizeScale };
      if (market !== undefined) this.#align(route, market);
      return route;
    });
  }

  /** The definition of an instrument, the first one or a new one; rules of the run win over it. */
  define(definition: InstrumentDefinition, route: Route): void {
    const { markets, settings } = this.state;
    const ruled: InstrumentDefinition = { ...definition, ...settings.rules?.[definition.instrument] };
    let market = markets.get(ruled.instrument);
    if (market === undefined) {
      market = new Market(ruled);
      market.mark(this.state.clock);
      markets.set(ruled.instrument, market);
    } else this.redefine(market, ruled);
    this.#align(route, market);
  }

  /** New rules for a known instrument. Rules that cannot be true take away its trust, and the old ones stay. */
  redefine(market: Market, definition: InstrumentDefinition): void {
    const before = market.effectiveTrust();
    try {
      this.#rescaled(market, market.redefine(definition));
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      market.interrupt('fold_failed');
      market.mark(this.state.clock);
      this.conclusion.trust(market, before, this.state.clock);
    }
    this.desks.lookAtAll(this.state.clock, this.state.seq, definition.instrument);
  }

  /** Applies the rows [from, to) of one message. A broken invariant takes away the instrument's trust, and no more. */
  apply(columns: MarketColumns, from: number, to: number, route: Route): void {
    const { market } = route;
    const { clock, seq } = this.state;
    if (market === undefined) throw new InvariantViolation(`input ${seq} is of an instrument that was never defined`);
    const before = market.effectiveTrust();
    const { priceScale, sizeScale } = market.units; // rules in the same batch may have made them finer
    const priceFactor = pow10(priceScale - route.priceScale);
    const sizeFactor = pow10(sizeScale - route.sizeScale);
    const crossedBefore = market.crossedSince;
    const stood = this.moves.stands(market);
    try {
      market.apply(columns, from, to, priceFactor, sizeFactor, clock);
      if (columns.kind[from]! >= Kind.interrupted) market.mark(clock);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      market.interrupt('fold_failed');
      market.mark(clock);
    }
    if (this.desks.measures.waits && market.mids.mid2 !== 0) this.desks.measures.midAgain(market, clock, seq);
    const { crossedSince, units } = market;
    if (crossedSince !== 0 && crossedBefore === 0)
      this.state.timers.set({
        at: crossedSince + CROSSED_LIMIT,
        cause: seq,
        kind: 'crossed',
        instrument: units.instrument,
      });
    this.conclusion.trust(market, before, clock);
    if (stood !== undefined) this.moves.applied(market, stood, { columns, from, to, priceFactor, sizeFactor });
  }

  /** A book that is still crossed when its time is up is worth nothing until it uncrosses. */
  crossed(timer: Timer): void {
    const market = this.state.markets.get(timer.instrument!)!;
    if (market.crossedSince === 0 || market.crossedSince + CROSSED_LIMIT !== timer.at) return;
    const before = market.effectiveTrust();
    market.crossedOut = true;
    market.mark(timer.at);
    this.conclusion.cause = timer.cause;
    this.conclusion.trust(market, before, timer.at);
    this.moves.trustChanged(market, before, timer.cause);
  }

  /** The engine was dead from here on: no book is trusted before its next snapshot. */
  interruptAll(at: EpochMicros): void {
    for (const [, market] of [...this.state.markets].sort(byName)) {
      const before = market.effectiveTrust();
      market.interrupt('engine_down');
      market.mark(at);
      this.conclusion.trust(market, before, at);
      this.moves.trustChanged(market, before, this.state.seq, true);
    }
  }

  #align(route: Route, market: Market): void {
    route.market = market;
    this.#rescaled(market, market.refine(route.priceScale, route.sizeScale));
  }

  #rescaled({ units }: Market, factors: { readonly price: number; readonly size: number }): void {
    if (factors.price !== 1 || factors.size !== 1) this.desks.rescale(units.instrument, factors.price, factors.size);
  }
}
