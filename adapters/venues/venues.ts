import { BINANCE } from './binance/index.js';
import { KRAKEN_FUTURES } from './kraken-futures/index.js';
import { KRAKEN } from './kraken/index.js';
import { OKX } from './okx/index.js';
import type { Venue } from './venue.js';

/** Every venue whose messages we read, by name. */
export const VENUES: ReadonlyMap<string, Venue> = new Map(
  [...BINANCE, KRAKEN, KRAKEN_FUTURES, OKX].map((venue) => [venue.name, venue] as const),
);

/** The venue that a socket or REST address belongs to. */
export function venueAt(url: string): Venue | undefined {
  const host = /^[a-z]+:\/\/([^/:?]+)/.exec(url)?.[1];
  if (host === undefined) return undefined;
  for (const venue of VENUES.values()) if (venue.hosts.includes(host)) return venue;
  return undefined;
}
