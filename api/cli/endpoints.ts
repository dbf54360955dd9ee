import { nearest } from '../../adapters/requests/nearest.js';
import type { Endpoints } from '../../adapters/venues/venue.js';
import { VENUES } from '../../adapters/venues/venues.js';
import { WrongRequest } from './failures.js';

/** Addresses by their key, and how they begin. */
const PLACES = { socket: ['ws:', 'wss:'], rest: ['http:', 'https:'] } as const;
type Place = keyof typeof PLACES;

/** Reads `"venues": { "binance": { "socket": "ws://…", "rest": "http://…" } }` of a settings file. @throws {WrongRequest} */
export function readEndpoints(value: unknown, path: string): ReadonlyMap<string, Partial<Endpoints>> {
  const places = new Map<string, Partial<Endpoints>>();
  for (const [venue, entry] of Object.entries(objectOf(value, `${path}: "venues"`))) {
    if (!VENUES.has(venue))
      throw new WrongRequest(
        `${path}: "venues"."${venue}" is no venue; did you mean "${nearest(venue, [...VENUES.keys()])}"?`,
      );
    const where = `${path}: "venues"."${venue}"`;
    const read = Object.entries(objectOf(entry, where)).map(([key, address]) => {
      if (!isPlace(key)) throw new WrongRequest(`${where} has an unknown key "${key}"; known are socket, rest`);
      return [key, addressOf(address, key, `${where}."${key}"`)] as const;
    });
    places.set(venue, Object.fromEntries(read));
  }
  return places;
}

const isPlace = (key: string): key is Place => key in PLACES;

function objectOf(value: unknown, where: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new WrongRequest(`${where} is no object; write { "socket": "wss://…", "rest": "https://…" } for a venue`);
}

/** Paths are put behind it, so that it ends without a slash. */
function addressOf(value: unknown, place: Place, where: string): string {
  const [begin, secure] = PLACES[place];
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== begin && url.protocol !== secure) || url.search !== '' || url.hash !== '')
    throw new WrongRequest(`${where} is no address; write it like ${begin}//127.0.0.1:9001 or ${secure}//HOST`);
  return (value as string).replace(/\/+$/, '');
}
