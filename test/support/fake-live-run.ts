import { Observable, Subject } from 'rxjs';
import {
  NoSuchMoment,
  type BookView,
  type CannotServe,
  type CommandAnswer,
  type Frame,
  type Health,
  type HistoryEvent,
  type LiveRun,
  type OrderJson,
  type OrdersQuery,
  type Past,
  type PreviewRequest,
} from '../../api/live/live-run.js';
import { previewOf } from '../../api/live/preview.js';
import { accountView, bookView, orderView } from '../../api/live/views.js';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from './encode-outcome.js';
import type { Refusal } from '../../core/errors.js';
import type { Json } from '../../core/json.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import { projectionJson, type OrderProjection } from '../../core/orders/projection.js';
import type { Preview } from '../../core/orders/preview.js';
import { Projections } from '../../core/orders/projections.js';
import type { LogEvent } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import { isBeyond, type Moment } from '../../replay/moment.js';
import { batchesOf, defined, run, snapshot, SPOT, stateText, T0, ticked, type Happening } from './market.js';

/** A live run in memory: the real engine, no log, no feeds, no clock. What happens, a test makes happen. */
export class FakeLiveRun implements LiveRun {
  now: EpochMicros = T0;
  status: Health['status'] = 'ok';
  /** While set, every command fails with it. */
  failure: CannotServe | Error | undefined;
  /** Awaited by every command before it is folded; lets a test hold one back. */
  gate: Promise<void> = Promise.resolve();
  /** How many commands were logged. */
  commands = 0;
  /** Frames that replays hand over, by channel. */
  readonly kept: Frame[] = [];
  /** Watchers by instrument. */
  readonly watched = new Map<string, number>();
  readonly subject = new Subject<Frame>();
  readonly frames$: Observable<Frame> = this.subject.asObservable();

  /** A captured session that is moved by hand, where a test makes it one. */
  step: LiveRun['step'];
  readonly #projections = new Projections();
  readonly #history = new Map<string, HistoryEvent[]>();
  readonly #engine: Engine;
  readonly #happened: Happening[] = [];
  #seq = 0;
  #refusal: Refusal | undefined;

  constructor(definitions: readonly InstrumentDefinition[] = [SPOT], options: Parameters<typeof run>[1] = {}) {
    this.#engine = new Engine((concluded) => {
      this.#conclude(concluded.stream, concluded.revision, encodeOutcome(concluded));
    });
    this.happen(run({}, options), ...definitions.map((definition) => defined(definition)));
    for (const { instrument } of definitions)
      this.happen(
        snapshot(
          T0,
          [
            ['100', '5'],
            ['99.5', '5'],
          ],
          [
            ['101', '1'],
            ['101.5', '2'],
            ['102', '10'],
          ],
          instrument,
        ),
      );
  }

  /** Folds inputs, each at the instant that it carries. */
  happen(...inputs: readonly Happening[]): void {
    for (const input of inputs) {
      this.#happened.push(input);
      const [batch] = batchesOf([input], 1, ++this.#seq);
      this.#engine.fold(batch!);
      if (input.at > this.now) this.now = input.at;
      this.#show(input);
    }
  }

  /** Time passes. */
  pass(seconds: number): void {
    this.happen(ticked(this.now + seconds * 1_000_000));
  }

  /** Hands a frame to everybody, and keeps it for those who come back. */
  show(channel: string, type: string, data: Json, position = this.position): void {
    const frame = { channel, position, type, data };
    if (!channel.startsWith('book:')) this.kept.push(frame);
    this.subject.next(frame);
  }

  get position(): string {
    return `${this.#seq}.${this.#engine.n}`;
  }

  health(): Health {
    const feeds = [...this.#engine.markets].map(([instrument, market]) => ({
      instrument,
      trust: market.effectiveTrust(),
      reason: market.effectiveReason(),
      bookAt: market.bookAt,
      leftOut: 0,
    }));
    const clock = { at: this.now, wallAt: this.now, speed: 1 };
    return { status: this.status, clock, engine: { seq: this.#seq, n: this.#engine.n, lagMs: 0 }, feeds };
  }

  instruments(): readonly (InstrumentDefinition & { readonly trust: string })[] {
    return [...this.#engine.markets.values()].map((market) => ({
      ...market.instrument.definition,
      trust: market.effectiveTrust(),
    }));
  }

  book(instrument: string, depth: number): BookView | undefined {
    const market = this.#engine.markets.get(instrument);
    if (market === undefined) return undefined;
    return { ...bookView(this.#engine, market, depth), at: this.now };
  }

  async command(command: UnstampedCommand): Promise<CommandAnswer> {
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    this.commands++;
    const { orderId } = command.data;
    const history = this.#history.get(orderId) ?? [];
    const stream = `order-${orderId}`;
    const event = { ...command, at: this.now, seq: this.#seq + 1 } as unknown as LogEvent;
    history.push({ stream, revision: history.filter((past) => past.stream === stream).length, event });
    this.#history.set(orderId, history);
    this.#refusal = undefined;
    this.happen({ ...command, at: this.now });
    const refusal = this.#refused();
    return refusal === undefined ? { seq: this.#seq } : { seq: this.#seq, refusal };
  }

  #refused(): Refusal | undefined {
    return this.#refusal;
  }

  preview(request: PreviewRequest): Promise<Preview> {
    const isTaken = (orderId: string): boolean => this.#projections.orders.has(orderId);
    return Promise.resolve(previewOf({ engine: this.#engine, now: this.now, isTaken }, request));
  }

  /** What the engine is, all of it: a test may see that nothing changed. */
  get state(): string {
    return stateText(this.#engine);
  }

  order(orderId: string): Promise<OrderJson | undefined> {
    const order = this.#projections.orders.get(orderId);
    return Promise.resolve(order === undefined ? undefined : this.#json(order));
  }

  orders(query: OrdersQuery): Promise<{ readonly orders: readonly OrderJson[]; readonly next: string | null }> {
    const { states, instrument, account, after, limit } = query;
    const found = [...this.#projections.orders.values()]
      .filter((order) => states?.includes(order.state) ?? true)
      .filter((order) => instrument === undefined || order.parameters.instrument === instrument)
      .filter((order) => account === undefined || order.parameters.account === account)
      .filter((order) => after === undefined || order.since < Number(after))
      .sort((a, b) => b.since - a.since);
    const page = found.slice(0, limit);
    const next = found.length > limit ? String(page.at(-1)!.since) : null;
    return Promise.resolve({ orders: page.map((order) => this.#json(order)), next });
  }

  history(orderId: string): Promise<readonly HistoryEvent[] | undefined> {
    return Promise.resolve(this.#projections.orders.has(orderId) ? this.#history.get(orderId) : undefined);
  }

  account(account: string): Json | undefined {
    return accountView(this.#engine, account);
  }

  readonly past: Past = {
    book: async (instrument, depth, moment) => {
      const { engine } = await this.#asOf(moment);
      const market = engine.markets.get(instrument);
      return market === undefined ? undefined : bookView(engine, market, depth);
    },
    account: async (account, moment) => accountView((await this.#asOf(moment)).engine, account),
    order: async (orderId, moment) => {
      const { engine, orders } = await this.#asOf(moment);
      const order = orders.get(orderId);
      return order === undefined ? undefined : orderView(engine, order);
    },
  };

  /** All of it once more, up to a moment. */
  async #asOf(moment: Moment): Promise<{ readonly engine: Engine; readonly orders: Projections['orders'] }> {
    const { seq, clock } = this.#engine;
    if ('seq' in moment ? moment.seq > seq : moment.at > clock)
      return Promise.reject(new NoSuchMoment('moment_ahead', 'that is ahead of the log; name an earlier moment'));
    const projections = new Projections();
    const engine = new Engine((concluded) => projections.apply(encodeOutcome(concluded)));
    const end = this.#happened.findIndex(({ at }, i) => isBeyond(moment, { seq: i + 1, at }));
    for (const batch of batchesOf(end === -1 ? this.#happened : this.#happened.slice(0, end))) engine.fold(batch);
    if ('at' in moment) engine.passTo(moment.at);
    return Promise.resolve({ engine, orders: projections.orders });
  }

  async *framesAfter(channel: string, position: string): AsyncGenerator<Frame> {
    const after = ordinal(position);
    for (let i = 0; i < this.kept.length; i++) {
      const frame = this.kept[i]!;
      if (frame.channel === channel && ordinal(frame.position) > after) yield await Promise.resolve(frame);
    }
  }

  watchBook(instrument: string): () => void {
    this.watched.set(instrument, (this.watched.get(instrument) ?? 0) + 1);
    return () => this.watched.set(instrument, this.watched.get(instrument)! - 1);
  }

  #json(order: OrderProjection): OrderJson {
    const market = this.#engine.markets.get(order.parameters.instrument);
    return projectionJson(order, {
      definition: market?.instrument.definition,
      measured: this.#engine.measured(order.parameters.account, order.orderId),
    });
  }

  #conclude(stream: string, revision: number, event: LogEvent): void {
    if (event.type === 'CommandRefused' || event.type === 'OrderRefused')
      this.#refusal = (event.data as unknown as { refusal: Refusal }).refusal;
    const order = this.#projections.apply(event);
    if (order === undefined) return;
    const history = this.#history.get(order.orderId) ?? [];
    this.#history.set(order.orderId, history);
    history.push({ stream, revision, event });
    const position = `${this.#seq}.${event.n}`;
    this.show(`order:${order.orderId}`, event.type, event.data, position);
    this.show('orders', event.type, this.#json(order), position);
  }

  #show(input: Happening): void {
    if (input.type === 'Traded')
      this.show(`trades:${input.data.instrument}`, input.type, { at: input.at, ...input.data } as unknown as Json);
    if (
      (input.type === 'BookSnapshot' || input.type === 'BookDelta') &&
      (this.watched.get(input.data.instrument) ?? 0) > 0
    )
      this.show(`book:${input.data.instrument}`, 'Book', { ...this.book(input.data.instrument, 20) });
  }
}

function ordinal(position: string): number {
  const [seq = 0, n = 0] = position.split('.').map(Number);
  return n * 1e6 + seq;
}
