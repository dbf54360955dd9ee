import type { Fault } from '../../adapters/venues/loopback/faults.js';
import type { Venue } from '../../adapters/venues/venue.js';
import { VENUES } from '../../adapters/venues/venues.js';

/** A venue that can be served and reached, and how it is tried. */
export interface ServedVenue {
  readonly venue: Venue;
  /** Two instruments, as events name them. */
  readonly instruments: readonly [string, string];
  /** Best levels a side that its numbers or checksums guard; all where it numbers every message. */
  readonly guarded: number;
  /** Faults that it has no means to notice, and that do no harm to what is guarded. */
  readonly unnoticed: readonly Fault['kind'][];
}

type Tried = Partial<Omit<ServedVenue, 'venue' | 'instruments'>> & { readonly symbols: readonly [string, string] };

/** Symbols in each venue's own spelling. */
const TRIED: Readonly<Record<string, Tried>> = {
  binance: { symbols: ['BTCUSDT', 'ETHUSDT'] },
  'binance-us': { symbols: ['BTCUSDT', 'ETHUSDT'] },
  'binance-usdm': { symbols: ['BTCUSDT', 'ETHUSDT'] },
  'binance-coinm': { symbols: ['BTCUSD_PERP', 'ETHUSD_PERP'] },
  'bybit-linear': { symbols: ['BTCUSDT', 'ETHUSDT'] },
  'bybit-spot': { symbols: ['BTCUSDT', 'ETHUSDT'] },
  'bybit-inverse': { symbols: ['BTCUSD', 'ETHUSD'] },
  coinbase: { symbols: ['BTC-USD', 'ETH-USD'] },
  // the checksum covers ten levels a side, and a message that comes twice changes nothing
  kraken: { symbols: ['BTC/USD', 'ETH/USD'], guarded: 10, unnoticed: ['duplicate'] },
  kucoin: { symbols: ['BTC-USDT', 'ETH-USDT'] },
  okx: { symbols: ['BTC-USDT', 'ETH-USDT'] },
};

/** Every venue that has both sides; one that is not known here is tried with symbols that any venue could have. */
export const SERVED_VENUES: readonly ServedVenue[] = [...VENUES.values()]
  .filter(({ server, connection }) => server !== undefined && connection !== undefined)
  .map((venue) => {
    const { symbols, guarded = Infinity, unnoticed = [] } = TRIED[venue.name] ?? { symbols: ['BTC-USD', 'ETH-USD'] };
    const [first, second] = symbols;
    return { venue, instruments: [`${first}@${venue.name}`, `${second}@${venue.name}`], guarded, unnoticed };
  });
