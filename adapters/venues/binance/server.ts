import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { RestAnswer, Served, ServedInstrument, VenueServer } from '../loopback/dialect.js';
import { REST } from './connection.js';
import { BinanceDialect } from './dialect.js';
import { isSpot, type BinanceVenue } from './venue.js';

/** The venue's own side: `depth` and `exchangeInfo` over REST, the streams by its dialect. */
export function serverOf(venue: BinanceVenue): VenueServer {
  const base = REST[venue];
  return {
    newDialect: () => new BinanceDialect(venue),
    snapshotOf: ({ path }) => {
      const url = urlOf(path);
      return url.pathname === `${base}/depth` ? symbolIn(url) : undefined;
    },
    reply: ({ path }, served) => {
      const url = urlOf(path);
      switch (url.pathname) {
        case `${base}/depth`:
          return depth(venue, url, served);
        case `${base}/exchangeInfo`:
          return exchangeInfo(venue, url, served);
        case `${base}/ping`:
          return '{}';
        default:
          return undefined;
      }
    },
  };
}

function depth(venue: BinanceVenue, url: URL, served: Served): string | RestAnswer {
  const instrument = served.get(symbolIn(url));
  if (instrument === undefined) return invalidSymbol;
  const told = instrument.book.toldAt(0);
  if (told?.type !== 'BookSnapshot' || told.data.venueSeq === undefined)
    return { status: 503, text: '{"code":-1001,"msg":"The recording does not know this book now."}' };
  const { venueSeq, venueAt, bids, asks } = told.data;
  const limit = Number(url.searchParams.get('limit') ?? (isSpot(venue) ? 100 : 500));
  if (!Number.isInteger(limit) || limit < 1)
    return { status: 400, text: '{"code":-1100,"msg":"Illegal characters found in parameter \'limit\'."}' };
  return JSON.stringify({
    lastUpdateId: venueSeq,
    ...(isSpot(venue) ? {} : timesOf(venueAt)),
    ...(venue === 'binance-coinm' ? { symbol: instrument.symbol, pair: instrument.symbol.split('_')[0] } : {}),
    bids: bids.slice(0, limit),
    asks: asks.slice(0, limit),
  });
}

function exchangeInfo(venue: BinanceVenue, url: URL, served: Served): string | RestAnswer {
  const one = url.searchParams.get('symbol');
  const many = url.searchParams.get('symbols');
  const wanted = one !== null ? [one] : many === null ? [...served.keys()] : listIn(many);
  const found = wanted?.map((symbol) => served.get(symbol));
  if (found === undefined || found.includes(undefined)) return invalidSymbol;
  return JSON.stringify({
    timezone: 'UTC',
    symbols: (found as ServedInstrument[]).map(({ symbol, definition }) => symbolInfo(venue, symbol, definition)),
  });
}

function symbolInfo(venue: BinanceVenue, symbol: string, definition: InstrumentDefinition): object {
  const { base, quote, settlement, tickSize, lotSize, minQuantity, minNotional, multiplier } = definition;
  const least = isSpot(venue)
    ? { filterType: 'NOTIONAL', minNotional }
    : { filterType: 'MIN_NOTIONAL', notional: minNotional };
  return {
    symbol,
    status: 'TRADING',
    baseAsset: base,
    quoteAsset: quote,
    ...(isSpot(venue) ? {} : { marginAsset: settlement }),
    ...(venue === 'binance-coinm' ? { contractSize: Number(multiplier) } : {}),
    filters: [
      { filterType: 'PRICE_FILTER', tickSize },
      { filterType: 'LOT_SIZE', stepSize: lotSize, minQty: minQuantity },
      least,
    ],
  };
}

const urlOf = (path: string): URL => new URL(path, 'http://venue');
const symbolIn = (url: URL): string => url.searchParams.get('symbol')?.toUpperCase() ?? '';
const invalidSymbol: RestAnswer = { status: 400, text: '{"code":-1121,"msg":"Invalid symbol."}' };

function listIn(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

const timesOf = (venueAt: EpochMicros | undefined): object => {
  if (venueAt === undefined) return {};
  const time = venueAt % 1_000 === 0 ? venueAt / 1_000 : venueAt;
  return { E: time, T: time };
};
