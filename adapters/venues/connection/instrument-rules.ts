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
  const { known, replies } = await allOf(venue, connection.instruments(symbols), requests, signal).catch(
    // some venues turn the whole request down for one unknown symbol, and do not say which
    async (error: unknown) => {
      if (!(error instanceof RequestFailed) || !NO_SUCH_THING.has(error.status)) throw error;
      const all = await allOf(venue, connection.instruments([]), requests, signal);
      if (symbols.every((symbol) => all.known.has(nameOf(symbol, venue.name)))) throw error;
      return all;
    },
  );
  const definitions = symbols.map((symbol) => {
    const definition = known.get(nameOf(symbol, venue.name));
    if (definition === undefined) throw new NoSuchInstrument(refusal(symbol, venue.name, [...known.keys()]));
    return definition;
  });
  return { definitions, replies };
}

/** Statuses of an answer that may mean a symbol. */
const NO_SUCH_THING: ReadonlySet<number> = new Set([400, 404, 422]);

async function allOf(
  venue: Venue,
  asked: ReturnType<Connection['instruments']>,
  requests: Requests,
  signal: StopSignal,
): Promise<{ known: Map<string, InstrumentDefinition>; replies: Frame[] }> {
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
