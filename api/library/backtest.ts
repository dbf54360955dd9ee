import { parseOrdersFile } from '../../adapters/requests/orders-file.js';
import { backtest as backtestOrders, type BacktestReport } from '../../replay/sweep/backtest.js';
import { listsOf, settingsOf, type Common } from './common.js';

export type { BacktestReport };

export interface BacktestRequest extends Common {
  /** As an orders file has them: orders, and commands to them. */
  readonly orders: readonly object[];
}

/** Runs orders over sessions, each on a desk of its own: `reprise backtest`. */
export function backtest({ orders: sent, venue, rules, ...request }: BacktestRequest): Promise<BacktestReport> {
  const settings = settingsOf({ ...request, ...(rules === undefined ? {} : { rules }) });
  const { orders, commands } = parseOrdersFile(JSON.stringify(sent), 'orders');
  return backtestOrders({ ...request, orders, commands, venue: listsOf(venue), settings });
}
