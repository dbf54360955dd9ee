import { openEmbeddedLog } from '../../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { logFolder } from '../../../api/cli/data.js';
import type { LogEvent } from '../../../core/ports.js';
import { formatInstant, type EpochMicros } from '../../../core/time.js';
import { seeded } from '../../support/seeded.js';
import { startServer } from '../../support/server.js';
import { madeLog } from '../made-log.js';
import { quantile } from '../rounds.js';
import { sampleOrder } from '../sample-orders.js';
import { ms, type Row } from '../table.js';
import type { MeasureRow } from './row.js';

const LONGEST_MS = 1_000;

/** Answers of a running server about moments drawn from all of its log. */
export const timeTravelRow: MeasureRow = async ({ folder, quick }): Promise<Row> => {
  const events = quick ? 100_000 : 1_000_000;
  const rounds = quick ? 10 : 50;
  const { path, inputs, outcomes, orders } = await madeLog(folder, events, 'log-travelled');
  const lives = await livesOf(path, orders);
  const draw = seeded(1);
  const within = (from: number, to: number): number => from + Math.floor(draw() * (to - from + 1));
  const instant = (from: EpochMicros, to: EpochMicros): string => formatInstant(within(from, to));
  const anyLife = (): Life => lives[within(0, lives.length - 1)]!;
  const anyTime = (): string => instant(lives[0]!.from.at, lives.at(-1)!.to.at);
  const book = (): string => `/v1/books/${encodeURIComponent(sampleOrder(within(1, orders)).instrument)}`;
  const account = (): string => `/v1/accounts/${sampleOrder(within(1, orders)).account}`;
  const kinds: Record<string, () => string> = {
    'a book by seq': () => `${book()}?asOf=${within(1, inputs)}`,
    'a book by time': () => `${book()}?asOf=${anyTime()}`,
    'an account by seq': () => `${account()}?asOf=${within(1, inputs)}`,
    'an account by time': () => `${account()}?asOf=${anyTime()}`,
    'a working order by seq': () => {
      const { orderId, from, to } = anyLife();
      return `/v1/orders/${orderId}?asOf=${within(from.cause!, to.cause! - 1)}`;
    },
    'a working order by time': () => {
      const { orderId, from, to } = anyLife();
      return `/v1/orders/${orderId}?asOf=${instant(from.at, to.at - 1)}`;
    },
  };
  const settled = 'an order whose costs are final, by time';
  kinds[settled] = () => {
    const { orderId, to } = anyLife();
    return `/v1/orders/${orderId}?asOf=${instant(to.at, lives.at(-1)!.to.at)}`;
  };

  const server = await startServer(path);
  const taken = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
  let none = 0;
  try {
    for (let round = 0; round < rounds; round++)
      for (const [kind, request] of Object.entries(kinds)) {
        const url = server.url + request();
        const start = performance.now();
        const response = await fetch(url);
        await response.text();
        taken.get(kind)!.push(performance.now() - start);
        if (response.status === 404)
          none++; // before that account or book was there
        else if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
      }
  } finally {
    await server.stop();
  }
  const folded = [...taken].flatMap(([kind, each]) => (kind === settled ? [] : each));
  const worst = Math.max(...[...taken.values()].flat());
  return {
    what: `time travel on a log of ${(inputs + outcomes).toLocaleString('en')} events: a book, an account, an order as of any moment`,
    against: 'nothing; beside the running server, over REST',
    measured: `p50 ${ms(quantile(folded, 0.5))}, p99 ${ms(quantile(folded, 0.99))}, worst ${ms(worst)}`,
    limit: `worst ${LONGEST_MS / 1000} s`,
    holds: worst <= LONGEST_MS,
    notes: [
      `${inputs} inputs, ${outcomes} outcomes of ${orders} orders; ${folded.length} moments drawn, ${none} of them before what was asked for`,
      ...[...taken].map(
        ([kind, each]) =>
          `${kind}: p50 ${ms(quantile(each, 0.5))}, p99 ${ms(quantile(each, 0.99))}, worst ${ms(quantile(each, 1))}`,
      ),
    ],
  };
};

/** An order's first outcome, and the one that says its costs for good. */
interface Life {
  readonly orderId: string;
  readonly from: LogEvent;
  readonly to: LogEvent;
}

async function livesOf(folder: string, orders: number): Promise<readonly Life[]> {
  const log = await openEmbeddedLog(logFolder(folder));
  const lives: Life[] = [];
  for (let number = 1; number <= orders; number++) {
    const { orderId } = sampleOrder(number);
    const outcomes: LogEvent[] = [];
    for await (const page of log.readStream(`${DEFAULT_LOG_NAME}execution-${orderId}`))
      for (const { event } of page) outcomes.push(event);
    const to = outcomes.find(({ type }) => type === 'OrderMeasured');
    if (to !== undefined) lives.push({ orderId, from: outcomes[0]!, to });
  }
  await log.close();
  return lives;
}
