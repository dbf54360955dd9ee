import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { Served, VenueServer } from '../loopback/dialect.js';
import { OkxDialect } from './dialect.js';

/** The venue's own side: the feed by its dialect, the rules of instruments over REST. */
export const SERVER: VenueServer = {
  symbolOf: ({ instrument, kind, base, quote }) => {
    const [symbol = '', venue] = instrument.split('@');
    if (venue === 'okx') return symbol;
    return kind === 'spot' ? `${base}-${quote}` : `${base}-${quote}-SWAP`; // of another venue's recording
  },
  newDialect: () => new OkxDialect(),
  reply: ({ path }, served) => {
    const url = new URL(path, 'http://venue');
    return url.pathname === '/api/v5/public/instruments' ? instruments(url.searchParams, served) : undefined;
  },
};

function instruments(query: URLSearchParams, served: Served): string {
  const type = query.get('instType');
  const id = query.get('instId');
  const data = [...served.values()]
    .filter(({ symbol }) => typeOf(symbol) === type && (id === null || id === symbol))
    .map(({ symbol, definition }) => rulesOf(symbol, definition));
  return data.length === 0 && id !== null
    ? JSON.stringify({ code: '51001', data: [], msg: 'Instrument ID does not exist.' })
    : JSON.stringify({ code: '0', data, msg: '' });
}

function typeOf(symbol: string): 'SPOT' | 'SWAP' | 'FUTURES' | 'OPTION' {
  const parts = symbol.split('-');
  if (parts.length === 2) return 'SPOT';
  return parts.length === 3 ? (parts[2] === 'SWAP' ? 'SWAP' : 'FUTURES') : 'OPTION';
}

function rulesOf(instId: string, definition: InstrumentDefinition): object {
  const { kind, base, quote, settlement, tickSize, lotSize, minQuantity, multiplier } = definition;
  const instType = typeOf(instId);
  const common = { instType, instId, tickSz: tickSize, lotSz: lotSize, minSz: minQuantity, state: 'live' };
  if (instType === 'SPOT')
    return { ...common, uly: '', baseCcy: base, quoteCcy: quote, settleCcy: '', ctType: '', ctVal: '', ctMult: '' };
  const isOption = instType === 'OPTION';
  return {
    ...common,
    uly: isOption ? `${base}-USD` : `${base}-${quote}`,
    baseCcy: '',
    quoteCcy: '',
    settleCcy: settlement,
    ctType: isOption ? '' : kind,
    ctVal: multiplier,
    ctMult: '1',
    ctValCcy: kind === 'inverse' ? quote : base,
  };
}
