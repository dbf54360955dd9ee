import { FINAL } from '../../core/orders/parameters.js';
import type { OrderProjection } from '../../core/orders/projection.js';
import { Projections } from '../../core/orders/projections.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import type { OrdersQuery } from './live-run.js';
import type { OrderTable } from '../../core/ports.js';

/**
 * The orders as clients see them: those that changed lately in memory, all others in the table. What is in memory wins.
 */
export class OrdersView {
  readonly #projections = new Projections();
  #changed = new Set<string>();

  constructor(readonly table: OrderTable) {}

  /** Folds an outcome; an order that rests in the table is brought back first. */
  apply(outcome: StoredOutcome): OrderProjection | undefined {
    const { orderId } = outcome.data as { orderId?: string };
    if (orderId !== undefined && !this.#projections.orders.has(orderId) && !begins(outcome)) {
      const resting = this.table.get(orderId);
      if (resting !== undefined) this.#projections.orders.set(orderId, resting);
    }
    const order = this.#projections.apply(outcome);
    if (order !== undefined) this.#changed.add(order.orderId);
    return order;
  }

  find(orderId: string): OrderProjection | undefined {
    return this.#projections.orders.get(orderId) ?? this.table.get(orderId);
  }

  /** A page, the newest first. The cursor is the ordinal of the outcome that began the last order of the page. */
  page(query: OrdersQuery): { orders: OrderProjection[]; next: string | null } {
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : Number(query.after);
    const orders: OrderProjection[] = [];
    let last = 0;
    for (const order of this.#newestFirst(before)) {
      if (query.states !== undefined && !query.states.includes(order.state)) continue;
      if (query.instrument !== undefined && order.parameters.instrument !== query.instrument) continue;
      if (query.account !== undefined && order.parameters.account !== query.account) continue;
      if (orders.length === query.limit) return { orders, next: String(last) };
      orders.push(order);
      last = order.since;
    }
    return { orders, next: null };
  }

  *#newestFirst(before: number): Generator<OrderProjection> {
    const held = this.#projections.orders;
    const recent = [...held.values()].filter(({ since }) => since < before).sort((a, b) => b.since - a.since);
    let i = 0;
    for (const resting of this.table.newestFirst(before)) {
      if (held.has(resting.orderId)) continue;
      for (let order = recent[i]; order !== undefined && order.since > resting.since; order = recent[++i]) yield order;
      yield resting;
    }
    yield* recent.slice(i);
  }

  /** Makes the table anew from an order's beginning on: it was lost, or is older than the log's last checkpoint. */
  async rebuild(outcomes: AsyncIterable<readonly StoredOutcome[]>, upTo: number): Promise<void> {
    await this.table.clear();
    for await (const page of outcomes) {
      for (const outcome of page) if (outcome.n! <= upTo) this.apply(outcome);
      if (this.#changed.size > 1_000) await this.rest(0);
    }
    await this.rest(upTo);
  }

  /** Writes what changed to the table, as of outcome `n`; orders about which nothing can change any more leave memory. */
  async rest(n: number): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    const orders = [...changed]
      .map((orderId) => this.#projections.orders.get(orderId))
      .filter((order) => order !== undefined);
    await this.table.put(orders, n);
    for (const order of orders)
      // what a command or a fill may still change stays at hand
      if (FINAL.has(order.state) && order.childrenOpen === 0 && !this.#changed.has(order.orderId))
        this.#projections.orders.delete(order.orderId);
  }
}

const begins = ({ type }: StoredOutcome): boolean => type === 'OrderAccepted' || type === 'OrderRefused';
