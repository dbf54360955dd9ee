import type { Desk } from '../desk/desk.js';
import { InvariantViolation } from '../errors.js';
import { standsStill } from '../orders/acceptance.js';
import { complete } from '../measures/measure.js';
import type { Market } from '../market/market.js';
import type { Command } from '../orders/commands.js';
import { commandName, decideCommand, start, type View } from '../orders/decide.js';
import { evolve } from '../orders/evolve.js';
import type { Hands } from '../orders/hands.js';
import type { AnyOutcome, DeskOutcome, OrderOutcome } from '../orders/outcomes.js';
import { FINAL, type TwapParameters } from '../orders/parameters.js';
import { decideArrival, decidePull, decideReport } from '../orders/answers.js';
import { NO_ATTENTION, type Considered } from '../orders/attention.js';
import { consider } from '../orders/planner.js';
import { planDue } from '../orders/schedule.js';
import { decideEnd, decideSlice } from '../orders/slices.js';
import type { ChildState, OrderState } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import type { Conclusion } from './conclusion.js';
import type { Guest } from './guests.js';
import { MeasureFold } from './measure-fold.js';
import { decodeOutcome, type StoredOutcome } from './outcome-codec.js';
import type { EngineState } from './state.js';
import type { Timer } from './timers.js';
import { keptLess } from './unkept.js';

const byAccount = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Looks at one order that may follow each other at one instant; more of them would never end. */
const MOST_LOOKS = 64;

/** Folds what concerns desks: commands, timers, and looks at orders. Each decision is evolved at once, outcome by outcome. */
export class DeskFold {
  readonly measures: MeasureFold;
  readonly #marketOf = (name: string): Market | undefined => this.state.markets.get(name);
  readonly #onlyHands: DeskHands;
  /** Names of the streams of open orders: each is put together once. */
  readonly #streams = new Map<string, string>();

  constructor(
    readonly state: EngineState,
    readonly conclusion: Conclusion,
  ) {
    this.measures = new MeasureFold(state);
    this.#onlyHands = new DeskHands(state.timers, this.#marketOf);
  }

  /** @param seq  the command's own, which is not the last one where it is decided late */
  command(command: Command, seq = this.state.seq): void {
    const { clock } = this.state;
    const desk = this.state.openDesk(command.data.account);
    this.decide(desk, clock, seq, (view) =>
      desk.halted === '' ? decideCommand(view, command) : [turnedAway(desk, command)],
    );
    const order = desk.orders.get(command.data.orderId);
    this.look(desk, order, clock, seq);
    this.lookAtDesk(desk, clock, seq, order);
  }

  /** An order without an input of its own comes to a desk of its own. Its cause is negative: the seq that it would have. */
  admit({ name, terms, orderId, parameters }: Guest, seq: number): void {
    const { state } = this;
    const { clock } = state;
    const desk = state.unopenedDesk(parameters.account, terms, name);
    state.desks.set(name, desk);
    const command: Command = { type: 'SubmitTwap', version: 1, at: clock, data: { orderId, ...parameters } };
    this.decide(desk, clock, -seq, (view) => decideCommand(view, command));
    this.look(desk, desk.orders.get(orderId), clock, -seq);
  }

  /** @param engineDown  the timer was due while the engine was dead */
  timer(timer: Timer, at: EpochMicros, engineDown: boolean): void {
    const desk = this.state.desks.get(timer.account!);
    if (timer.kind === 'measured') {
      this.#conclude(desk, timer, at);
      return;
    }
    const order = desk?.orders.get(timer.orderId!);
    if (desk === undefined || order === undefined || desk.halted !== '') return;
    const { kind, cause } = timer;
    if (timer.childId === undefined) this.#orderTimer(desk, order, timer, at, engineDown);
    else {
      const child = order.children.find(({ childId }) => childId === timer.childId);
      if (child === undefined) return;
      this.decide(desk, at, cause, (view) => childTimer(view, order, child, kind), engineDown);
    }
    this.look(desk, order, at, cause, engineDown);
    this.lookAtDesk(desk, at, cause, order);
  }

  #orderTimer(desk: Desk, order: OrderState, timer: Timer, at: EpochMicros, engineDown: boolean): void {
    // a timer may outlive its plan, and its order
    if (timer.generation !== order.generation || FINAL.has(order.status)) return;
    const { kind, cause } = timer;
    if (kind === 'start' && order.status === 'new')
      this.decide(desk, at, cause, (view) => start(view, order, 'timer'), engineDown);
    const { plan } = order;
    const isNext = plan !== undefined && timer.at === planDue(plan, plan.next);
    if (kind === 'slice' && order.status === 'running' && isNext)
      this.decide(desk, at, cause, (view) => decideSlice(view, order), engineDown);
    if (kind === 'end') {
      this.look(desk, order, at, cause, engineDown); // the lines are looked at once more
      this.decide(desk, at, cause, () => decideEnd(order), engineDown);
    }
  }

  /** The look at an order that is due first: what it brings about was set going by what last happened to the order. */
  dueLook(at: EpochMicros, engineDown: boolean): void {
    const follower = this.state.attentions.pop();
    if (follower !== undefined) this.look(follower.desk, follower.order, at, follower.order.cause, engineDown);
  }

  /** Looks at an order until there is nothing to be done about it, and remembers what it waits for. */
  look(desk: Desk, order: OrderState | undefined, at: EpochMicros, cause: number, engineDown = false): void {
    if (order === undefined || this.conclusion.silent) return;
    const { attentions } = this.state;
    let changed = false;
    for (let looks = 0; ; looks++) {
      if (desk.halted !== '' || desk.orders.get(order.orderId) !== order) {
        attentions.drop(order);
        break;
      }
      this.conclusion.cause = cause;
      let considered: Considered;
      try {
        if (looks >= MOST_LOOKS) throw new InvariantViolation(`order ${order.orderId} finds no end at one instant`);
        considered = consider(this.#view(desk, at, engineDown), order);
      } catch (error) {
        this.#halt(desk, error, at);
        continue;
      }
      if (considered.outcomes.length === 0) {
        attentions.set(desk, order, considered.attention);
        break;
      }
      changed = true;
      this.decide(desk, at, cause, () => considered.outcomes);
    }
    if (changed) this.lookAtDesk(desk, at, cause, order);
  }

  /** Looks at the orders of a desk that wait for something of their own desk. */
  lookAtDesk(desk: Desk, at: EpochMicros, cause: number, except?: OrderState): void {
    const followers = this.state.attentions.onDesk(desk);
    if (followers.length === 0) return;
    for (const { order } of [...followers]) if (order !== except) this.look(desk, order, at, cause);
  }

  /** Looks at every order again: what they may look at has changed as a whole, or an engine was restored. */
  lookAtAll(at: EpochMicros, cause: number, instrument?: string): void {
    for (const [, desk] of [...this.state.desks].sort(byAccount))
      for (const [, order] of [...desk.orders].sort(byAccount))
        if (instrument === undefined || order.parameters.instrument === instrument) this.look(desk, order, at, cause);
  }

  /** Knows again what each order waits for, and who rests where, without deciding anything. */
  rearm(): void {
    const { attentions, clock, desks } = this.state;
    attentions.clear();
    for (const [, desk] of [...desks].sort(byAccount)) {
      for (const [instrument, resting] of desk.resting) if (!resting.isEmpty) attentions.rests(instrument, desk);
      if (desk.halted !== '') continue;
      for (const order of desk.orders.values()) {
        const { outcomes, attention } = consider(this.#view(desk, clock, false), order);
        // something is to be done: that is for the next input to bring about
        attentions.set(desk, order, outcomes.length > 0 ? { ...NO_ATTENTION, lookAt: clock } : attention);
      }
    }
  }

  /** An instrument's increments got finer. A desk with an order that cannot be counted in them exactly halts. */
  rescale(instrument: string, priceFactor: number, sizeFactor: number): void {
    this.measures.rescale(instrument, priceFactor, sizeFactor);
    for (const [, desk] of [...this.state.desks].sort(byAccount))
      try {
        desk.rescale(instrument, priceFactor, sizeFactor);
      } catch (error) {
        if (!(error instanceof InvariantViolation)) throw error;
        if (desk.halted === '') this.#halt(desk, error, this.state.clock);
      }
    this.state.attentions.resting(instrument)?.tighten(); // at other numbers now
  }

  /** Applies an outcome of another engine version as it was stored. */
  applyStored(event: StoredOutcome): void {
    const { state } = this;
    const { orderId = '', parameters } = event.data as {
      orderId?: string;
      parameters?: { instrument: string; account: string };
    };
    const holder = this.#holderOf(orderId);
    const instrument = parameters?.instrument ?? holder?.instrumentOf(orderId) ?? '';
    const { stream, revision, n, at, cause, outcome } = decodeOutcome(event, state.markets.get(instrument)?.units);
    state.n = n;
    state.revisions.set(stream, revision + 1);
    const onDesk = stream.startsWith('desk-');
    const account =
      outcome.type === 'OrderAccepted' ? parameters?.account : onDesk ? stream.slice('desk-'.length) : undefined;
    const desk = account === undefined ? holder : state.openDesk(account);
    // a market's trust follows from its inputs, and a refused order was never on a desk
    if (desk !== undefined && !stream.startsWith('trust-')) {
      this.#apply(desk, outcome as OrderOutcome | DeskOutcome, at, cause);
      this.#moveAccount(desk, orderId);
    }
    if (desk !== undefined && outcome.type === 'ChildRested') state.attentions.rests(instrument, desk);
    if (stream === `execution-${orderId}` && this.#holderOf(orderId) === undefined) state.revisions.delete(stream);
  }

  #holderOf(orderId: string): Desk | undefined {
    return [...this.state.desks.values()].find((desk) => desk.instrumentOf(orderId) !== undefined);
  }

  /** Decides on a desk and applies what was decided. A broken invariant halts this desk and no other. */
  decide(
    desk: Desk,
    at: EpochMicros,
    cause: number,
    decide: (view: View) => readonly AnyOutcome[],
    engineDown = false,
  ): void {
    if (this.conclusion.silent) return;
    this.conclusion.cause = cause;
    let outcomes: readonly AnyOutcome[];
    try {
      outcomes = decide(this.#view(desk, at, engineDown));
    } catch (error) {
      this.#halt(desk, error, at);
      return;
    }
    for (const outcome of outcomes) if (!this.#settle(desk, outcome as OrderOutcome | DeskOutcome, at)) return;
  }

  #view(desk: Desk, at: EpochMicros, engineDown: boolean): View {
    const { settings, engineVersion } = this.state;
    const seed = desk.terms === undefined || engineVersion === '' ? settings.seed : desk.terms.seed;
    return { at, desk, engineDown, seed, marketOf: this.#marketOf };
  }

  #halt(desk: Desk, error: unknown, at: EpochMicros): void {
    const { account } = desk;
    const reason = error instanceof InvariantViolation ? error.message : 'internal error';
    const halted: DeskOutcome = { type: 'DeskHalted', data: { account, reason } };
    evolve(desk, halted, this.#hands(desk, at, this.conclusion.cause));
    for (const order of desk.orders.values()) this.state.attentions.drop(order);
    if (desk.terms !== undefined) desk.terms.hear(halted, at, this.conclusion.cause);
    else this.conclusion.emit(`desk-${account}`, halted, at);
  }

  /** Applies an outcome and tells of it; false when it could not be applied. */
  #settle(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros): boolean {
    const { state, conclusion } = this;
    const { orderId = '', parameters } = outcome.data as { orderId?: string; parameters?: TwapParameters };
    const instrument = parameters?.instrument ?? desk.instrumentOf(orderId) ?? '';
    // whoever is told of an outcome is no part of the desk: only what the desk itself does can halt it
    try {
      this.#apply(desk, outcome, at, conclusion.cause);
    } catch (error) {
      this.#halt(desk, error, at);
      return false;
    }
    if (outcome.type === 'ChildRested') state.attentions.rests(instrument, desk);
    if (desk.terms !== undefined) {
      desk.terms.hear(outcome, at, conclusion.cause, state.markets.get(instrument)?.units);
      if (outcome.type === 'OrderStarted') this.measures.watch(desk, instrument, conclusion.cause);
      return true;
    }
    if (outcome.type === 'DeskHalted' || outcome.type === 'CommandRefused') {
      conclusion.emit(`desk-${desk.account}`, outcome, at);
      return true;
    }
    let stream = this.#streams.get(orderId);
    if (stream === undefined) {
      stream = `execution-${orderId}`;
      this.#streams.set(orderId, stream);
    }
    conclusion.emit(stream, outcome, at, state.markets.get(instrument)?.units);
    if (desk.instrumentOf(orderId) === undefined) {
      state.revisions.delete(stream);
      this.#streams.delete(orderId);
    } else this.#moveAccount(desk, orderId);
    return true;
  }

  #apply(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number): void {
    evolve(desk, outcome, this.#hands(desk, at, cause));
    const unmeasured = this.conclusion.silent && outcome.type === 'OrderAccepted' && keptLess(this.state.engineVersion);
    if (!unmeasured) this.measures.follow(desk, outcome, at, cause);
  }

  /** Nothing about an order's costs can change any more: they are said, and leave. */
  #conclude(desk: Desk | undefined, { orderId = '', cause }: Timer, at: EpochMicros): void {
    const measure = desk?.measures.get(orderId);
    if (desk === undefined || desk.halted !== '' || measure === undefined || !complete(measure)) return;
    this.decide(desk, at, cause, () => [
      { type: 'OrderMeasured', data: { orderId, measured: this.measures.measured(desk, measure) } },
    ]);
  }

  /** An order that was new may have been given to another account. */
  #moveAccount(desk: Desk, orderId: string): void {
    const order = desk.orders.get(orderId);
    if (order === undefined || order.parameters.account === desk.account) return;
    const to = this.state.openDesk(order.parameters.account);
    to.orders.set(orderId, order);
    const measure = desk.measures.get(orderId);
    if (measure !== undefined) to.measures.set(orderId, measure);
    desk.orders.delete(orderId);
    desk.measures.delete(orderId);
  }

  #hands(desk: Desk, at: EpochMicros, cause: number): Hands {
    const hands = this.#onlyHands;
    hands.desk = desk;
    hands.at = at;
    hands.cause = cause;
    return hands;
  }
}

/** The hands of whichever desk is at work: there is one at a time. */
class DeskHands implements Hands {
  at: EpochMicros = 0;
  cause = 0;
  desk: Desk | undefined;

  constructor(
    readonly timers: EngineState['timers'],
    readonly marketOf: Hands['marketOf'],
  ) {}

  readonly setTimer: Hands['setTimer'] = (at, kind, { orderId, generation, parameters }, childId) => {
    const { cause } = this;
    const { terms, name } = this.desk!;
    const account = terms === undefined ? parameters.account : name; // it may just have been given to another account
    if (childId === undefined) this.timers.set({ at, cause, kind, account, orderId, generation });
    else this.timers.set({ at, cause, kind, account, orderId, childId });
  };
}

/** What a timer of a child brings about. */
function childTimer(view: View, order: OrderState, child: ChildState, kind: Timer['kind']): AnyOutcome[] {
  if (kind === 'report') return decideReport(view, order, child);
  if (child.ended) return [];
  if (kind === 'arrival') return child.rests ? [] : decideArrival(view, order, child);
  const { shrinkAt, pullAt, pullAnswered } = child;
  const isDue = shrinkAt !== 0 ? shrinkAt <= view.at : pullAt !== 0 && pullAt <= view.at && !pullAnswered;
  return kind === 'pull' && isDue ? decidePull(order, child) : [];
}

function turnedAway(desk: Desk, command: Command): AnyOutcome {
  return {
    type: 'CommandRefused',
    data: { orderId: command.data.orderId, command: commandName(command.type), refusal: standsStill(desk)! },
  };
}
