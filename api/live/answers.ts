import { EMPTY, from, mergeMap, share, type Observable } from 'rxjs';
import type { Clock } from '../../adapters/clock/clock.js';
import { rolledInputs } from '../../adapters/log/rolled-inputs.js';
import { readOutcome, readShape } from '../../adapters/log/shapes.js';
import type { Engine } from '../../core/engine/engine.js';
import type { Json } from '../../core/json.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import type { OrderProjection } from '../../core/orders/projection.js';
import type { Preview } from '../../core/orders/preview.js';
import type { EventLog, FeedStatus } from '../../core/ports.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import { outcomePages, type SeqRange } from '../../replay/log-pages.js';
import { bookFrame, orderFrame, outcomeFrame, tradeFrame } from './frames.js';
import type { BookView, FeedHealth, Frame, HistoryEvent, OrderJson, OrdersQuery, PreviewRequest } from './live-run.js';
import type { OrdersView } from './orders-view.js';
import { previewOf } from './preview.js';
import type { Pump, Turn } from './pump.js';
import { accountView, bookView, orderView } from './views.js';

/** What a live run tells: read from the engine, the projections and the log, never changing any of them. */
export class Answers {
  readonly frames$: Observable<Frame>;
  readonly #watched = new Map<string, number>();

  constructor(
    readonly log: EventLog,
    readonly name: string,
    readonly engine: Engine,
    readonly view: OrdersView,
    readonly pump: Pump,
    readonly clock: Clock,
    /** Inputs that stand in their streams and nobody folds. */
    readonly unfolded: readonly SeqRange[],
  ) {
    this.frames$ = pump.turns$.pipe(
      mergeMap((turn) => {
        const frames = this.#framesOf(turn);
        return frames.length === 0 ? EMPTY : from(frames);
      }),
      share(),
    );
  }

  lagMs(): number {
    const { oldest } = this.pump.queue;
    const lag = oldest === undefined ? 0 : this.clock.now() - oldest;
    return lag <= 0 ? 0 : Math.round(lag / 1000);
  }

  /**
   * @param leftOut   messages of an instrument that were left out since the start
   * @param statusOf  how the way to its venue is
   */
  feeds(
    leftOut: (instrument: string) => number,
    statusOf: (instrument: string) => FeedStatus | undefined,
  ): FeedHealth[] {
    return [...this.engine.markets.values()].map((market) => {
      const { instrument } = market.units;
      const status = statusOf(instrument);
      return {
        instrument,
        trust: market.effectiveTrust(),
        reason: market.effectiveReason(),
        bookAt: market.bookAt,
        leftOut: leftOut(instrument),
        ...(status === undefined ? {} : { status }),
      };
    });
  }

  instruments(): (InstrumentDefinition & { readonly trust: string })[] {
    return [...this.engine.markets.values()].map((market) => ({
      ...market.instrument.definition,
      trust: market.effectiveTrust(),
    }));
  }

  book(instrument: string, depth: number): BookView | undefined {
    const market = this.engine.markets.get(instrument);
    return market === undefined ? undefined : bookView(this.engine, market, depth);
  }

  /** @param opening  what an account gets at its first use, by currency */
  preview(request: PreviewRequest, opening: () => Record<string, string>): Preview {
    const { engine, clock } = this;
    const isTaken = (orderId: string): boolean => this.view.find(orderId) !== undefined;
    return previewOf({ engine, now: clock.now(), isTaken, opening }, request);
  }

  order(orderId: string): OrderJson | undefined {
    const order = this.view.find(orderId);
    return order === undefined ? undefined : this.#json(order);
  }

  orders(query: OrdersQuery): { orders: OrderJson[]; next: string | null } {
    const { orders, next } = this.view.page(query);
    return { orders: orders.map((order) => this.#json(order)), next };
  }

  account(account: string): Json | undefined {
    return accountView(this.engine, account);
  }

  /** Commands and outcomes of an order in the order in which they happened. */
  async history(orderId: string): Promise<HistoryEvent[] | undefined> {
    const stream = `order-${orderId}`;
    const events: HistoryEvent[] = [];
    for await (const page of this.log.readStream(this.name + stream))
      for (const { revision, event } of page)
        if (!this.#isUnfolded(event.seq!)) events.push({ stream, revision, event: readShape(event) });
    events.push(...(await this.outcomes(orderId)));
    return events.length === 0 ? undefined : events.sort(asItHappened);
  }

  /** The outcomes of an order up to this call, those that are not stored yet included; none for an unknown order. */
  async outcomes(orderId: string): Promise<HistoryEvent[]> {
    const unstored = [...this.pump.unstored];
    const stream = `execution-${orderId}`;
    const events: HistoryEvent[] = [];
    for await (const page of this.log.readStream(this.name + stream))
      for (const { revision, event } of page) events.push({ stream, revision, event: readOutcome(event) });
    const stored = events.at(-1)?.event.n ?? 0;
    for (const { stream: of, revision, ...event } of unstored)
      if (of === stream && event.n! > stored) events.push({ stream, revision, event });
    return events;
  }

  watchBook(instrument: string): () => void {
    this.#watched.set(instrument, (this.#watched.get(instrument) ?? 0) + 1);
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      const left = (this.#watched.get(instrument) ?? 1) - 1;
      if (left === 0) this.#watched.delete(instrument);
      else this.#watched.set(instrument, left);
    };
  }

  /**
   * What a client missed up to this call, in the order of what happened; whatever comes later is told as it happens.
   * A `book:` channel has only the present; `orders` shows each order as it stands now.
   */
  framesAfter(channel: string, position: string): AsyncIterable<Frame> {
    const [seq = 0, n = 0] = position.split('.').map(Number);
    const kind = channel.slice(0, channel.includes(':') ? channel.indexOf(':') : channel.length);
    const subject = channel.slice(kind.length + 1);
    const span = { seq, n, upToSeq: this.engine.seq, upToN: this.engine.n, unstored: [...this.pump.unstored] };
    if (kind === 'book') return this.#bookNow(subject);
    if (kind === 'trades') return this.#tradesAfter(subject, span);
    return kind === 'order' ? this.#outcomesAfter(subject, span) : this.#ordersAfter(span);
  }

  async *#bookNow(instrument: string): AsyncGenerator<Frame> {
    const market = this.engine.markets.get(instrument);
    if (market !== undefined) yield await Promise.resolve(bookFrame(this.engine, market));
  }

  async *#tradesAfter(instrument: string, { seq, n, upToSeq }: Span): AsyncGenerator<Frame> {
    for await (const event of rolledInputs(this.log, `${this.name}market-${instrument}-`, seq)) {
      if (event.seq! > upToSeq) return;
      if (event.type === 'Traded' && !this.#isUnfolded(event.seq!))
        yield tradeFrame(readShape(event) as unknown as Trades, event.seq!, n);
    }
  }

  /** One stream has its order of itself. */
  async *#outcomesAfter(orderId: string, { seq, n, upToN, unstored }: Span): AsyncGenerator<Frame> {
    const stream = `execution-${orderId}`;
    let last = n;
    for await (const page of this.log.readStream(this.name + stream))
      for (const { revision, event } of page) {
        if (event.n! <= last || event.n! > upToN) continue;
        last = event.n!;
        yield outcomeFrame({ ...readOutcome(event), stream, revision }, orderId, later(event.cause!, seq));
      }
    for (const outcome of unstored)
      if (outcome.stream === stream && outcome.n! > last)
        yield outcomeFrame(outcome, orderId, later(outcome.cause!, seq));
  }

  async *#ordersAfter({ seq, n, upToN, unstored }: Span): AsyncGenerator<Frame> {
    for await (const page of outcomePages(this.log, this.name, { afterN: n, upToN, unstored }))
      for (const outcome of page) {
        const order = this.view.find(orderOf(outcome) ?? '');
        if (order !== undefined) yield orderFrame(() => this.#json(order), outcome, later(outcome.cause!, seq));
      }
  }

  #framesOf({ inputs, outcomes, seq }: Turn): Frame[] {
    const frames: Frame[] = [];
    // a turn's trades are told first: a position of theirs says nothing of outcomes that are still to be told
    const before = outcomes[0] === undefined ? this.engine.n : outcomes[0].n! - 1;
    for (const input of inputs)
      if (input.type === 'Traded') frames.push(tradeFrame(input as unknown as Trades, input.seq!, before));
    const shown = new Map<string, OrderJson>(); // how an order stands is the same for all that a turn did to it
    for (const outcome of outcomes) {
      const orderId = orderOf(outcome);
      if (orderId === undefined) continue;
      frames.push(outcomeFrame(outcome, orderId, seq));
      const order = this.view.find(orderId);
      if (order === undefined) continue;
      const json = (): OrderJson => {
        const made = shown.get(orderId) ?? this.#json(order);
        shown.set(orderId, made);
        return made;
      };
      frames.push(orderFrame(json, outcome, seq));
    }
    if (this.#watched.size === 0) return frames;
    const touched = new Set(inputs.map(({ data }) => (data as { instrument?: string }).instrument));
    for (const instrument of this.#watched.keys()) {
      const market = touched.has(instrument) ? this.engine.markets.get(instrument) : undefined;
      if (market !== undefined) frames.push(bookFrame(this.engine, market));
    }
    return frames;
  }

  #isUnfolded(seq: number): boolean {
    return this.unfolded.some(({ from, to }) => seq >= from && seq <= to);
  }

  #json(order: OrderProjection): OrderJson {
    return orderView(this.engine, order);
  }
}

type Trades = MarketEvent & { readonly type: 'Traded' };

/** What a client missed: from its position, exclusive, up to where the engine stood when it asked. */
interface Span {
  readonly seq: number;
  readonly n: number;
  readonly upToSeq: number;
  readonly upToN: number;
  /** What the engine had concluded then and the log did not hold yet. */
  readonly unstored: readonly StoredOutcome[];
}

const later = (a: number, b: number): number => (a > b ? a : b);

/** Whose outcome it is. A command that was turned down is its desk's: it changed no order. */
function orderOf({ stream, data }: StoredOutcome): string | undefined {
  const { orderId } = data as { orderId?: string };
  return stream === `execution-${orderId}` ? orderId : undefined;
}

/** By time; a command comes before what followed from it in the same microsecond. */
function asItHappened(a: HistoryEvent, b: HistoryEvent): number {
  if (a.event.at !== b.event.at) return a.event.at - b.event.at;
  const aN = a.event.n ?? 0;
  const bN = b.event.n ?? 0;
  if (aN !== 0 && bN !== 0) return aN - bN;
  const [aSeq, bSeq] = [a.event.seq ?? a.event.cause ?? 0, b.event.seq ?? b.event.cause ?? 0];
  return aSeq !== bSeq ? aSeq - bSeq : aN - bN;
}
