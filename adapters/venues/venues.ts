import { BINANCE } from './binance/index.js';
import { BITFINEX_VENUE } from './bitfinex/index.js';
import { BITMEX } from './bitmex/index.js';
import { BITSTAMP_VENUE } from './bitstamp/index.js';
import { BYBIT } from './bybit/index.js';
import { COINBASE } from './coinbase/index.js';
import { DERIBIT_VENUE } from './deribit/index.js';
import { GATEIO_VENUE } from './gateio/index.js';
import { GEMINI } from './gemini/index.js';
import { HTX } from './htx/index.js';
import { HYPERLIQUID } from './hyperliquid/index.js';
import { KRAKEN_FUTURES } from './kraken-futures/index.js';
import { KRAKEN } from './kraken/index.js';
import { OKX } from './okx/index.js';
import { KUCOIN } from './kucoin/index.js';
import type { Venue } from './venue.js';

/** Every venue whose messages we read, by name. */
export const VENUES: ReadonlyMap<string, Venue> = new Map(
  [
    ...BINANCE, //
    BITFINEX_VENUE,
    BITMEX,
    BITSTAMP_VENUE,
    ...BYBIT,
    COINBASE,
    DERIBIT_VENUE,
    GATEIO_VENUE,
    GEMINI,
    HTX,
    HYPERLIQUID,
    KRAKEN,
    KRAKEN_FUTURES,
    OKX,
    KUCOIN,
  ].map((venue) => [venue.name, venue] as const),
);

/** The venue that a socket or REST address belongs to; the first of them where several share it. */
export const venueAt = (url: string): Venue | undefined => venuesAt(url)[0];

/** All venues that a socket or REST address belongs to: several share a REST host, and a path may tell one of them. */
export function venuesAt(url: string): readonly Venue[] {
  const [, host, path = ''] = /^[a-z]+:\/\/([^/:?]+)(?::\d+)?([^?]*)/.exec(url) ?? [];
  if (host === undefined) return [];
  const address = host + path;
  const isAt = (known: string): boolean => address === known || address.startsWith(`${known}/`);
  return [...VENUES.values()].filter(({ hosts }) => hosts.some(isAt));
}
