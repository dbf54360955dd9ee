import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import type { Served, VenueServer } from '../loopback/dialect.js';
import { KrakenDialect } from './dialect.js';
import { isPair } from './messages.js';
import { olderName } from './symbols.js';

/** The venue's own side: the feed by its dialect, the pairs over REST. */
export const SERVER: VenueServer = {
  symbolOf: ({ instrument, base, quote }) => {
    const symbol = instrument.slice(0, instrument.lastIndexOf('@'));
    return isPair(symbol) ? symbol : `${base}/${quote}`; // of another venue's recording
  },
  newDialect: () => new KrakenDialect(),
  reply: ({ path }, served) => {
    switch (new URL(path, 'http://venue').pathname) {
      case '/0/public/AssetPairs':
        return assetPairs(served);
      default:
        return undefined;
    }
  },
};

function assetPairs(served: Served): string {
  const pairs = [...served.values()].map(({ symbol, definition }) => {
    const older = olderName(symbol);
    const altname = older.replace('/', '');
    return `${JSON.stringify(altname)}:${pairOf(definition, older, altname)}`;
  });
  return `{"error":[],"result":{${pairs.join(',')}}}`;
}

function pairOf(definition: InstrumentDefinition, wsname: string, altname: string): string {
  const { tickSize, lotSize, minQuantity, minNotional, fees } = definition;
  const [base, quote] = wsname.split('/');
  const what = {
    altname,
    wsname,
    aclass_base: 'currency',
    base,
    aclass_quote: 'currency',
    quote,
    pair_decimals: placesOf(tickSize),
    lot_decimals: placesOf(lotSize),
    lot_multiplier: 1,
    ordermin: minQuantity,
    costmin: minNotional,
    tick_size: tickSize,
    status: 'online',
  };
  const tiers = `"fees":[[0,${percentOf(fees.taker)}]],"fees_maker":[[0,${percentOf(fees.maker)}]]`;
  return `${JSON.stringify(what).slice(0, -1)},${tiers}}`;
}

const placesOf = (step: string): number => parseScaled(step)!.scale;

function percentOf(fraction: string): string {
  const { mantissa, scale } = parseScaled(fraction)!;
  return scale < 2 ? formatScaled(mantissa * 10 ** (2 - scale), 0) : formatScaled(mantissa, scale - 2);
}
