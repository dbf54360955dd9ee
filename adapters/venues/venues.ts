import { BINANCE } from './binance/index.js';
import { BITFINEX_VENUE } from './bitfinex/index.js';
import { BITMEX } from './bitmex/index.js';
import { BITSTAMP_VENUE } from './bitstamp/index.js';
import { DERIBIT_VENUE } from './deribit/index.js';
import { GATEIO_VENUE } from './gateio/index.js';
import { GEMINI } from './gemini/index.js';
import { HTX } from './htx/index.js';
import { HYPERLIQUID } from './hyperliquid/index.js';
import type { Venue } from './venue.js';

/** Every venue whose messages we read, by name. */
export const VENUES: ReadonlyMap<string, Venue> = new Map(
  [
    ...BINANCE, //
    BITFINEX_VENUE,
    BITMEX,
    BITSTAMP_VENUE,
    DERIBIT_VENUE,
    GATEIO_VENUE,
    GEMINI,
    HTX,
    HYPERLIQUID,
  ].map((venue) => [venue.name, venue] as const),
);

/** The venue that a socket or REST address belongs to. */
export function venueAt(url: string): Venue | undefined {
  const host = /^[a-z]+:\/\/([^/:?]+)/.exec(url)?.[1];
  if (host === undefined) return undefined;
  for (const venue of VENUES.values()) if (venue.hosts.includes(host)) return venue;
  return undefined;
}
