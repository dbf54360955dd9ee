import type { OrderProjection } from '../../core/orders/projection.js';

/**
 * Where the projections of orders rest that the engine no longer holds. It can be rebuilt from the log at any time; a
 * watermark says up to which outcome it has been written.
 */
export interface OrderTable {
  /** Ordinal of the last outcome that is in the table, 0 for an empty one. */
  readonly watermark: number;
  get(orderId: string): OrderProjection | undefined;
  /** Orders begun before the outcome `before`, the newest first. */
  newestFirst(before: number): Iterable<OrderProjection>;
  put(orders: readonly OrderProjection[], watermark: number): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** A table for tests and for runs without a folder. */
export function memoryOrderTable(): OrderTable {
  const orders = new Map<string, OrderProjection>();
  let watermark = 0;
  return {
    get watermark() {
      return watermark;
    },
    get: (orderId) => orders.get(orderId),
    newestFirst: (before) =>
      [...orders.values()].filter(({ since }) => since < before).sort((a, b) => b.since - a.since),
    put: (changed, n) => {
      for (const order of changed) orders.set(order.orderId, order);
      watermark = n;
      return Promise.resolve();
    },
    clear: () => {
      orders.clear();
      watermark = 0;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
