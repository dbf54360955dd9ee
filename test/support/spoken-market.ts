import { expect } from 'chai';
import type { ServedInstrument } from '../../adapters/venues/loopback/dialect.js';
import { KnownBook } from '../../adapters/venues/session/known-book.js';
import type { Venue } from '../../adapters/venues/venue.js';
import type { InstrumentDefinition, LevelText, MarketEvent, Trade } from '../../core/market/events.js';
import { START } from './mini-recording.js';
import { FoldedFeed } from './venue-fuzz.js';

/** What a venue's messages can tell, for events that it could have sent. */
export interface Spoken {
  readonly venue: Venue;
  readonly definitions: readonly InstrumentDefinition[];
  /** How far a book message's number may be from the last one; 0 where books have none. */
  readonly mostSteps: number;
  /** Microseconds that the venue's times of books, and of trades, are whole multiples of. */
  readonly bookTick: number;
  readonly tradeTick: number;
  readonly mostTrades: number;
  /** It marks prints that are no market trades. */
  readonly marksPrints: boolean;
}

type Random = () => number;
const below = (random: Random, count: number): number => Math.floor(random() * count);

/** Random events of instruments that the venue could have sent: books, changes, empty ones too, trades, books anew. */
export function randomEvents(spoken: Spoken, random: Random, count: number): MarketEvent[] {
  const sequences = new Map<string, number>();
  let at = START;
  let tradeId = 0;
  const levels = (from: number, most: number, deletes: boolean): LevelText[] => {
    const prices = new Set(Array.from({ length: below(random, most + 1) }, () => from + below(random, 40)));
    return [...prices].map((price) => [
      String(price / 4),
      deletes && random() < 0.3 ? '0' : String((1 + below(random, 4_000)) / 8),
    ]);
  };
  const book = (type: 'BookSnapshot' | 'BookDelta', instrument: string): MarketEvent => {
    const isSnapshot = type === 'BookSnapshot';
    const last = sequences.get(instrument) ?? below(random, 1_000);
    const venueSeq = last + 1 + below(random, spoken.mostSteps);
    sequences.set(instrument, venueSeq);
    const most = isSnapshot ? 12 : 3;
    const data = {
      instrument,
      venueAt: at - (at % spoken.bookTick),
      ...(spoken.mostSteps === 0 ? {} : { venueSeq }),
      bids: levels(100, most, !isSnapshot).sort((a, b) => Number(b[0]) - Number(a[0])),
      asks: levels(200, most, !isSnapshot).sort((a, b) => Number(a[0]) - Number(b[0])),
    };
    return { type, version: 1, at, data };
  };
  const traded = (instrument: string): MarketEvent => {
    const trades = Array.from({ length: 1 + below(random, spoken.mostTrades) }, (): Trade => ({
      side: random() < 0.5 ? 'buy' : 'sell',
      price: String((100 + below(random, 140)) / 4),
      quantity: String((1 + below(random, 800)) / 8),
      tradeId: ++tradeId,
      ...(spoken.marksPrints && random() < 0.2 ? { notMarket: true as const } : {}),
    }));
    // a message of trades has ids, or has none
    const told = random() < 0.2 ? trades.map(({ tradeId: _, ...trade }) => trade) : trades;
    return {
      type: 'Traded',
      version: 1,
      at,
      data: { instrument, venueAt: at - (at % spoken.tradeTick), trades: told },
    };
  };
  const events = spoken.definitions.map(({ instrument }) => book('BookSnapshot', instrument));
  for (let index = 0; index < count; index++) {
    at += 1 + below(random, 200_000);
    const { instrument } = spoken.definitions[below(random, spoken.definitions.length)]!;
    const chance = random();
    if (chance < 0.3) events.push(traded(instrument));
    else events.push(book(chance < 0.33 ? 'BookSnapshot' : 'BookDelta', instrument));
  }
  return events;
}

/** What a venue's own mapper makes of what its own server says of these events, over one connection and its REST. */
export async function heard({ venue, definitions }: Spoken, events: readonly MarketEvent[]): Promise<FoldedFeed> {
  const served = new Map(
    definitions.map((definition): [string, ServedInstrument] => {
      const symbol = definition.instrument.slice(0, definition.instrument.indexOf('@'));
      return [symbol, { symbol, definition, book: new KnownBook(definition.instrument, false) }];
    }),
  );
  const connection = venue.connection!;
  const server = venue.server!;
  const dialect = server.newDialect();
  const feed = new FoldedFeed((sink) => venue.newMapper(sink));
  let at = START;
  const take = async (messages: readonly string[]): Promise<void> => {
    for (const text of messages) await feed.mapper.accept({ at, kind: 'message', text }, feed.source);
  };
  await take(dialect.greeting());
  const opened: string[] = [];
  for (const message of connection.subscribe([...served.keys()], 1)) {
    const { answers, opens = [] } = dialect.receive(message, served);
    for (const answer of answers) expect(connection.refusal?.(answer), answer).to.equal(undefined);
    await take(answers);
    for (const symbol of opens) await take(dialect.opening(served.get(symbol)!));
    opened.push(...opens);
  }
  expect(opened.sort()).to.deep.equal([...served.keys()].sort());
  for (const event of events) {
    at = event.at;
    const symbol = event.data.instrument.slice(0, event.data.instrument.indexOf('@'));
    const instrument = served.get(symbol)!;
    instrument.book.apply(event);
    await take(dialect.say(event, instrument));
    const asked = event.type === 'BookSnapshot' ? connection.snapshot?.(symbol) : undefined;
    if (asked === undefined) continue;
    const text = server.reply(asked, served, { socket: 'ws://venue' });
    expect(text).to.be.a('string');
    const url = connection.endpoints.rest + asked.path;
    await feed.mapper.accept({ at, kind: 'reply', url, text: text as string }, feed.source);
  }
  return feed;
}
