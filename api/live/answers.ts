import { EMPTY, from, mergeMap, share, type Observable } from 'rxjs';
import type { Clock } from '../../adapters/clock/clock.js';
import type { Engine } from '../../core/engine/engine.js';
import type { Json } from '../../core/json.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import { FINAL } from '../../core/orders/parameters.js';
import { projectionJson, type OrderProjection } from '../../core/orders/projection.js';
import type { Preview } from '../../core/orders/preview.js';
import type { EventLog } from '../../core/ports.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import { bookFrame, bookView, orderFrame, outcomeFrame, tradeFrame } from './frames.js';
import type { BookView, FeedHealth, Frame, HistoryEvent, OrderJson, OrdersQuery, PreviewRequest } from './live-run.js';
import type { OrdersView } from './orders-view.js';
import { previewOf } from './preview.js';
import type { Pump, Turn } from './pump.js';

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

  feeds(): FeedHealth[] {
    return [...this.engine.markets.values()].map((market) => ({
      instrument: market.units.instrument,
      trust: market.effectiveTrust(),
      reason: market.effectiveReason(),
      bookAt: market.bookAt,
    }));
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
    const desk = this.engine.desks.get(account);
    if (desk === undefined) return undefined;
    const { cash, positions, limited } = desk.ledger.content();
    return {
      account,
      balances: cash,
      positions,
      limited,
      halted: desk.halted === '' ? null : desk.halted,
      openOrders: [...desk.orders.values()].filter(({ status }) => !FINAL.has(status)).length,
    };
  }

  /** Commands and outcomes of an order in the order in which they happened. */
  async history(orderId: string): Promise<HistoryEvent[] | undefined> {
    const events: HistoryEvent[] = [];
    const unstored = [...this.pump.unstored];
    for (const stream of [`order-${orderId}`, `execution-${orderId}`])
      for await (const page of this.log.readStream(this.name + stream))
        for (const { revision, event } of page) events.push({ stream, revision, event });
    const stored = events.at(-1)?.event.n ?? 0;
    for (const { stream, revision, ...event } of unstored)
      if (stream === `execution-${orderId}` && event.n! > stored) events.push({ stream, revision, event });
    return events.length === 0 ? undefined : events.sort(asItHappened);
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

  /** What a client missed. A `book:` channel has only the present; `orders` shows each order as it stands now. */
  async *framesAfter(channel: string, position: string): AsyncGenerator<Frame> {
    const [afterSeq = 0, afterN = 0] = position.split('.').map(Number);
    const kind = channel.slice(0, channel.includes(':') ? channel.indexOf(':') : channel.length);
    const subject = channel.slice(kind.length + 1);
    if (kind === 'book') {
      const market = this.engine.markets.get(subject);
      if (market !== undefined) yield bookFrame(this.engine, market);
    } else if (kind === 'trades') {
      for await (const page of this.log.readAll({ prefixes: [`${this.name}market-${subject}-`] }))
        for (const { event } of page)
          if (event.type === 'Traded' && event.seq! > afterSeq)
            yield tradeFrame(event as unknown as Trades, event.seq!, afterN);
    } else yield* this.#outcomesAfter(kind === 'order' ? subject : undefined, afterSeq, afterN);
  }

  async *#outcomesAfter(orderId: string | undefined, afterSeq: number, afterN: number): AsyncGenerator<Frame> {
    const frame = (outcome: StoredOutcome): Frame | undefined => {
      const seq = outcome.cause! > afterSeq ? outcome.cause! : afterSeq;
      return orderId === undefined ? this.#ordersFrame(outcome, seq) : outcomeFrame(outcome, seq);
    };
    const wanted = (stream: string): boolean =>
      orderId === undefined ? stream.startsWith('execution-') : stream === `execution-${orderId}`;
    const unstored = this.pump.unstored.filter(({ stream }) => wanted(stream));
    let last = afterN;
    const pages =
      orderId === undefined
        ? this.log.readAll({ prefixes: [`${this.name}execution-`] })
        : this.log.readStream(`${this.name}execution-${orderId}`);
    for await (const page of pages)
      for (const { stream, revision, event } of page) {
        if (event.n! <= last) continue;
        last = event.n!;
        const one = frame({ ...event, stream: stream.slice(this.name.length), revision });
        if (one !== undefined) yield one;
      }
    for (const outcome of unstored) {
      const one = outcome.n! > last ? frame(outcome) : undefined;
      if (one !== undefined) yield one;
    }
  }

  #framesOf({ inputs, outcomes, seq }: Turn): Frame[] {
    const frames: Frame[] = [];
    for (const input of inputs)
      if (input.type === 'Traded') frames.push(tradeFrame(input as unknown as Trades, input.seq!, this.engine.n));
    for (const outcome of outcomes)
      for (const frame of [outcomeFrame(outcome, seq), this.#ordersFrame(outcome, seq)])
        if (frame !== undefined) frames.push(frame);
    if (this.#watched.size === 0) return frames;
    const touched = new Set(inputs.map(({ data }) => (data as { instrument?: string }).instrument));
    for (const instrument of this.#watched.keys()) {
      const market = touched.has(instrument) ? this.engine.markets.get(instrument) : undefined;
      if (market !== undefined) frames.push(bookFrame(this.engine, market));
    }
    return frames;
  }

  #ordersFrame(outcome: StoredOutcome, seq: number): Frame | undefined {
    const { orderId } = outcome.data as { orderId?: string };
    const order = orderId === undefined ? undefined : this.order(orderId);
    return order === undefined ? undefined : orderFrame(order, outcome, seq);
  }

  #json(order: OrderProjection): OrderJson {
    const market = this.engine.markets.get(order.parameters.instrument);
    return projectionJson(order, {
      definition: market?.instrument.definition,
      trust: market?.effectiveTrust() ?? 'untrusted',
    });
  }
}

type Trades = MarketEvent & { readonly type: 'Traded' };

/** By time; a command comes before what followed from it in the same microsecond. */
function asItHappened(a: HistoryEvent, b: HistoryEvent): number {
  if (a.event.at !== b.event.at) return a.event.at - b.event.at;
  const aN = a.event.n ?? 0;
  const bN = b.event.n ?? 0;
  if (aN !== 0 && bN !== 0) return aN - bN;
  const [aSeq, bSeq] = [a.event.seq ?? a.event.cause ?? 0, b.event.seq ?? b.event.cause ?? 0];
  return aSeq !== bSeq ? aSeq - bSeq : aN - bN;
}
