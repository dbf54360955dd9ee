import type { Desk } from '../desk/desk.js';
import { InvariantViolation } from '../errors.js';
import { complete } from '../measures/measure.js';
import type { Command } from '../orders/commands.js';
import { commandName, decideCommand, start, type View } from '../orders/decide.js';
import { evolve } from '../orders/evolve.js';
import type { Hands } from '../orders/hands.js';
import type { AnyOutcome, DeskOutcome, OrderOutcome } from '../orders/outcomes.js';
import { FINAL, type TwapParameters } from '../orders/parameters.js';
import { dueAt } from '../orders/schedule.js';
import { decideArrival, decideEnd, decideReport, decideSlice } from '../orders/slices.js';
import type { EpochMicros } from '../time.js';
import type { Conclusion } from './conclusion.js';
import { MeasureFold } from './measure-fold.js';
import { decodeOutcome, type StoredOutcome } from './outcome-codec.js';
import type { EngineState } from './state.js';
import type { Timer } from './timers.js';

const byAccount = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Folds what concerns desks: commands, and timers of orders. Each decision is evolved at once, outcome by outcome. */
export class DeskFold {
  readonly measures: MeasureFold;

  constructor(
    readonly state: EngineState,
    readonly conclusion: Conclusion,
  ) {
    this.measures = new MeasureFold(state);
  }

  command(command: Command): void {
    const { clock, seq } = this.state;
    const desk = this.state.openDesk(command.data.account);
    this.#decide(desk, clock, seq, (view) =>
      desk.halted === '' ? decideCommand(view, command) : [standsStill(desk, command)],
    );
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
    if (kind === 'arrival' || kind === 'report') {
      const child = order.children.find(({ childId }) => childId === timer.childId);
      if (child === undefined || (kind === 'arrival' && child.ended)) return;
      this.#decide(desk, at, cause, (view) =>
        kind === 'arrival' ? decideArrival(view, order, child, engineDown) : decideReport(order, child),
      );
      return;
    }
    // a timer may outlive its plan, and its order
    if (timer.generation !== order.generation || FINAL.has(order.status)) return;
    if (kind === 'start' && order.status === 'new')
      this.#decide(desk, at, cause, (view) => start(view, order, 'timer'));
    const { plan } = order;
    const isNext = plan !== undefined && timer.at === dueAt(plan.startAt, plan.cadence, plan.next);
    if (kind === 'slice' && order.status === 'running' && isNext)
      this.#decide(desk, at, cause, (view) => decideSlice(view, order, engineDown));
    if (kind === 'end') this.#decide(desk, at, cause, () => decideEnd(order));
  }

  /** An instrument's increments got finer. A desk with an order that cannot be counted in them exactly halts. */
  rescale(instrument: string, priceFactor: number, sizeFactor: number): void {
    this.measures.rescale(instrument, priceFactor, sizeFactor);
    for (const [, desk] of [...this.state.desks].sort(byAccount))
      try {
        desk.rescale(instrument, priceFactor, sizeFactor);
      } catch (error) {
        if (!(error instanceof InvariantViolation)) throw error;
        if (desk.halted === '') this.#halt(desk, error.message, this.state.clock);
      }
  }

  /** Applies an outcome of another engine version as it was stored. */
  applyStored(event: StoredOutcome): void {
    const { state } = this;
    const { orderId = '', parameters } = event.data as {
      orderId?: string;
      parameters?: { instrument: string; account: string };
    };
    const holder = [...state.desks.values()].find(({ measures }) => measures.has(orderId));
    const instrument = parameters?.instrument ?? holder?.measures.get(orderId)?.instrument ?? '';
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
    if (stream === `execution-${orderId}` && desk?.measures.has(orderId) !== true) state.revisions.delete(stream);
  }

  /** Decides on a desk and applies what was decided. A broken invariant halts this desk and no other. */
  #decide(desk: Desk, at: EpochMicros, cause: number, decide: (view: View) => AnyOutcome[]): void {
    if (this.conclusion.silent) return;
    this.conclusion.cause = cause;
    const view: View = { at, desk, marketOf: (name) => this.state.markets.get(name) };
    const outcomes = this.#orHalt(desk, at, () => decide(view)) ?? [];
    for (const outcome of outcomes) if (!this.#settle(desk, outcome as OrderOutcome | DeskOutcome, at)) return;
  }

  /** Whoever is told of an outcome is no part of the desk: only what the desk itself does can halt it. */
  #orHalt<T>(desk: Desk, at: EpochMicros, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#halt(desk, error instanceof InvariantViolation ? error.message : 'internal error', at);
      return undefined;
    }
  }

  #halt(desk: Desk, reason: string, at: EpochMicros): void {
    const { account } = desk;
    const halted: DeskOutcome = { type: 'DeskHalted', data: { account, reason } };
    evolve(desk, halted, this.#hands(at, this.conclusion.cause));
    this.conclusion.emit(`desk-${account}`, halted, at);
  }

  /** Applies an outcome and tells of it; false when it could not be applied. */
  #settle(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros): boolean {
    const { state, conclusion } = this;
    const { orderId = '', parameters } = outcome.data as { orderId?: string; parameters?: TwapParameters };
    const { instrument = '' } = parameters ?? desk.measures.get(orderId) ?? {};
    const apply = (): true => {
      this.#apply(desk, outcome, at, conclusion.cause);
      return true;
    };
    if (this.#orHalt(desk, at, apply) === undefined) return false;
    if (outcome.type === 'DeskHalted' || outcome.type === 'CommandRefused') {
      conclusion.emit(`desk-${desk.account}`, outcome, at);
      return true;
    }
    const stream = `execution-${orderId}`;
    conclusion.emit(stream, outcome, at, state.markets.get(instrument)?.units);
    if (!desk.measures.has(orderId)) state.revisions.delete(stream);
    else this.#moveAccount(desk, orderId);
    return true;
  }

  #apply(desk: Desk, outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number): void {
    evolve(desk, outcome, this.#hands(at, cause));
    this.measures.follow(desk, outcome, at, cause);
  }

  /** Nothing about an order's costs can change any more: they are said, and leave. */
  #conclude(desk: Desk | undefined, { orderId = '', cause }: Timer, at: EpochMicros): void {
    const measure = desk?.measures.get(orderId);
    if (desk === undefined || desk.halted !== '' || measure === undefined || !complete(measure)) return;
    this.#decide(desk, at, cause, () => [
      { type: 'OrderMeasured', data: { orderId, measured: this.measures.measured(desk, measure) } },
    ]);
  }

  /** An order that was new may have been given to another account. */
  #moveAccount(desk: Desk, orderId: string): void {
    const order = desk.orders.get(orderId);
    if (order === undefined || order.parameters.account === desk.account) return;
    const to = this.state.openDesk(order.parameters.account);
    to.orders.set(orderId, order);
    to.measures.set(orderId, desk.measures.get(orderId)!);
    desk.orders.delete(orderId);
    desk.measures.delete(orderId);
  }

  #hands(at: EpochMicros, cause: number): Hands {
    const { markets, timers } = this.state;
    return {
      at,
      marketOf: (name) => markets.get(name),
      setTimer: (due, kind, order, childId) => {
        const { account } = order.parameters;
        const { orderId, generation } = order;
        const whose = childId === undefined ? { generation } : { childId };
        timers.set({ at: due, cause, kind, account, orderId, ...whose });
      },
    };
  }
}

function standsStill(desk: Desk, command: Command): AnyOutcome {
  const refusal = {
    code: 'desk_halted',
    where: '/account',
    what: `the desk of ${desk.account} stands still: ${desk.halted}`,
    mend: 'use another account, and report this',
  };
  return {
    type: 'CommandRefused',
    data: { orderId: command.data.orderId, command: commandName(command.type), refusal },
  };
}
