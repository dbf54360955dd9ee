import { open, type Database } from 'lmdb';
import { mkdir } from 'node:fs/promises';
import { reviveProjection, type OrderProjection } from '../../core/orders/projection.js';
import type { OrderTable } from '../../core/ports.js';

/** The table of order projections on LMDB: by order id, and by age. Lost or old, it is rebuilt from the log. */
export async function openOrderTable(directory: string): Promise<OrderTable> {
  await mkdir(directory, { recursive: true });
  const root = open({ path: directory, overlappingSync: false, encoding: 'string' });
  const byId: Database<string, string> = root.openDB({ name: 'orders', encoding: 'string' });
  const byAge: Database<string, number> = root.openDB({ name: 'ages', encoding: 'string' });
  const marks: Database<string, string> = root.openDB({ name: 'marks', encoding: 'string' });
  const get = (orderId: string): OrderProjection | undefined => {
    const text = byId.get(orderId);
    return text === undefined ? undefined : reviveProjection(text);
  };
  return {
    get watermark() {
      return Number(marks.get('watermark') ?? 0);
    },
    get,
    *newestFirst(before) {
      for (const { value } of byAge.getRange({ start: before - 1, end: 0, reverse: true, snapshot: false })) {
        const order = get(value);
        if (order !== undefined) yield order;
      }
    },
    put: async (orders, watermark) => {
      await root.transaction(() => {
        for (const order of orders) {
          void byId.put(order.orderId, JSON.stringify(order));
          void byAge.put(order.since, order.orderId);
        }
        void marks.put('watermark', String(watermark));
      });
    },
    clear: async () => {
      await byId.clearAsync();
      await byAge.clearAsync();
      await marks.put('watermark', '0');
    },
    close: () => root.close(),
  };
}
