import type { Engine } from '../../core/engine/engine.js';
import type { Json } from '../../core/json.js';
import { projectionJson, type OrderProjection } from '../../core/orders/projection.js';
import { Projections } from '../../core/orders/projections.js';
import type { EventLog } from '../../core/ports.js';
import { formatInstant } from '../../core/time.js';
import { engineAsOf } from '../../replay/as-of.js';
import { oldestCheckpoint, type OnDamage } from '../../replay/nearest-checkpoint.js';
import { LogHole } from '../../replay/log-pages.js';
import type { Moment } from '../../replay/moment.js';
import { CannotServe, NoSuchMoment, type BookView, type HistoryEvent, type OrderJson, type Past } from './live-run.js';
import { accountView, bookView, orderView } from './views.js';

/** Engines of moments that were asked for last, each with its books in memory. */
const KEPT = 4;
/** Moments that may wait for their turn: they are folded one after the other, beside the pump. */
const MOST_WAITING = 16;

export interface PastOptions {
  readonly log: EventLog;
  readonly name: string;
  /** The present. */
  readonly engine: Engine;
  readonly order: (orderId: string) => OrderProjection | undefined;
  readonly outcomes: (orderId: string) => Promise<readonly HistoryEvent[]>;
  /** A checkpoint that is passed over. */
  readonly onDamage: OnDamage;
}

/** What a live run tells of a moment that is over: folded from its log, never changing it. */
export class PastAnswers implements Past {
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<string, Promise<Engine>>();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(readonly options: PastOptions) {}

  book(instrument: string, depth: number, moment: Moment): Promise<BookView | undefined> {
    return this.#told(moment, (engine) => {
      const market = engine.markets.get(instrument);
      return market === undefined ? undefined : bookView(engine, market, depth);
    });
  }

  account(account: string, moment: Moment): Promise<Json | undefined> {
    return this.#told(moment, (engine) => accountView(engine, account));
  }

  async order(orderId: string, moment: Moment): Promise<OrderJson | undefined> {
    if (this.#isPresent(moment)) {
      const order = this.options.order(orderId);
      return order === undefined ? undefined : this.#orderJson(order, this.options.engine);
    }
    const outcomes = await this.options.outcomes(orderId);
    const first = outcomes[0]?.event;
    if (first === undefined || ('seq' in moment && first.cause! > moment.seq)) return undefined;
    if ('at' in moment) {
      // everything that an order came to is in its own stream, and that is never dropped
      const order = folded(outcomes.filter(({ event }) => event.at <= moment.at));
      if (order === undefined || isFinal(order)) return order === undefined ? undefined : this.#orderJson(order);
    }
    return this.#told(moment, (engine) => {
      const order = folded(outcomes.filter(({ event }) => event.n! <= engine.n));
      return order === undefined ? undefined : this.#orderJson(order, engine);
    });
  }

  #orderJson(order: OrderProjection, engine = this.options.engine): OrderJson {
    if (!isFinal(order)) return orderView(engine, order);
    const market = this.options.engine.markets.get(order.parameters.instrument);
    return projectionJson(order, { definition: market?.instrument.definition });
  }

  /** @throws {NoSuchMoment} when it is ahead of the log */
  #isPresent(moment: Moment): boolean {
    const { seq, clock } = this.options.engine;
    if ('seq' in moment ? moment.seq > seq : moment.at > clock)
      throw new NoSuchMoment(
        'moment_ahead',
        `the log ends at input ${seq} (${formatInstant(clock)}), and that is ahead of it; ` +
          'name an earlier moment, or none for the present',
      );
    return 'seq' in moment ? moment.seq === seq : moment.at === clock;
  }

  /** The present engine is read at once: a moment later it may stand elsewhere. */
  async #told<T>(moment: Moment, tell: (engine: Engine) => T): Promise<T> {
    return this.#isPresent(moment) ? tell(this.options.engine) : tell(await this.#engineAsOf(moment));
  }

  async #engineAsOf(moment: Moment): Promise<Engine> {
    const key = 'seq' in moment ? `seq ${moment.seq}` : `at ${moment.at}`;
    const known = this.#kept.get(key);
    if (known === undefined && this.#waiting >= MOST_WAITING)
      throw new CannotServe('overloaded', `${MOST_WAITING} moments of the past are being looked up`);
    const made = known ?? this.#restored(moment);
    this.#kept.delete(key);
    this.#kept.set(key, made);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT) this.#kept.delete(oldest);
    try {
      return await made;
    } catch (error) {
      if (this.#kept.get(key) === made) this.#kept.delete(key); // it may be there the next time
      throw error;
    }
  }

  #restored(moment: Moment): Promise<Engine> {
    this.#waiting++;
    const made = this.#turn.then(() => this.#fold(moment)).finally(() => this.#waiting--);
    this.#turn = made.catch(() => undefined);
    return made;
  }

  async #fold(moment: Moment): Promise<Engine> {
    const { log, name, engine, onDamage } = this.options;
    try {
      return await engineAsOf(log, name, moment, engine.seq, onDamage);
    } catch (cause) {
      if (!(cause instanceof LogHole)) throw cause;
      const oldest = await oldestCheckpoint(log, name);
      const mend =
        oldest === undefined
          ? 'restore it from a copy'
          : `the earliest moment that is sure to be known is input ${oldest.seq} (${formatInstant(oldest.at)})`;
      throw new NoSuchMoment('moment_gone', `the log no longer holds what that moment follows from; ${mend}`, {
        cause,
      });
    }
  }
}

/** Nothing about it can change any more, its costs included. */
const isFinal = ({ measured, state }: OrderProjection): boolean => measured !== undefined || state === 'refused';

function folded(outcomes: readonly HistoryEvent[]): OrderProjection | undefined {
  const projections = new Projections();
  for (const { event } of outcomes) projections.apply(event);
  return [...projections.orders.values()][0];
}
