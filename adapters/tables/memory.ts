import type { OrderProjection } from '../../core/orders/projection.js';
import type { OrderTable } from '../../core/ports.js';

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
