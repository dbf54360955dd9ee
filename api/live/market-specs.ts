import { nearest } from '../../adapters/requests/nearest.js';
import type { SessionSpeed } from '../../adapters/venues/session/session-clock.js';
import { VENUES } from '../../adapters/venues/venues.js';

/** A market SPEC that cannot be served. */
export class MarketRefused extends Error {
  override readonly name = 'MarketRefused';
}

export interface SessionSpec {
  readonly kind: 'session';
  readonly path: string;
  readonly speed: SessionSpeed;
}
/** One instrument of a live venue. */
export interface VenueSpec {
  readonly kind: 'venue';
  readonly venue: string;
  /** As the venue writes it. */
  readonly symbol: string;
}
export type MarketSpec = { readonly kind: 'sample' } | SessionSpec | VenueSpec;

/** Reads a SPEC. @throws {MarketRefused} */
export function readMarketSpec(text: string): MarketSpec {
  if (text === 'sample') return { kind: 'sample' };
  const session = /^session:(.+?)(?:@(step|\d{1,12}(?:\.\d{1,12})?))?$/.exec(text);
  if (session !== null) {
    const [, path, speed = '1'] = session;
    const times = Number(speed);
    return { kind: 'session', path: path!, speed: speed === 'step' || times === 0 ? 'step' : times };
  }
  const [, venue, symbol] = /^([^:\s]+):(\S*)$/.exec(text) ?? [];
  if (venue === undefined || symbol === undefined)
    throw new MarketRefused(`--market ${text}: write VENUE:SYMBOL (binance:BTCUSDT), sample, or session:PATH[@SPEED]`);
  if (VENUES.get(venue)?.connection === undefined) throw new MarketRefused(`--market ${text}: ${noFeed(venue)}`);
  if (!/^[^\s@\p{C}]{1,64}$/u.test(symbol))
    throw new MarketRefused(`--market ${text}: a symbol is missing, or has an "@"; write it as ${venue} does`);
  return { kind: 'venue', venue, symbol };
}

function noFeed(name: string): string {
  const live = [...VENUES.values()].filter(({ connection }) => connection !== undefined).map((venue) => venue.name);
  if (VENUES.has(name))
    return `${name} is known from recordings only: \`reprise import\` reads these; live are ${live.join(', ')}`;
  return `there is no venue ${name}; did you mean ${nearest(name, ['sample', 'session', ...live])}? Live are ${live.join(', ')}`;
}
