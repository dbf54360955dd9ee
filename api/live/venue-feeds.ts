import type { Clock } from '../../adapters/clock/clock.js';
import { NoSuchInstrument } from '../../adapters/venues/connection/instrument-rules.js';
import { openVenueFeed } from '../../adapters/venues/connection/open.js';
import type { FrameTap } from '../../adapters/venues/connection/ports.js';
import { restFetch } from '../../adapters/venues/connection/rest-fetch.js';
import { wsSockets } from '../../adapters/venues/connection/ws-sockets.js';
import type { Endpoints } from '../../adapters/venues/venue.js';
import { VENUES } from '../../adapters/venues/venues.js';
import type { MarketFeed } from '../../core/ports.js';
import type { Micros } from '../../core/time.js';
import { MarketRefused, type MarketSpec, type VenueSpec } from './market-specs.js';

/** How live venues are reached. */
export interface LiveNetwork {
  /** Where venues are, by name, instead of where they say. */
  readonly endpoints?: ReadonlyMap<string, Partial<Endpoints>>;
  /** A connection over which nothing comes for so long is dead; as each venue says when absent. */
  readonly maxSilence?: Micros;
  /** Takes sentences for whoever runs this. */
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** How long a venue that does not answer is tried; a minute when absent. */
  readonly patience?: Micros;
}

/** A venue's feed, with the tap that it was opened with. */
export interface OpenedVenue {
  readonly venue: string;
  readonly feed: MarketFeed;
  readonly tap: FrameTap | undefined;
}

/**
 * Opens the live venues of SPECs over the machine's network, one feed for each venue.
 *
 * @throws {MarketRefused} for an instrument that its venue does not have; @throws {VenueUnreachable}
 */
export async function openVenues(
  specs: readonly MarketSpec[],
  clock: Clock,
  network: LiveNetwork,
  tapOf: (venue: string) => FrameTap | undefined = () => undefined,
): Promise<readonly OpenedVenue[]> {
  const asked = specs.filter((spec): spec is VenueSpec => spec.kind === 'venue');
  const venues = [...new Set(asked.map(({ venue }) => venue))];
  const sockets = wsSockets(clock);
  const awake = setInterval(() => undefined, 1_000); // no clock keeps a process alive while a venue is waited for
  const { endpoints, maxSilence, patience, tell, signal } = network;
  const rest = restFetch(clock, signal);
  const open = async (name: string): Promise<OpenedVenue> => {
    const tap = tapOf(name);
    const where = endpoints?.get(name);
    const options = {
      venue: VENUES.get(name)!,
      symbols: asked.filter(({ venue }) => venue === name).map(({ symbol }) => symbol),
      sockets,
      rest,
      clock,
      jitter: Math.random,
      tell,
      ...(where === undefined ? {} : { endpoints: where }),
      ...(maxSilence === undefined ? {} : { maxSilence }),
      ...(patience === undefined ? {} : { patience }),
      ...(tap === undefined ? {} : { tap }),
    };
    return { venue: name, feed: await openVenueFeed(options, signal), tap };
  };
  try {
    return await Promise.all(venues.map(open));
  } catch (error) {
    throw error instanceof NoSuchInstrument ? new MarketRefused(`--market: ${error.message}`, { cause: error }) : error;
  } finally {
    clearInterval(awake);
  }
}
