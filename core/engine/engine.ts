import { Desk } from '../desk/desk.js';
import { DEFAULT_VENUE } from '../desk/settings.js';
import { InvariantViolation } from '../errors.js';
import { Flag, int64At, Kind, type MarketColumns } from '../market/columns.js';
import type { InstrumentDefinition } from '../market/events.js';
import { pow10 } from '../market/increments.js';
import { Market } from '../market/market.js';
import { CROSSED_LIMIT, type Trust } from '../market/trust.js';
import { commandName, decideCommand, start, type View } from '../orders/decide.js';
import { evolve, type Hands } from '../orders/evolve.js';
import type { AnyOutcome, Concluded, DeskOutcome, OrderOutcome, TrustOutcome } from '../orders/outcomes.js';
import { FINAL } from '../orders/parameters.js';
import { dueAt } from '../orders/schedule.js';
import { decideArrival, decideEnd, decideReport, decideSlice } from '../orders/slices.js';
import type { InputBatch, OtherInput } from '../ports.js';
import type { EpochMicros } from '../time.js';
import type { AnyOtherInput, RunSettings } from './inputs.js';
import { decodeOutcome, type StoredOutcome } from './outcome-codec.js';
import { Timers, type Timer } from './timers.js';

/** A live log with a longer hole between inputs than this had a dead engine, in microseconds. */
const LONGEST_BREATH = 3_000_000;
/** A dead engine's feeds are interrupted this long after the last input. */
const LAST_BREATH = 1_000_000;

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/**
 * The fold: inputs in, outcomes out. A pure function of the inputs and of nothing else; where a batch ends makes no
 * difference. For each input received at T the clock becomes max(clock, T), every timer due by then goes off at its own due
 * time and sees the book as it was, the input is applied, and what it made due goes off.
 */
export class Engine {
  /** The last input folded; 0 before the first. */
  seq = 0;
  /** The last outcome's ordinal. */
  n = 0;
  clock: EpochMicros = 0;
  live = false;
  late = 0;
  wasLate = false;
  settings: RunSettings = { venue: DEFAULT_VENUE, seed: 1 };
  engineVersion = '';
  readonly markets = new Map<string, Market>();
  readonly desks = new Map<string, Desk>();
  readonly timers = new Timers();
  /** Revision of the next outcome, by stream. A stream leaves with its order. */
  readonly revisions = new Map<string, number>();

  #cause = 0;
  /** Outcomes still to be applied, while an epoch is folded as it was stored. */
  #stored: StoredOutcome[] | undefined;
  /** Timers that were due in such an epoch: whoever dealt with them left an outcome, and then they do nothing later. */
  #overdue: Timer[] = [];
  /** From when on the engine counts as dead while timers of a hole go off; Infinity otherwise. */
  #downFrom: EpochMicros = Infinity;

  /** @param conclude  called for every outcome, in order */
  constructor(readonly conclude: (concluded: Concluded) => void) {}

  /** When the next timer is due: a live host appends a tick then. */
  get nextDue(): EpochMicros {
    return this.timers.next;
  }

  /** Folds a stretch of the one order. Its first seq must follow the last one folded. */
  fold(batch: InputBatch): void {
    const { market, others } = batch;
    const routes = this.#routes(market);
    let row = 0;
    for (const other of others) {
      row = this.#foldMarket(market, routes, row, other.seq);
      this.#expect(other.seq);
      this.#foldOther(other);
    }
    this.#foldMarket(market, routes, row, Infinity);
  }

  /** Moves the clock on without an input, where a session ends: what is due by then still happens. */
  passTo(at: EpochMicros): void {
    if (at < this.clock) return;
    this.#fire(at);
    this.clock = at;
  }

  /**
   * Folds inputs of an epoch of another engine version together with the outcomes that were stored for it: they stand and
   * are applied as they are, and nothing is decided. What was due and has no stored outcome is decided by the next epoch.
   */
  foldAsStored(batch: InputBatch, stored: readonly StoredOutcome[]): void {
    this.#stored = [...stored];
    try {
      this.fold(batch);
      this.#applyStored(Infinity, Infinity);
    } finally {
      this.#stored = undefined;
      for (const timer of this.#overdue) this.timers.set(timer);
      this.#overdue = [];
    }
  }

  // ---- market inputs ---------------------------------------------------------------------------------------------

  /** Each of a batch's instruments with its market, which counts at least as finely as the batch. */
  #routes(columns: MarketColumns): Route[] {
    return columns.instruments.map(({ instrument, priceScale, sizeScale }) => {
      const market = this.markets.get(instrument);
      const route: Route = { market, priceScale, sizeScale };
      if (market !== undefined) this.#align(route, market);
      return route;
    });
  }

  #align(route: Route, market: Market): void {
    route.market = market;
    this.#refine(market, () => market.refine(route.priceScale, route.sizeScale));
  }

  #refine(market: Market, by: () => { price: number; size: number }): void {
    const { price, size } = by();
    if (price === 1 && size === 1) return;
    for (const desk of this.desks.values()) desk.rescale(market.units.instrument, price, size);
  }

  /** Folds the messages from `row` on whose seq is below `until`; returns the row after them. */
  #foldMarket(columns: MarketColumns, routes: readonly Route[], row: number, until: number): number {
    const { rows, flags, kind, instrument } = columns;
    while (row < rows) {
      const seq = int64At(columns.seq, row);
      if (seq > until) break;
      let end = row;
      while ((flags[end]! & Flag.messageEnd) === 0) end++;
      end++;
      this.#expect(seq);
      const route = routes[instrument[row]!]!;
      const at = int64At(columns.receivedAt, row);
      this.#advance(at, route.market);
      if (kind[row] === Kind.defined)
        this.#define(JSON.parse(columns.text(row) ?? '{}') as InstrumentDefinition, route);
      else this.#applyMessage(columns, row, end, route);
      if (this.timers.next <= this.clock) this.#fire(this.clock);
      row = end;
    }
    return row;
  }

  #expect(seq: number): void {
    if (this.#stored !== undefined) this.#applyStored(this.clock, seq);
    // not by `invariant`: this runs for every message, and no text is made for what holds
    if (seq !== this.seq + 1)
      throw new InvariantViolation(`input ${seq} follows ${this.seq}: the one order has no gap`);
    this.seq = seq;
    this.#cause = seq;
  }

  #define(definition: InstrumentDefinition, route: Route): void {
    const ruled: InstrumentDefinition = { ...definition, ...this.settings.rules?.[definition.instrument] };
    let market = this.markets.get(ruled.instrument);
    if (market === undefined) {
      market = new Market(ruled);
      this.markets.set(ruled.instrument, market);
    } else {
      const known = market;
      this.#refine(known, () => known.redefine(ruled));
    }
    this.#align(route, market);
  }

  #applyMessage(columns: MarketColumns, from: number, to: number, route: Route): void {
    const { market } = route;
    if (market === undefined)
      throw new InvariantViolation(`input ${this.seq} is of an instrument that was never defined`);
    const before = market.effectiveTrust();
    const crossedBefore = market.crossedSince;
    const { priceScale, sizeScale } = market.units; // rules in the same batch may have made them finer
    const priceFactor = pow10(priceScale - route.priceScale);
    const sizeFactor = pow10(sizeScale - route.sizeScale);
    try {
      market.apply(columns, from, to, priceFactor, sizeFactor, this.clock);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      market.interrupt('fold_failed');
    }
    const { crossedSince } = market;
    if (crossedSince !== 0 && crossedBefore === 0)
      this.timers.set({
        at: crossedSince + CROSSED_LIMIT,
        cause: this.seq,
        kind: 'crossed',
        instrument: market.units.instrument,
      });
    this.#tellTrust(market, before, this.clock);
  }

  #tellTrust(market: Market, before: Trust, at: EpochMicros): void {
    const trust = market.effectiveTrust();
    if (trust === before) return;
    const { instrument } = market.units;
    this.#concludeTrust(
      instrument,
      trust === 'untrusted'
        ? { type: 'TrustLost', data: { instrument, reason: market.effectiveReason() } }
        : { type: 'TrustRegained', data: { instrument, trust } },
      at,
    );
  }

  // ---- other inputs ----------------------------------------------------------------------------------------------

  #foldOther(other: OtherInput): void {
    const input = other as unknown as AnyOtherInput;
    if (input.type === 'RunStarted') {
      const { live, settings, engineVersion } = input.data;
      if (live && this.clock > 0) {
        const at = this.#isLate(input.at, undefined) ? this.clock : input.at;
        const breath = this.clock + LAST_BREATH;
        this.#pass(at, breath < at ? breath : at);
      } else this.#advance(input.at, undefined);
      this.live = live;
      this.engineVersion = engineVersion;
      this.#settle(settings);
    } else {
      this.#advance(input.at, undefined);
      this.#apply(input);
    }
    if (this.timers.next <= this.clock) this.#fire(this.clock);
  }

  #settle(settings: RunSettings): void {
    this.settings = settings;
    for (const desk of this.desks.values()) desk.settle(settings.venue);
    for (const [instrument, rules] of Object.entries(settings.rules ?? {})) {
      const market = this.markets.get(instrument);
      if (market !== undefined)
        this.#refine(market, () => market.redefine({ ...market.instrument.definition, ...rules }));
    }
  }

  #apply(input: Exclude<AnyOtherInput, { type: 'RunStarted' }>): void {
    switch (input.type) {
      case 'ClockTicked':
        return;
      case 'AccountOpened': {
        const desk = this.#openDesk(input.data.account);
        desk.ledger.limited = input.data.balances !== undefined;
        for (const [currency, amount] of Object.entries(input.data.balances ?? {}))
          desk.ledger.deposit(currency, amount);
        return;
      }
      case 'FundsDeposited':
        this.#openDesk(input.data.account).ledger.deposit(input.data.currency, input.data.amount);
        return;
      default: {
        const desk = this.#openDesk(input.data.account);
        this.#onDesk(desk, this.clock, this.seq, (view) => {
          if (desk.halted === '') return decideCommand(view, input);
          const refusal = {
            code: 'desk_halted',
            where: '/account',
            what: `the desk of ${desk.account} stands still: ${desk.halted}`,
            mend: 'use another account, and report this',
          };
          return [
            {
              type: 'CommandRefused',
              data: { orderId: input.data.orderId, command: commandName(input.type), refusal },
            },
          ];
        });
      }
    }
  }

  /** An account opens itself on first use: with the run's balances, or without limits where it names none. */
  #openDesk(account: string): Desk {
    let desk = this.desks.get(account);
    if (desk === undefined) {
      desk = new Desk(account, this.settings.venue);
      const { balances } = this.settings;
      desk.ledger.limited = balances !== undefined;
      for (const [currency, amount] of Object.entries(balances ?? {})) desk.ledger.deposit(currency, amount);
      this.desks.set(account, desk);
    }
    return desk;
  }

  // ---- time ------------------------------------------------------------------------------------------------------

  /** Moves the clock to an input received at `at`, and lets go off what is due by then. */
  #advance(at: EpochMicros, market: Market | undefined): void {
    if (this.#isLate(at, market)) return;
    if (this.live && this.clock > 0 && at - this.clock > LONGEST_BREATH) this.#pass(at, this.clock + LAST_BREATH);
    else {
      if (this.timers.next <= at) this.#fire(at);
      this.clock = at;
    }
  }

  /** Whether an input comes behind the clock; counted each time, and said once for as long as it lasts. */
  #isLate(at: EpochMicros, market: Market | undefined): boolean {
    const late = at < this.clock;
    if (late) {
      this.late++;
      if (market !== undefined) market.counts.late++;
      if (!this.wasLate) this.#sayLate(at, market);
    }
    this.wasLate = late;
    return late;
  }

  /** Lives through a hole in which the engine was dead from `downFrom` on: no book is trusted before its next snapshot. */
  #pass(at: EpochMicros, downFrom: EpochMicros): void {
    const from = downFrom > this.clock ? downFrom : this.clock;
    this.#fire(from);
    this.clock = from;
    for (const { market } of this.#sortedMarkets()) {
      const before = market.effectiveTrust();
      market.interrupt('engine_down');
      this.#tellTrust(market, before, from);
    }
    this.#downFrom = from;
    if (at > this.clock) {
      this.#fire(at);
      this.clock = at;
    }
    this.#downFrom = Infinity;
  }

  #sortedMarkets(): { name: string; market: Market }[] {
    return [...this.markets].map(([name, market]) => ({ name, market })).sort(byName);
  }

  #fire(until: EpochMicros): void {
    while (this.timers.next <= until) {
      const timer = this.timers.pop()!;
      if (this.#stored !== undefined && timer.kind !== 'crossed') {
        this.#overdue.push(timer);
        continue;
      }
      const at = timer.at > this.clock ? timer.at : this.clock;
      this.clock = at;
      if (timer.kind === 'crossed') this.#crossed(timer);
      else this.#orderTimer(timer, at);
    }
    this.#cause = this.seq; // what the input itself brings about has no other cause
  }

  #crossed(timer: Timer): void {
    const market = this.markets.get(timer.instrument!)!;
    if (market.crossedSince === 0 || market.crossedSince + CROSSED_LIMIT !== timer.at) return;
    const before = market.effectiveTrust();
    market.crossedOut = true;
    this.#cause = timer.cause;
    this.#tellTrust(market, before, timer.at);
  }

  #orderTimer(timer: Timer, at: EpochMicros): void {
    const desk = this.desks.get(timer.account!);
    const order = desk?.orders.get(timer.orderId!);
    if (desk === undefined || order === undefined || desk.halted !== '') return;
    const engineDown = at > this.#downFrom;
    const { kind } = timer;
    if (kind === 'arrival' || kind === 'report') {
      const child = order.children.find(({ childId }) => childId === timer.childId);
      if (child === undefined || (kind === 'arrival' && child.ended)) return;
      this.#onDesk(desk, at, timer.cause, (view) =>
        kind === 'arrival' ? decideArrival(view, order, child, engineDown) : decideReport(order, child),
      );
      return;
    }
    if (timer.generation !== order.generation || FINAL.has(order.status)) return;
    if (kind === 'start' && order.status === 'new')
      this.#onDesk(desk, at, timer.cause, (view) => start(view, order, 'timer'));
    const plan = order.plan;
    const isNext = plan !== undefined && timer.at === dueAt(plan.startAt, plan.cadence, plan.next);
    if (kind === 'slice' && order.status === 'running' && isNext)
      this.#onDesk(desk, at, timer.cause, (view) => decideSlice(view, order, engineDown));
    if (kind === 'end') this.#onDesk(desk, at, timer.cause, () => decideEnd(order));
  }

  // ---- outcomes --------------------------------------------------------------------------------------------------

  /** Decides on a desk and applies what was decided. A broken invariant halts this desk and no other. */
  #onDesk(desk: Desk, at: EpochMicros, cause: number, decide: (view: View) => AnyOutcome[]): void {
    if (this.#stored !== undefined) return;
    this.#cause = cause;
    try {
      const view: View = { at, desk, marketOf: (name) => this.markets.get(name) };
      for (const outcome of decide(view)) this.#settleOutcome(desk, outcome as OrderOutcome | DeskOutcome, at);
    } catch (error) {
      const reason = error instanceof InvariantViolation ? error.message : 'internal error';
      this.#settleOutcome(desk, { type: 'DeskHalted', data: { account: desk.account, reason } }, at);
    }
  }

  #settleOutcome(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros): void {
    const hands = this.#hands(at, this.#cause);
    const onDesk = outcome.type === 'DeskHalted' || outcome.type === 'CommandRefused';
    if (onDesk) {
      evolve(desk, outcome, hands);
      this.#emit(`desk-${desk.account}`, outcome, at, undefined);
      return;
    }
    const { orderId } = outcome.data;
    const stream = `execution-${orderId}`;
    const instrument =
      'parameters' in outcome.data
        ? outcome.data.parameters.instrument
        : desk.orders.get(orderId)?.parameters.instrument;
    evolve(desk, outcome, hands);
    this.#emit(stream, outcome, at, instrument === undefined ? undefined : this.markets.get(instrument)?.units);
    const order = desk.orders.get(orderId);
    if (order === undefined) this.revisions.delete(stream);
    else if (order.parameters.account !== desk.account) {
      desk.orders.delete(orderId); // an order that was new has been given to another account
      this.#openDesk(order.parameters.account).orders.set(orderId, order);
    }
  }

  #hands(at: EpochMicros, cause: number): Hands {
    return {
      at,
      marketOf: (name) => this.markets.get(name),
      setTimer: (due, kind, order, childId) => {
        const { account } = order.parameters;
        const { orderId, generation } = order;
        const whose = childId === undefined ? { generation } : { childId };
        this.timers.set({ at: due, cause, kind, account, orderId, ...whose });
      },
    };
  }

  #concludeTrust(instrument: string | undefined, outcome: TrustOutcome, at: EpochMicros): void {
    this.#emit(instrument === undefined ? 'trust-engine' : `trust-${instrument}`, outcome, at, undefined);
  }

  #sayLate(at: EpochMicros, market: Market | undefined): void {
    const instrument = market?.units.instrument;
    const lateBy = this.clock - at;
    this.#concludeTrust(
      instrument,
      { type: 'InputLate', data: instrument === undefined ? { lateBy } : { instrument, lateBy } },
      this.clock,
    );
  }

  /** Applies stored outcomes that happened by `until` and were caused by inputs before `seq`. */
  #applyStored(until: EpochMicros, seq: number): void {
    const stored = this.#stored!;
    let i = 0;
    for (; i < stored.length && stored[i]!.at <= until && stored[i]!.cause! < seq; i++) this.#applyOne(stored[i]!);
    stored.splice(0, i);
  }

  #applyOne(event: StoredOutcome): void {
    const { orderId = '', parameters } = event.data as {
      orderId?: string;
      parameters?: { instrument: string; account: string };
    };
    const holder = [...this.desks.values()].find(({ orders }) => orders.has(orderId));
    const instrument = parameters?.instrument ?? holder?.orders.get(orderId)?.parameters.instrument ?? '';
    const { stream, revision, n, at, cause, outcome } = decodeOutcome(event, this.markets.get(instrument)?.units);
    this.n = n;
    this.#cause = cause;
    this.revisions.set(stream, revision + 1);
    const onDesk = stream.startsWith('desk-');
    const account =
      outcome.type === 'OrderAccepted' ? parameters?.account : onDesk ? stream.slice('desk-'.length) : undefined;
    const desk = account === undefined ? holder : this.#openDesk(account);
    // a market's trust follows from its inputs, and a refused order was never on a desk
    if (desk === undefined || stream.startsWith('trust-')) return;
    evolve(desk, outcome as OrderOutcome | DeskOutcome, this.#hands(at, cause));
    if (!onDesk && !desk.orders.has(orderId)) this.revisions.delete(stream);
  }

  #emit(stream: string, outcome: AnyOutcome, at: EpochMicros, units: Concluded['units']): void {
    if (this.#stored !== undefined) return;
    const revision = this.revisions.get(stream) ?? 0;
    this.revisions.set(stream, revision + 1);
    this.n++;
    const concluded = { stream, revision, n: this.n, at, cause: this.#cause, outcome };
    this.conclude(units === undefined ? concluded : { ...concluded, units });
  }
}

interface Route {
  market: Market | undefined;
  readonly priceScale: number;
  readonly sizeScale: number;
}
