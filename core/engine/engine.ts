import { InvariantViolation } from '../errors.js';
import { Flag, int64At, Kind, type MarketColumns } from '../market/columns.js';
import type { InstrumentDefinition } from '../market/events.js';
import type { Market } from '../market/market.js';
import type { Measured } from '../measures/measured.js';
import type { Command } from '../orders/commands.js';
import type { Concluded } from '../orders/outcomes.js';
import type { InputBatch, OtherInput } from '../ports.js';
import type { EpochMicros } from '../time.js';
import { Conclusion } from './conclusion.js';
import { DeskFold } from './desk-fold.js';
import { NO_GUESTS, type Guests } from './guests.js';
import type { AnyOtherInput, RunSettings, RunStarted } from './inputs.js';
import { MarketFold, type Route } from './market-fold.js';
import { MarketMoves } from './market-moves.js';
import type { StoredOutcome } from './outcome-codec.js';
import { EngineState } from './state.js';
import type { Timer } from './timers.js';
import { keptLess, setUnkept } from './unkept.js';

/** A live log with a longer hole between inputs than this had a dead engine, in microseconds. */
const LONGEST_BREATH = 3_000_000;
/** A dead engine's feeds are interrupted this long after the last input. */
const LAST_BREATH = 1_000_000;

/** As much of an input as says whether the engine was dead before it. */
export type NextInput = Pick<OtherInput, 'type' | 'at' | 'data'>;

/**
 * The fold: inputs in, outcomes out. A pure function of the inputs and of nothing else; where a batch ends makes no
 * difference. For each input received at T the clock becomes max(clock, T), every timer due by then goes off at its own due
 * time and sees the book as it was, the input is applied, and what it made due goes off.
 */
export class Engine extends EngineState {
  readonly #conclusion: Conclusion;
  readonly #desk: DeskFold;
  readonly #market: MarketFold;
  /** From when on the engine counts as dead while timers of a hole go off; Infinity otherwise. */
  #downFrom: EpochMicros = Infinity;
  /** Outcomes still to be applied, the next one last, while an epoch is folded as it was stored. */
  #stored: StoredOutcome[] = [];
  /** Timers that were due in such an epoch: whoever dealt with them left an outcome, and then they do nothing later. */
  #overdue: Timer[] = [];
  /** Commands behind the last outcome that was stored for such an epoch: nothing was concluded of them that is known. */
  #unanswered: (Command & { readonly seq: number })[] = [];

  /** @param conclude  called for every outcome, in order */
  constructor(conclude: (concluded: Concluded) => void) {
    super();
    this.#conclusion = new Conclusion(this, conclude);
    this.#desk = new DeskFold(this, this.#conclusion);
    this.#market = new MarketFold(this, this.#conclusion, this.#desk, new MarketMoves(this, this.#desk));
  }

  /** When something is due next that may decide something: a live host appends a tick then. */
  get nextDue(): EpochMicros {
    const { timers, attentions } = this;
    return attentions.next < timers.next ? attentions.next : timers.next;
  }

  /** Knows again what open orders wait for, after their state was put in place. */
  rearm(): void {
    this.#desk.rearm();
  }

  /** Orders of a sweep, which have no inputs of their own. */
  guests: Guests = NO_GUESTS;

  /** A desk leaves for good: nothing about it can change any more. */
  dismiss(name: string): void {
    this.desks.get(name)?.release();
    this.desks.delete(name);
  }

  /** Holes that this engine has passed in which it was dead: each left every book without trust. Not part of its state. */
  holes = 0;

  /** All that an open order's costs are computed from, as of now; undefined once they were said for good. */
  measured(account: string, orderId: string): Measured | undefined {
    const desk = this.desks.get(account);
    const measure = desk?.measures.get(orderId);
    return desk === undefined || measure === undefined ? undefined : this.#desk.measures.measured(desk, measure);
  }

  /** Folds a stretch of the one order. Its first seq must follow the last one folded. */
  fold(batch: InputBatch): void {
    const { market, others } = batch;
    const routes = this.#market.routes(market);
    let row = 0;
    for (const other of others) {
      row = this.#foldMarket(market, routes, row, other.seq);
      if (other.type === 'RunStarted') this.#passLost(other);
      if (other.at >= this.guests.nextAt) this.#receive(other.at, beginsLive(other));
      this.#expect(other.seq);
      this.#foldOther(other);
    }
    this.#foldMarket(market, routes, row, Infinity);
  }

  /**
   * Moves the clock on without an input: what is due by then still happens. Where the input is known that comes next, and a live
   * engine was dead before it, what was due after its last breath goes off as in a dead engine.
   *
   * @param at  before the next input
   */
  passTo(at: EpochMicros, next?: NextInput): void {
    if (this.guests.nextAt <= at) this.#receive(at, false, true);
    if (at < this.clock) return;
    const breath = this.clock + LAST_BREATH;
    if (next !== undefined && at >= breath && this.#isDeadBefore(next)) this.#passDead(at, breath);
    else {
      this.#fire(at, this.seq + 1);
      this.clock = at;
    }
  }

  #isDeadBefore({ type, at, data }: NextInput): boolean {
    const begins = type === 'RunStarted' && (data as { readonly live?: boolean }).live === true;
    return this.clock > 0 && (begins || (this.live && at - this.clock > LONGEST_BREATH));
  }

  /**
   * Folds inputs of an epoch of another engine version together with the outcomes that were stored for it: they stand and
   * are applied as they are, and nothing is decided. What was due or asked for and has no stored outcome is decided by the
   * next epoch.
   */
  foldAsStored(batch: InputBatch, stored: readonly StoredOutcome[]): void {
    for (const _ of this.foldingAsStored([batch], stored));
  }

  /**
   * As `foldAsStored`, a batch at a time: whoever asks for the next one may do something else before. Until all of it is folded
   * nothing can be told of the engine.
   *
   * @param pass  a moment behind the last input, and the input that comes next where it is known: the clock is moved there
   */
  *foldingAsStored(
    batches: Iterable<InputBatch>,
    stored: readonly StoredOutcome[],
    pass?: { readonly at: EpochMicros; readonly next: NextInput | undefined },
  ): Generator<void, void, undefined> {
    this.#stored = [...stored].reverse();
    this.#unanswered = [];
    this.#conclusion.silent = true;
    try {
      for (const batch of batches) {
        this.fold(batch);
        yield;
      }
      this.#fire(this.clock, Infinity);
      if (pass !== undefined) this.passTo(pass.at, pass.next);
      while (this.#stored.length > 0) this.#applyStored(Infinity, Infinity);
    } finally {
      this.#conclusion.silent = false;
      this.#stored = [];
      for (const timer of this.#overdue) this.timers.set(timer);
      this.#overdue = [];
      if (keptLess(this.engineVersion)) setUnkept(this);
      this.rearm();
    }
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
      const route = routes[instrument[row]!]!;
      const receivedAt = int64At(columns.receivedAt, row);
      // an instrument is known before anybody trades it, also when both happen at once
      if (receivedAt >= this.guests.nextAt && kind[row] !== Kind.defined) this.#receive(receivedAt);
      this.#expect(seq);
      this.#advance(receivedAt, route.market);
      if (kind[row] === Kind.defined)
        this.#market.define(JSON.parse(columns.text(row) ?? '{}') as InstrumentDefinition, route);
      else this.#market.apply(columns, row, end, route);
      if (this.#nextOfAll() <= this.clock) this.#fire(this.clock);
      row = end;
    }
    return row;
  }

  #foldOther(other: OtherInput): void {
    const input = other as unknown as AnyOtherInput;
    switch (input.type) {
      case 'RunStarted':
        this.#beginRun(input.at, input.data);
        break;
      case 'ClockTicked':
        this.#advance(input.at, undefined);
        break;
      case 'AccountOpened': {
        this.#advance(input.at, undefined);
        const { ledger } = this.openDesk(input.data.account);
        ledger.limited = input.data.balances !== undefined;
        for (const [currency, amount] of Object.entries(input.data.balances ?? {})) ledger.deposit(currency, amount);
        this.#desk.lookAtDesk(this.openDesk(input.data.account), this.clock, this.seq);
        break;
      }
      case 'FundsDeposited':
        this.#advance(input.at, undefined);
        this.openDesk(input.data.account).ledger.deposit(input.data.currency, input.data.amount);
        this.#desk.lookAtDesk(this.openDesk(input.data.account), this.clock, this.seq);
        break;
      default:
        this.#advance(input.at, undefined);
        if (this.#conclusion.silent && this.#stored.length === 0) this.#unanswered.push({ ...input, seq: other.seq });
        else this.#desk.command(input);
    }
    if (this.#nextOfAll() <= this.clock) this.#fire(this.clock);
  }

  /** Orders of a sweep come before an input received at `at`: all whose instant that is, or was. */
  #receive(at: EpochMicros, begins = false, ends = false): void {
    const { guests, clock } = this;
    while (guests.nextAt <= at) {
      const { nextAt } = guests;
      // as an input it would move the clock: where that decides how long an engine was dead, or is late, the market is another
      const wasDead = begins || (this.live && (ends ? nextAt : at) - clock > LONGEST_BREATH);
      if (wasDead || nextAt < clock) {
        guests.turnAway();
        continue;
      }
      const seq = this.seq + 1;
      this.#moveTo(nextAt);
      this.#desk.admit(guests.admit(seq), seq);
      if (this.#nextOfAll() <= this.clock) this.#fire(this.clock);
    }
  }

  #beginRun(at: EpochMicros, run: { live: boolean; settings: RunSettings; engineVersion: string }): void {
    if (!this.#conclusion.silent) {
      for (const command of this.#unanswered) this.#desk.command(command, command.seq);
      this.#unanswered = [];
    }
    if (run.live && this.clock > 0) {
      const now = this.#isLate(at, undefined) ? this.clock : at;
      const breath = this.clock + LAST_BREATH;
      this.#pass(now, breath < now ? breath : now);
      if (this.#stored.length > 0) this.#fire(this.clock);
    } else this.#advance(at, undefined);
    this.live = run.live;
    this.engineVersion = run.engineVersion;
    this.settings = run.settings;
    for (const desk of this.desks.values()) desk.settle(run.settings.venue);
    for (const [instrument, rules] of Object.entries(run.settings.rules ?? {})) {
      const market = this.markets.get(instrument);
      if (market !== undefined) this.#market.redefine(market, { ...market.instrument.definition, ...rules });
    }
    this.#desk.lookAtAll(this.clock, this.seq); // the settings are other ones
  }

  /** A run names the seqs before it that were lost. */
  #passLost({ data }: OtherInput): void {
    for (const [from, to] of (data as unknown as RunStarted['data']).lost ?? [])
      if (from <= this.seq + 1 && to > this.seq) this.seq = to;
  }

  #expect(seq: number): void {
    // not by `invariant`: this runs for every message, and no text is made for what holds
    if (seq !== this.seq + 1)
      throw new InvariantViolation(`input ${seq} follows ${this.seq}: the one order has no gap`);
    this.seq = seq;
    this.#conclusion.cause = seq;
  }

  /** Moves the clock to an input received at `at`, and lets go off what is due by then. */
  #advance(at: EpochMicros, market: Market | undefined): void {
    if (!this.#isLate(at, market)) this.#moveTo(at);
    if (this.#stored.length > 0) this.#fire(this.clock);
  }

  #moveTo(at: EpochMicros): void {
    if (this.live && this.clock > 0 && at - this.clock > LONGEST_BREATH) this.#pass(at, this.clock + LAST_BREATH);
    else {
      if (this.#nextOfAll() <= at || this.#stored.length > 0) this.#liveUntil(at);
      this.clock = at;
    }
  }

  /** Lets go off what is due by `at`, before the input received then is folded: what was stored for before then met nothing of it. */
  #liveUntil(at: EpochMicros): void {
    if (this.#stored.length > 0) this.#fire(at - 1, this.seq + 1);
    this.#fire(at);
  }

  /** Whether an input comes behind the clock; counted each time, and said once for as long as it lasts. */
  #isLate(at: EpochMicros, market: Market | undefined): boolean {
    const late = at < this.clock;
    if (late) {
      this.late++;
      if (market !== undefined) market.counts.late++;
      if (!this.wasLate) this.#conclusion.late(at, market);
    }
    this.wasLate = late;
    return late;
  }

  /** Lives through a hole in which the engine was dead from `downFrom` on. */
  #pass(at: EpochMicros, downFrom: EpochMicros): void {
    this.holes++;
    this.#passDead(at, downFrom);
    this.#desk.lookAtAll(this.clock, this.seq);
  }

  #passDead(at: EpochMicros, downFrom: EpochMicros): void {
    const from = downFrom > this.clock ? downFrom : this.clock;
    this.#liveUntil(from);
    this.clock = from;
    this.#market.interruptAll(from);
    if (this.#stored.length > 0) this.#fire(from, this.seq + 1); // what was said of the interruption
    this.#downFrom = from;
    if (at > this.clock) {
      this.#liveUntil(at);
      this.clock = at;
    }
    this.#downFrom = Infinity;
  }

  #nextOfAll(): EpochMicros {
    const { nextDue, marks } = this;
    return marks.next < nextDue ? marks.next : nextDue;
  }

  /**
   * Lets go off what is due by `until`. Of one instant timers come first, then looks, because what is known by then counts, and
   * marks last. While an epoch is folded as it was stored, its outcomes stand where its timers would have gone off.
   *
   * @param before  only stored outcomes whose cause has a lower seq: those of the input itself meet what it has made
   */
  #fire(until: EpochMicros, before = this.seq): void {
    const { timers, attentions, marks } = this;
    for (;;) {
      const next = this.#nextOfAll();
      if (this.#stored.length > 0 && this.#applyStored(next < until ? next : until, before)) continue;
      if (next > until) break;
      if (timers.next > next && attentions.next === next) {
        if (next > this.clock) this.clock = next;
        this.#desk.dueLook(this.clock, this.clock > this.#downFrom);
        continue;
      }
      const isMark = timers.next > next;
      const timer = (isMark ? marks : timers).pop()!;
      if (this.#conclusion.silent && !isMark && timer.kind !== 'crossed') {
        this.#overdue.push(timer);
        continue;
      }
      const at = next > this.clock ? next : this.clock;
      this.clock = at;
      if (timer.kind === 'crossed') this.#market.crossed(timer);
      else if (isMark) this.#desk.measures.timer(timer, at, next);
      else this.#desk.timer(timer, at, at > this.#downFrom);
    }
    this.#conclusion.cause = this.seq; // what the input itself brings about has no other cause
  }

  /** Applies the next stored outcome, if it happened by `until` and was caused by an input before `seq`. */
  #applyStored(until: EpochMicros, seq: number): boolean {
    const next = this.#stored.at(-1)!;
    // what is said of trust moves nothing, and must not hold up what stands behind it
    if (next.at > until || (next.cause! >= seq && !next.stream.startsWith('trust-'))) return false;
    this.#stored.pop();
    this.#desk.applyStored(next);
    return true;
  }
}

/** A live engine begins: whatever stands before it met one that was dead by then. */
const beginsLive = ({ type, data }: OtherInput): boolean =>
  type === 'RunStarted' && (data as { readonly live?: boolean }).live === true;
