import type { MarketFeed } from '../../../core/ports.js';
import { formatDuration, MICROS, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import type { Endpoints, Venue } from '../venue.js';
import { Allowance } from './allowance.js';
import { BackOff } from './back-off.js';
import { VenueFeed } from './feed.js';
import { askRules, NoSuchInstrument, written, type ToldRules } from './instrument-rules.js';
import type { LineContext } from './line-context.js';
import type { FrameTap, Jitter, Rest, Sockets } from './ports.js';
import { Reader } from './reader.js';
import { reasonOf, Requests } from './requests.js';

/** How long a venue is tried when a feed is opened. */
const PATIENCE: Micros = MICROS.m;

export interface VenueFeedOptions {
  /** One that has a `connection`. */
  readonly venue: Venue;
  /** As the venue writes them; letters in the other case are understood where the venue has one. */
  readonly symbols: readonly string[];
  /** Where the venue is, instead of where it says. */
  readonly endpoints?: Partial<Endpoints>;
  readonly sockets: Sockets;
  readonly rest: Rest;
  readonly clock: Clock;
  readonly jitter: Jitter;
  /** A connection over which nothing comes for so long is dead; as the venue says when absent. */
  readonly maxSilence?: Micros;
  /** How long a venue that does not answer is tried; a minute when absent. */
  readonly patience?: Micros;
  readonly tap?: FrameTap;
  /** Takes sentences for whoever runs this: what happens to connections. */
  readonly tell?: (sentence: string) => void;
}

/** A venue that could not be reached at all. */
export class VenueUnreachable extends Error {
  override readonly name = 'VenueUnreachable';
}

/**
 * Opens a venue's live market: asks for the rules of the instruments, again and again for a while, and makes the feed. Its
 * connections are opened when somebody watches it.
 *
 * @throws {NoSuchInstrument} @throws {VenueUnreachable}
 */
export async function openVenueFeed(options: VenueFeedOptions, signal: AbortSignal): Promise<MarketFeed> {
  const { venue, clock, sockets, rest, jitter, tap, tell = () => undefined } = options;
  const { connection } = venue;
  if (connection === undefined) throw new TypeError(`${venue.name} has no live feed`);
  const endpoints = { ...connection.endpoints, ...options.endpoints };
  const requests = new Requests(endpoints.rest, connection.limits.requests, rest, clock);
  const symbols = [...new Set(options.symbols.map((symbol) => written(symbol, connection)))];
  const rules = await patiently({ ...options, tell }, () => askRules(venue, symbols, requests, signal), signal);
  const context: LineContext = {
    venue: venue.name,
    connection,
    endpoints,
    clock,
    sockets,
    requests,
    connects: new Allowance(connection.limits.connects),
    jitter,
    silence: options.maxSilence ?? connection.limits.silence,
    reader: new Reader(venue, clock, tap),
    tell,
  };
  return new VenueFeed(venue, symbols, rules, context);
}

async function patiently(
  { venue, clock, jitter, tell, patience = PATIENCE }: VenueFeedOptions & { readonly tell: (sentence: string) => void },
  ask: () => Promise<ToldRules>,
  signal: AbortSignal,
): Promise<ToldRules> {
  const backOff = new BackOff(MICROS.s, 10 * MICROS.s, jitter);
  const until = clock.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof NoSuchInstrument) throw error;
      const wait = Math.ceil(backOff.next() / MICROS.ms) * MICROS.ms;
      if (signal.aborted || clock.now() + wait > until)
        throw new VenueUnreachable(
          `${venue.name} does not tell its instruments: ${reasonOf(error)}; look at the network, or name other addresses as "venues" in the settings file`,
          { cause: error },
        );
      tell(`${venue.name} does not tell its instruments: ${reasonOf(error)}; asked again in ${formatDuration(wait)}`);
      await clock.until(clock.now() + wait, signal);
    }
  }
}
