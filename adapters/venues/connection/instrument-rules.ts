import { canonical, type Json } from '../../../core/json.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { StopSignal } from '../../../core/ports.js';
import { nearest } from '../../requests/nearest.js';
import { MessageFault } from '../mapping/fault.js';
import type { Connection, Frame, Venue } from '../venue.js';
import { RequestFailed, type Requests } from './requests.js';

/** An instrument that its venue does not have. The message says which, and which one may have been meant. */
export class NoSuchInstrument extends Error {
  override readonly name = 'NoSuchInstrument';
}

/** What a venue said of instruments: read, and as it came. */
export interface ToldRules {
  /** In the order in which they were asked for. */
  readonly definitions: readonly InstrumentDefinition[];
  readonly replies: readonly Frame[];
}

/** `SYMBOL@venue`, as events name it. */
export const nameOf = (symbol: string, venue: string): string => `${symbol.toUpperCase()}@${venue}`;

/** A symbol as the venue writes it. */
export const written = (symbol: string, { letters }: Connection): string =>
  letters === undefined ? symbol : letters === 'upper' ? symbol.toUpperCase() : symbol.toLowerCase();

/**
 * Asks a venue for the rules of instruments.
 *
 * @throws {NoSuchInstrument} @throws {RequestFailed} @throws {MessageFault} where the answer is none
 */
export async function askRules(
  venue: Venue,
  symbols: readonly string[],
  requests: Requests,
  signal: StopSignal,
): Promise<ToldRules> {
  const connection = venue.connection!;
  const missing = ({ known }: Told): string | undefined =>
    symbols.find((symbol) => !known.has(nameOf(symbol, venue.name)));
  const made = ({ known, replies }: Told): ToldRules => ({
    definitions: symbols.map((symbol) => known.get(nameOf(symbol, venue.name))!),
    replies,
  });
  const told = await allOf(venue, connection.instruments(symbols), requests, signal).catch((error: unknown) => {
    if (mayMeanASymbol(error)) return error;
    throw error;
  });
  if (isTold(told) && missing(told) === undefined) return made(told);
  // one symbol that is unknown may cost the others their answer, and which is meant shows only among all
  const every = await allOf(venue, connection.instruments([]), requests, signal).catch(() => undefined);
  const present = every !== undefined && every.known.size > 0 ? every : told;
  if (!isTold(present)) throw present;
  const symbol = missing(present);
  if (symbol !== undefined) throw new NoSuchInstrument(refusal(symbol, venue.name, [...present.known.keys()]));
  return made(present);
}

/** Definitions by name, and the replies that they stood in. */
interface Told {
  readonly known: ReadonlyMap<string, InstrumentDefinition>;
  readonly replies: readonly Frame[];
}

const isTold = (told: unknown): told is Told => typeof told === 'object' && told !== null && 'known' in told;

/** Answers with which venues turn down a symbol, without saying so. */
const mayMeanASymbol = (error: unknown): boolean =>
  error instanceof MessageFault || (error instanceof RequestFailed && [400, 404, 422].includes(error.status));

async function allOf(
  venue: Venue,
  asked: ReturnType<Connection['instruments']>,
  requests: Requests,
  signal: StopSignal,
): Promise<Told> {
  const known = new Map<string, InstrumentDefinition>();
  const replies: Frame[] = [];
  for (const request of asked) {
    const reply = await requests.ask(request, signal);
    const told = venue.readInstruments?.(reply);
    if (told === undefined)
      throw new MessageFault('bad_message', `what ${reply.url ?? venue.name} answered tells no rules of instruments`);
    for (const definition of told) known.set(definition.instrument, definition);
    replies.push(reply);
  }
  return { known, replies };
}

function refusal(symbol: string, venue: string, known: readonly string[]): string {
  const what = `${venue} has no instrument ${symbol}`;
  const symbols = known.map((name) => name.slice(0, name.lastIndexOf('@')));
  return symbols.length === 0 ? what : `${what}; did you mean ${nearest(symbol, symbols)}?`;
}

export const isSame = (a: InstrumentDefinition, b: InstrumentDefinition): boolean =>
  canonical(a as unknown as Json) === canonical(b as unknown as Json);
