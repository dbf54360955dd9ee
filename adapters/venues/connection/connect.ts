import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import type { Connection, Endpoints } from '../venue.js';
import { Life } from './life.js';
import type { Sockets } from './ports.js';
import type { Requests } from './requests.js';

/** A connection that is not open after so long will not be. */
const PATIENCE: Micros = 15 * MICROS.s;

/** What is needed for opening a connection. */
export interface Way {
  readonly connection: Connection;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly requests: Requests;
}

/** What happens to a connection while it lives. */
export interface LifeListener {
  message(life: Life, text: string, at: EpochMicros, nanos: number | undefined): void;
  alive(life: Life, at: EpochMicros): void;
  closed(life: Life, reason: string): void;
}

/**
 * Opens one connection.
 *
 * @param channels  what is asked for over it
 * @throws when it does not open, or its address cannot be had
 */
export async function connect(
  way: Way,
  channels: Pick<Connection, 'path'>,
  symbols: readonly string[],
  signal: AbortSignal,
  listener: LifeListener,
): Promise<Life> {
  const { connection, endpoints, clock, sockets, requests } = way;
  const { address, ping, limits } = connection;
  const told = address?.read((await requests.ask(address.request, signal)).text, endpoints);
  const url = told?.url ?? endpoints.socket + (channels.path?.(symbols) ?? '');
  const opened: { life?: Life } = {};
  const early: ((life: Life) => void)[] = []; // what came while the opening was on its way back to us
  const tell = (what: (life: Life) => void): void => {
    if (opened.life === undefined) early.push(what);
    else what(opened.life);
  };
  const opening = sockets.open(url, {
    message: (text, at, nanos) => tell((it) => listener.message(it, text, at, nanos)),
    alive: (at) => tell((it) => listener.alive(it, at)),
    closed: (reason) => tell((it) => listener.closed(it, reason)),
  });
  const socket = await inTime(opening, clock, signal);
  if (socket === undefined) {
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    throw new Error(`${url} did not open within ${PATIENCE / MICROS.s} s`);
  }
  const pingEvery = ping === undefined ? undefined : (told?.pingEvery ?? ping.every);
  const life = new Life(socket, url, clock.now(), pingEvery, limits.messages);
  opened.life = life;
  queueMicrotask(() => early.forEach((what) => what(life))); // whoever opened it takes it first
  return life;
}

/** Undefined where it takes too long. */
async function inTime<T>(opening: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | undefined> {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort();
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([opening, clock.until(clock.now() + PATIENCE, waiting.signal).then(() => undefined)]);
  } finally {
    waiting.abort();
    signal.removeEventListener('abort', stop);
  }
}
