import type { LogEvent } from '../ports.js';
import { beginProjection, project, type OrderProjection } from './projection.js';

/** All orders of a run, folded from its outcomes. A host may let settled ones go to a table and bring them back. */
export class Projections {
  readonly orders = new Map<string, OrderProjection>();

  /** Folds an outcome of any stream; returns the order that it changed, if it is of one. */
  apply(event: LogEvent): OrderProjection | undefined {
    const { orderId } = event.data as { orderId?: string };
    if (orderId === undefined || event.type === 'CommandRefused') return undefined;
    const known = this.orders.get(orderId);
    if (known !== undefined) {
      project(known, event);
      return known;
    }
    const begun = beginProjection(event);
    if (begun !== undefined) this.orders.set(orderId, begun);
    return begun;
  }
}
