import { parseOrdersFile } from '../../../adapters/requests/orders-file.js';
import { backtest, type BacktestOrder, type BacktestReport } from '../../../replay/sweep/backtest.js';
import { comparedSettings } from '../compared.js';
import { CheckFailed } from '../failures.js';
import { cell, table } from '../report.js';
import { readTextFile, runSettings, type VenueFlags } from '../settings.js';
import type { Terminal } from '../terminal.js';

export interface BacktestFlags extends VenueFlags {
  readonly orders: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `reprise backtest`: the orders of a file, each on a desk of its own, in every session and under every assumption. */
export async function backtestOrders(
  sessions: readonly string[],
  flags: BacktestFlags,
  terminal: Terminal,
): Promise<void> {
  const { lists, asked } = await comparedSettings(flags);
  const { orders, commands } = parseOrdersFile(await readTextFile(flags.orders), flags.orders);
  const began = performance.now();
  const report = await backtest({
    sessions,
    orders,
    commands,
    venue: lists,
    settings: (recorded) => runSettings(asked, recorded),
    signal: terminal.signal,
    onProgress: (finished, desks) => terminal.progress(`${finished} of ${desks} orders`),
    ...(flags.out === undefined ? {} : { out: flags.out }),
    ...(flags.force === undefined ? {} : { force: flags.force }),
  });
  const seconds = Math.round(performance.now() - began) / 1000;
  const invalid = report.orders.every((order) => order['invalid'] !== null && order['invalid'] !== undefined);
  show(report, seconds, invalid, flags, terminal);
  if (invalid)
    throw new CheckFailed(
      'the backtest is invalid: no order met a usable book in its window; look at the trust of the book with `reprise inspect`, or use --allow-partial-book',
    );
}

function show(
  report: BacktestReport,
  seconds: number,
  invalid: boolean,
  { json }: BacktestFlags,
  terminal: Terminal,
): void {
  const { inputs, outcomes, outcomesHash, orders, results } = report;
  if (json === true) {
    const inputsPerSecond = seconds === 0 ? null : Math.round(inputs / seconds);
    const whole = { inputs, outcomes, stateHash: null, outcomesHash, seconds, inputsPerSecond };
    terminal.out(JSON.stringify({ ...whole, ...(invalid ? { invalid: 'no_usable_book' } : {}), results, orders }));
    return;
  }
  terminal.out(`${orders.length} orders, ${outcomes} outcomes in ${seconds} s`);
  table(
    terminal,
    ['order', 'session', 'assume', 'side', 'state', 'reason', 'filled', 'completion', 'average price', ...BPS],
    orders.map(line),
  );
  if (results !== null) terminal.out(results);
}

const BPS = ['all-in bps', 'slippage bps', 'timing bps', 'latency bps', 'spread bps', 'fees bps'];
const COSTS = ['costAllIn', 'slippageBps', 'timingBps', 'latencyBps', 'spreadBps', 'feesBps'];

function line(order: BacktestOrder): string[] {
  const costs = order['costs'] as Readonly<Record<string, string | null>> | null;
  return [
    ...['orderId', 'session', 'assume', 'side', 'state', 'reason', 'filled'].map((key) => cell(order[key])),
    cell(costs?.['completion']),
    cell(order['averagePrice']),
    ...COSTS.map((key) => cell(costs?.[key])),
  ];
}
