import type { Desk } from '../desk/desk.js';
import { countedText } from '../exact-sum.js';
import type { Market } from '../market/market.js';
import { courseOf } from '../measures/course.js';
import { marketSums, type MarketSums } from '../measures/market-sums.js';
import { measured, type Measured } from '../measures/measured.js';
import {
  awaited,
  complete,
  HORIZONS,
  newMeasure,
  rescaleMeasure,
  type Mark,
  type Measure,
} from '../measures/measure.js';
import { PriceSum } from '../measures/price-sum.js';
import { buyRest } from '../measures/rest.js';
import { SAMPLE_INTERVAL, Sampler } from '../measures/sampler.js';
import type { DeskOutcome, OrderOutcome } from '../orders/outcomes.js';
import type { OrderState } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import type { EngineState } from './state.js';
import type { Timer } from './timers.js';

type Fill = Extract<OrderOutcome, { type: 'ChildFilled' }>['data'];

/** Markouts of one horizon are set in the order in which they fall due. */
const MARKOUT_LANES = HORIZONS.map((horizon) => `markout ${horizon}`);

/** Gathers what executions cost. It follows outcomes and looks at the market when its marks are due, and decides nothing. */
export class MeasureFold {
  /** Measures that wait for a mid; undefined until it is first asked for, so that a restored engine finds them. */
  #awaiting: Set<Measure> | undefined;

  constructor(readonly state: EngineState) {}

  /** An outcome has been applied to its desk. */
  follow(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number): void {
    if (outcome.type === 'OrderRefused' || outcome.type === 'CommandRefused' || outcome.type === 'DeskHalted') return;
    const { orderId } = outcome.data;
    const order = desk.orders.get(orderId);
    if (outcome.type === 'OrderAccepted') {
      this.#begin(desk, order!, at);
      return;
    }
    const measure = desk.measures.get(orderId);
    if (measure === undefined) return;
    if (outcome.type === 'OrderMeasured') {
      this.#drop(desk, measure);
      return;
    }
    const market = this.state.markets.get(measure.instrument)!;
    switch (outcome.type) {
      case 'OrderStarted':
        if (measure.startedAt === 0) this.#start(measure, market, at, cause);
        break;
      case 'ChildPlaced':
        measure.decisions.set(outcome.data.childId, market.mids.mid2 === 0 ? market.mids.last2 : market.mids.mid2);
        break;
      case 'ChildFilled':
        this.#fill(desk, measure, market, outcome.data, at, cause);
        break;
      case 'ChildReported':
        if (outcome.data.working !== true) measure.decisions.delete(outcome.data.childId);
        break;
      case 'OrderCancelled':
        measure.error.stand(at);
        break;
      default:
    }
    if (order !== undefined) this.#follow(desk, measure, order, at, cause);
    measure.over = order === undefined;
    this.#concludeIfComplete(desk, measure, at, cause);
  }

  /** A mark is due: a sample, a window's end, a markout. */
  timer(timer: Timer, at: EpochMicros, due: EpochMicros): void {
    if (timer.kind === 'sample') {
      this.#sampleDue(timer, due);
      return;
    }
    const desk = this.state.desks.get(timer.account!);
    if (timer.kind === 'look') {
      desk?.terms?.watch?.look(this.state.markets.get(timer.instrument!)!);
      if (desk !== undefined) this.watch(desk, timer.instrument!, timer.cause);
      return;
    }
    const measure = desk?.measures.get(timer.orderId!);
    if (desk === undefined || measure === undefined || desk.halted !== '') return;
    const market = this.state.markets.get(measure.instrument)!;
    if (timer.kind === 'markout') this.#markOut(measure, market, timer.at);
    else if (measure.endAt === timer.at && measure.atEnd === undefined) this.#end(desk, measure, market, at);
    this.#concludeIfComplete(desk, measure, at, timer.cause);
  }

  /** Sets the next look of whoever draws a desk. */
  watch({ name, terms }: Desk, instrument: string, cause: number): void {
    const at = terms?.watch?.nextLook ?? Infinity;
    if (at !== Infinity) this.state.marks.set({ at, cause, kind: 'look', account: name, instrument });
  }

  /** Whether anybody may wait for a mid. */
  get waits(): boolean {
    return this.#awaiting === undefined || this.#awaiting.size > 0;
  }

  /** There is a mid behind a message: whoever waited for one takes it. */
  midAgain(market: Market, at: EpochMicros, cause: number): void {
    this.#awaiting ??= this.#findAwaiting();
    const { instrument } = market.units;
    const here = [...this.#awaiting].filter((measure) => measure.instrument === instrument);
    for (const measure of here.sort((a, b) => (a.orderId < b.orderId ? -1 : 1))) {
      this.#awaiting.delete(measure);
      for (const mark of awaited(measure)) Object.assign(mark, { mid2: market.mids.mid2, late: true });
      const desk = [...this.state.desks.values()].find(({ measures }) => measures.get(measure.orderId) === measure);
      if (desk !== undefined) this.#concludeIfComplete(desk, measure, at, cause);
    }
  }

  /** All that an order's costs are computed from, as of the engine's clock. */
  measured(desk: Desk, measure: Measure): Measured {
    const market = this.state.markets.get(measure.instrument)!;
    const { clock } = this.state;
    const open = measure.startedAt !== 0 && measure.atEnd === undefined;
    if (!open) return measured(measure, market, undefined);
    const now = this.#sums(measure, market, clock);
    return measured(measure, market, { at: clock, sums: now, allIn: buyRest(desk, measure, market) });
  }

  rescale(instrument: string, priceFactor: number, sizeFactor: number): void {
    for (const desk of this.state.desks.values())
      for (const measure of desk.measures.values())
        if (measure.instrument === instrument) rescaleMeasure(measure, priceFactor, sizeFactor);
    for (const sampler of this.state.samplers.of(instrument)) sampler.rescale(priceFactor);
  }

  #begin(desk: Desk, order: OrderState, at: EpochMicros): void {
    const { instrument } = order.parameters;
    const market = this.state.markets.get(instrument)!;
    const inverse = market.instrument.definition.kind === 'inverse';
    const measure = newMeasure(order.orderId, instrument, inverse, order.side, at);
    measure.quantityLots = order.quantityLots;
    desk.measures.set(order.orderId, measure);
    this.#mark(measure, measure.arrival, market);
  }

  #start(measure: Measure, market: Market, at: EpochMicros, cause: number): void {
    const { mid2 } = market.mids;
    const sampler = this.#samplerFrom(market, at, cause);
    sampler.users++;
    measure.startedAt = at;
    const sums = marketSums(market, sampler, at);
    // the first sample is its own: the mid at its start
    measure.from = { ...sums, samples: sums.samples - BigInt(mid2), sampled: sums.sampled - (mid2 === 0 ? 0 : 1) };
    measure.partial ||= market.effectiveTrust() === 'partial';
    this.#mark(measure, measure.start, market);
  }

  #fill(desk: Desk, measure: Measure, market: Market, fill: Fill, at: EpochMicros, cause: number): void {
    const { childId, lots, priceTicks, liquidity, fee, mid2 = market.mids.last2 } = fill;
    const price2 = 2 * priceTicks;
    measure.paid.add(price2, lots);
    measure.met.add(mid2, lots);
    measure.decided.add(measure.decisions.get(childId) ?? mid2, lots);
    measure.fees.add(countedText(fee));
    if (liquidity === 'maker') measure.makerLots += lots;
    measure.partial ||= market.effectiveTrust() === 'partial';
    const { seq } = this.state;
    // of one take's fills the market has not moved between
    if (measure.lastFillAt !== at || measure.lastFillSeq !== seq) measure.atLastFill = this.#sums(measure, market, at);
    measure.lastFillAt = at;
    measure.lastFillSeq = seq;
    let group = measure.groups.at(-1);
    if (group?.at !== at) {
      group = { at, paid: new PriceSum(measure.paid.inverse), next: 0 };
      measure.groups.push(group);
      for (let i = 0; i < HORIZONS.length; i++)
        this.#setMark(at + HORIZONS[i]!, 'markout', desk, measure, cause, MARKOUT_LANES[i]);
    }
    group.paid.add(price2, lots);
  }

  /** Takes over what an outcome changed about the order itself. */
  #follow(desk: Desk, measure: Measure, order: OrderState, at: EpochMicros, cause: number): void {
    const { plan, parameters } = order;
    if (parameters.instrument !== measure.instrument) {
      this.#begin(desk, order, at); // it was new, and is another order now
      return;
    }
    measure.side = order.side;
    measure.quantityLots = order.quantityLots;
    if (plan === undefined) return;
    if (plan.endAt !== measure.endAt) {
      measure.endAt = plan.endAt;
      measure.atEnd = undefined;
      measure.allIn = undefined;
      Object.assign(measure.end, { mid2: 0, late: false });
      this.#setMark(plan.endAt, 'measure', desk, measure, cause);
    }
    if (measure.atEnd !== undefined) return;
    const course = courseOf(order, measure, at);
    if (measure.error.at === 0) measure.error.begin(at, course);
    else measure.error.change(at, course);
  }

  #end(desk: Desk, measure: Measure, market: Market, at: EpochMicros): void {
    measure.error.end(at);
    measure.atEnd = this.#sums(measure, market, at);
    measure.allIn = buyRest(desk, measure, market);
    this.#mark(measure, measure.end, market);
  }

  #markOut(measure: Measure, market: Market, at: EpochMicros): void {
    const { mid2 } = market.mids;
    const { groups, markouts, reached } = measure;
    for (let i = 0; i < HORIZONS.length; i++) {
      const group = groups[reached[i]!];
      if (group === undefined || group.at + HORIZONS[i]! !== at) continue;
      reached[i]!++;
      group.next++;
      if (mid2 === 0) continue;
      markouts[i]!.paid.addAll(group.paid);
      markouts[i]!.mid.add(mid2, group.paid.count());
    }
    while (groups[0]?.next === HORIZONS.length) {
      groups.shift();
      for (let i = 0; i < HORIZONS.length; i++) reached[i]!--;
    }
  }

  #mark(measure: Measure, mark: Mark, { mids }: Market): void {
    mark.mid2 = mids.mid2;
    if (mids.mid2 === 0) (this.#awaiting ??= this.#findAwaiting()).add(measure);
  }

  /** A sampler of this phase whose next sample lies behind `at`. */
  #samplerFrom(market: Market, at: EpochMicros, cause: number): Sampler {
    const { instrument } = market.units;
    let sampler = this.state.samplers.get(instrument, at);
    if (sampler === undefined) {
      sampler = this.state.samplers.begin(instrument, at, at + SAMPLE_INTERVAL, cause);
      this.state.marks.set(sampler);
    } else if (sampler.nextAt === at) this.#sample(sampler, market, cause);
    return sampler;
  }

  /** A sampler may have sampled before its mark of this instant, and set another; and a mark may outlive its sampler. */
  #sampleDue(mark: Timer, due: EpochMicros): void {
    const { samplers, markets } = this.state;
    const sampler = mark instanceof Sampler ? mark : samplers.get(mark.instrument!, due);
    if (sampler?.nextAt !== due) return;
    if (sampler.users > 0) this.#sample(sampler, markets.get(sampler.instrument)!, mark.cause);
    else if (sampler === mark) samplers.forget(sampler);
  }

  #sample(sampler: Sampler, market: Market, cause: number): void {
    sampler.take(market.mids.mid2);
    sampler.cause = cause;
    this.state.marks.set(sampler);
  }

  #setMark(
    at: EpochMicros,
    kind: 'measure' | 'markout',
    { name: account }: Desk,
    { orderId }: Measure,
    cause: number,
    lane: string = kind,
  ): void {
    this.state.marks.set({ at, cause, kind, account, orderId }, lane);
  }

  #sums(measure: Measure, market: Market, at: EpochMicros): MarketSums {
    const sampler = this.state.samplers.get(measure.instrument, measure.startedAt)!;
    return marketSums(market, sampler, at, at !== measure.startedAt);
  }

  #concludeIfComplete({ name: account }: Desk, measure: Measure, at: EpochMicros, cause: number): void {
    if (!complete(measure)) return;
    const { orderId } = measure;
    this.state.timers.set({ at, cause, kind: 'measured', account, orderId });
  }

  #drop(desk: Desk, measure: Measure): void {
    desk.measures.delete(measure.orderId);
    this.#awaiting?.delete(measure);
    if (measure.startedAt === 0) return;
    const { instrument, startedAt } = measure;
    const sampler = this.state.samplers.get(instrument, startedAt)!;
    sampler.users--;
    if (sampler.users === 0) this.state.samplers.delete(instrument, startedAt);
  }

  #findAwaiting(): Set<Measure> {
    const all = [...this.state.desks.values()].flatMap(({ measures }) => [...measures.values()]);
    return new Set(all.filter((measure) => awaited(measure).length > 0));
  }
}
