import { systemClock } from '../../../adapters/clock/system-clock.js';
import { BadFault, readFaults } from '../../../adapters/venues/loopback/faults.js';
import {
  AT_END,
  LoopbackVenue,
  WAIT_FOR,
  type LoopbackOptions,
} from '../../../adapters/venues/loopback/loopback-venue.js';
import { openRecording } from '../../../adapters/venues/loopback/recording.js';
import { serveLoopback } from '../../../adapters/venues/loopback/server.js';
import type { Venue } from '../../../adapters/venues/venue.js';
import { VENUES } from '../../../adapters/venues/venues.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { WrongRequest } from '../failures.js';
import type { Terminal } from '../terminal.js';
import { duration } from '../times.js';

export interface ServeVenueFlags {
  readonly as: string;
  readonly host: string;
  readonly port: number;
  readonly speed: string;
  readonly waitFor: string;
  readonly atEnd: string;
  readonly fault: readonly string[];
  readonly faultSeed?: number;
  readonly restLatency?: string;
  readonly format: string;
  readonly venue?: string;
}

/** `reprise serve-venue`: a recording in its venue's own words, until its end, Ctrl-C or SIGTERM. */
export async function serveVenue(paths: readonly string[], flags: ServeVenueFlags, terminal: Terminal): Promise<void> {
  const venue = servable(flags.as);
  const speed = Number(flags.speed);
  if (!/^\d+(\.\d+)?$/.test(flags.speed) || speed > MOST_SPEED)
    throw new WrongRequest(`--speed: ${flags.speed} is no speed; use a number from 0 (step by step) to ${MOST_SPEED}`);
  if (flags.port > 65_535) throw new WrongRequest(`--port: ${flags.port} is no port; use 0 to 65535`);
  const waitFor = oneOf(flags.waitFor, WAIT_FOR, '--wait-for');
  const atEnd = oneOf(flags.atEnd, AT_END, '--at-end');
  const faults = flags.fault.flatMap((spec) => asked(() => readFaults(spec)));
  const restLatency = flags.restLatency === undefined ? undefined : duration(flags.restLatency, '--rest-latency');
  const opened = await openRecording(paths, {
    engineVersion: ENGINE_VERSION,
    format: flags.format,
    signal: terminal.signal,
    onProgress: ({ lines }) => terminal.progress(`${lines} lines`),
    ...(flags.venue === undefined ? {} : { venue: flags.venue }),
  });
  try {
    await play(
      {
        recording: opened.recording,
        venue,
        clock: systemClock(),
        speed,
        waitFor,
        atEnd,
        faults,
        ...(flags.faultSeed === undefined ? {} : { faultSeed: flags.faultSeed }),
        ...(restLatency === undefined ? {} : { restLatency }),
      },
      flags,
      terminal,
    );
  } finally {
    await opened.close();
  }
}

/** Beyond this nothing is faster: the recording is played as fast as it can be read. */
const MOST_SPEED = 1_000_000;

function servable(name: string): Venue {
  const venue = VENUES.get(name);
  if (venue?.server !== undefined) return venue;
  const known = [...VENUES.values()].filter(({ server }) => server !== undefined).map((one) => one.name);
  throw new WrongRequest(
    `--as: ${venue === undefined ? `"${name}" is unknown` : `${name} is known from recordings only`}; use ${known.join(', ')}`,
  );
}

async function play(options: LoopbackOptions, flags: ServeVenueFlags, terminal: Terminal): Promise<void> {
  const loopback = asked(() => new LoopbackVenue(options));
  const onError = (error: unknown): void => terminal.say(`reprise: ${String(error)}`);
  const server = await serveLoopback(loopback, { host: flags.host, port: flags.port, onError }).catch(
    async (error: unknown) => {
      await loopback.close();
      throw error;
    },
  );
  try {
    hello(loopback, server.endpoints, flags, terminal);
    await Promise.race([stopped(terminal.signal), options.atEnd === 'stay' ? failed(loopback) : loopback.done]);
  } finally {
    await server.close();
  }
}

function hello(
  { options: { venue, speed }, books }: LoopbackVenue,
  { socket, rest }: { readonly socket: string; readonly rest: string },
  { waitFor }: ServeVenueFlags,
  terminal: Terminal,
): void {
  const symbols = [...books.bySymbol.keys()];
  const snapshot = venue.connection?.snapshot?.(symbols[0] ?? '');
  terminal.out(`${venue.name} at ${socket} and ${rest}`);
  terminal.out(`instruments  ${symbols.join(', ')}`);
  if (speed === 0) terminal.out(`plays        step by step: curl -d '{"messages":10}' ${rest}/_loopback/step`);
  else terminal.out(`plays        at speed ${speed}${waitFor === 'nobody' ? '' : ', once a client has subscribed'}`);
  if (snapshot !== undefined) terminal.out(`try          curl '${rest}${snapshot.path}'`);
  terminal.out(`faults       curl -d '{"fault":"disconnect"}' ${rest}/_loopback/faults`);
}

function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadFault ? new WrongRequest(`--fault: ${error.message}`, { cause: error }) : error;
  }
}

function oneOf<T extends string>(value: string, known: readonly T[], flag: string): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new WrongRequest(`${flag}: "${value}" is unknown; use ${known.join(', ')}`);
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Never resolves; rejects when the recording cannot be read on. */
const failed = async (loopback: LoopbackVenue): Promise<never> => {
  await loopback.done;
  return new Promise(() => undefined);
};
