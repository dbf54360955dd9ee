import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../adapters/clock/system-clock.js';
import { openOrderTable } from '../../../adapters/tables/orders.js';
import { parseScaled } from '../../../core/market/increments.js';
import { MICROS, type Micros } from '../../../core/time.js';
import { startLive, type RunningLive } from '../../live/live.js';
import { MarketRefused, readMarketSpec, type MarketSpec } from '../../live/market-specs.js';
import { openMarket } from '../../live/markets.js';
import { upkeep } from '../../live/upkeep.js';
import { createHttpServer } from '../../rest/server.js';
import { isStoreAddress, shownAddress, storeTableFolder, streamsName, tableFolder, writeLog } from '../data.js';
import { WrongRequest } from '../failures.js';
import { lastInstant } from '../../../replay/log-end.js';
import { askedSettings, runSettings, type VenueFlags } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { duration } from '../times.js';

export interface ServeFlags extends VenueFlags {
  readonly market: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly data: string;
  /** `embedded`, or the address of a store. */
  readonly log?: string;
  readonly name?: string;
  readonly keepMarket: string;
  readonly paperBalance: string;
  readonly maxSilence?: string;
}

/** An append to a store costs a way there and back: market data gather for so long. */
const STORE_LINGER: Micros = 3 * MICROS.ms;

/** A log that takes longer to open is told of. */
const TELL_MS = 3_000;

/** `reprise serve`: the live server, until Ctrl-C or SIGTERM. */
export async function serve(given: ServeFlags, terminal: Terminal): Promise<void> {
  const asked = await askedSettings(given);
  const settings = runSettings(asked);
  const flags = { ...given, log: given.log ?? asked.log ?? 'embedded' };
  if (parseScaled(flags.paperBalance) === undefined)
    throw new WrongRequest(`--paper-balance: "${flags.paperBalance}" is no plain decimal; write it like 1000000`);
  const keep = duration(flags.keepMarket, '--keep-market');
  const silence = flags.maxSilence === undefined ? {} : { maxSilence: duration(flags.maxSilence, '--max-silence') };
  const specs = (flags.market.length === 0 ? ['sample'] : flags.market).map(marketSpec);
  if (flags.port > 65_535) throw new WrongRequest(`--port: ${flags.port} is no port; use 0 to 65535`);
  const name = streamsName(flags.name);
  const inStore = isStoreAddress(flags.log);
  if (!inStore && flags.log !== 'embedded')
    throw new WrongRequest(
      '--log: what is named there is no log, there or as "log" in the settings file; use embedded, esdb://HOST:PORT or esdb+discover://…',
    );
  const told = setTimeout(() => terminal.say(`waiting for the log (${shownAddress(flags.log)})`), TELL_MS);
  const log = await writeLog(inStore ? flags.log : flags.data).finally(() => clearTimeout(told));
  try {
    const { signal } = terminal;
    const network = { endpoints: asked.venues, tell: (line: string) => terminal.say(line), signal, ...silence };
    const opening = openMarket(specs, { seed: settings.seed, log, name, sofar: await lastInstant(log, name), network });
    const market = await opened(opening).catch((error: unknown) => {
      if (signal.aborted) return undefined; // stopped while a venue was waited for
      throw error;
    });
    if (market === undefined) return;
    const table = await openOrderTable(
      inStore ? storeTableFolder(flags.data, flags.log, name) : tableFolder(flags.data),
    );
    try {
      const run = await startLive({
        log,
        name,
        table,
        clock: market.clock,
        hostClock: systemClock(),
        linger: inStore ? STORE_LINGER : 0,
        feeds: market.feeds,
        session: market.session,
        settings,
        paperBalance: flags.paperBalance,
        onCheckpoint: upkeep(log, name, keep),
        onDamage: ({ message }) => terminal.say(`reprise: ${message}; an earlier checkpoint takes its place`),
      });
      try {
        await answerUntilStopped(run, flags, market.description, terminal);
      } finally {
        await run.stop();
      }
      await run.done;
      terminal.say(`stopped; all of it is in ${inStore ? shownAddress(flags.log) : flags.data}`);
    } finally {
      await table.close();
    }
  } finally {
    await log.close();
  }
}

function marketSpec(text: string): MarketSpec {
  try {
    return readMarketSpec(text);
  } catch (error) {
    throw new WrongRequest((error as Error).message, { cause: error });
  }
}

async function opened<T>(market: Promise<T>): Promise<T> {
  try {
    return await market;
  } catch (error) {
    throw error instanceof MarketRefused ? new WrongRequest(error.message, { cause: error }) : error;
  }
}

async function answerUntilStopped(
  run: RunningLive,
  flags: ServeFlags & { readonly log: string },
  market: string,
  terminal: Terminal,
): Promise<void> {
  const server = createHttpServer(run, { onError: (error) => terminal.say(`reprise: ${String(error)}`) });
  try {
    await listen(server, flags);
    hello(server, flags, market, run, terminal);
    await Promise.race([aborted(terminal.signal), run.done]);
    if (terminal.signal.aborted) terminal.say('stopping: finishing what was taken');
  } finally {
    await server.stop();
  }
}

async function listen(server: Server, { host, port }: ServeFlags): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening'); // rejects with the server's error, a port in use for instance
}

function hello(
  server: Server,
  flags: ServeFlags & { readonly log: string },
  market: string,
  run: RunningLive,
  terminal: Terminal,
): void {
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const instrument = run.instruments()[0]?.instrument ?? '';
  const order = { orderId: 'first', instrument, side: 'buy', quantity: '1', duration: '30s', slices: 6 };
  terminal.out(`Reprise listens on ${url}`);
  terminal.out(`market  ${market}`);
  if (isStoreAddress(flags.log)) terminal.out(`log     ${shownAddress(flags.log)}`);
  terminal.out(`data    ${flags.data}`);
  terminal.out('try     a TWAP of 30 seconds, and what has become of it:');
  terminal.out(`        curl -s ${url}/v1/orders -H 'content-type: application/json' -d '${JSON.stringify(order)}'`);
  terminal.out(`        curl -s ${url}/v1/orders/first`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
