import { expect } from 'chai';
import type { Dialect, Served, ServedInstrument } from '../../adapters/venues/loopback/dialect.js';
import { MarketEvents } from '../../adapters/venues/mapping/market-events.js';
import { KnownBook } from '../../adapters/venues/session/known-book.js';
import type { Frame, Venue } from '../../adapters/venues/venue.js';
import type { InstrumentDefinition, LevelText, MarketEvent, Trade } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { Micros } from '../../core/time.js';
import { LiveSource } from './venue-fuzz.js';

/** 2024-01-01T00:00:00Z in microseconds. */
const START = 1_704_067_200_000_000;

/** One instrument as a venue serves it, and a client of ours at the other end. */
export class RoundTrip {
  readonly source = new LiveSource();
  /** What the client made of what it was told. */
  readonly events: MarketEvent[] = [];
  /** Everything that was sent to the client. */
  readonly frames: Frame[] = [];
  readonly dialect: Dialect;
  readonly served: Served;
  readonly instrument: ServedInstrument;
  readonly #mapper;
  #at = START;

  constructor(
    readonly venue: Venue,
    definition: InstrumentDefinition,
  ) {
    const symbol = definition.instrument.slice(0, definition.instrument.lastIndexOf('@'));
    this.instrument = { symbol, definition, book: new KnownBook(definition.instrument, false) };
    this.served = new Map([[symbol, this.instrument]]);
    this.dialect = venue.server!.newDialect();
    this.#mapper = venue.newMapper(new MarketEvents((event) => this.events.push(event)));
    this.hear(this.dialect.greeting());
  }

  /** The client sends messages of its own. */
  ask(messages: readonly string[]): void {
    for (const message of messages) {
      const { answers, opens = [] } = this.dialect.receive(message, this.served);
      this.hear(answers);
      for (const symbol of opens) this.hear(this.dialect.opening(this.served.get(symbol)!));
    }
  }

  subscribe(): void {
    this.ask(this.venue.connection!.subscribe([this.instrument.symbol], 1));
  }

  /** Something happens at the venue. */
  happen(event: MarketEvent): void {
    this.instrument.book.apply(event);
    this.hear(this.dialect.say(event, this.instrument));
  }

  hear(messages: readonly string[]): void {
    for (const text of messages) {
      const frame: Frame = { at: (this.#at += 1_000), kind: 'message', text };
      this.frames.push(frame);
      void this.#mapper.accept(frame, this.source);
    }
  }
}

/** What of an event a feed carries: all but our own times and what we found of checksums. */
export function carried({ type, version, data }: MarketEvent, withSequence: boolean): object {
  const { checksum, venueSeq, ...rest } = data as { readonly checksum?: unknown; readonly venueSeq?: number };
  expect(checksum, 'a checksum of the venue').to.not.equal('failed');
  return { type, version, data: withSequence ? { ...rest, venueSeq } : rest };
}

export interface StoryOptions {
  readonly instrument: string;
  readonly events: number;
  /** Venue times are multiples of this. */
  readonly grain: Micros;
  /** Whether book messages are numbered. */
  readonly withSequence: boolean;
}

/** A snapshot, then changes and trades at random, as a recording would tell them. */
export function randomStory(
  random: () => number,
  { instrument, events, grain, withSequence }: StoryOptions,
): MarketEvent[] {
  const below = (count: number): number => Math.floor(random() * count);
  const sides = [new Map<number, number>(), new Map<number, number>()] as const;
  const price = (side: 0 | 1): number => (side === 0 ? 1_000 - below(60) : 1_001 + below(60));
  const texts = (levels: Iterable<readonly [number, number]>): LevelText[] =>
    [...levels].map(([at, lots]) => [formatScaled(at, 2), formatScaled(lots, 8)] as const);
  let venueAt = START;
  let venueSeq = 1 + below(1_000_000);
  const data = (
    bids: LevelText[],
    asks: LevelText[],
  ): MarketEvent['data'] & { bids: LevelText[]; asks: LevelText[] } => ({
    instrument,
    venueAt,
    ...(withSequence ? { venueSeq } : {}),
    bids,
    asks,
  });
  const change = (side: 0 | 1): LevelText[] => {
    const changes = new Map<number, number>();
    for (let count = below(4); count > 0; count--)
      changes.set(price(side), random() < 0.4 ? 0 : 1 + below(1_000_000_000));
    for (const [at, lots] of changes)
      if (lots === 0) sides[side].delete(at);
      else sides[side].set(at, lots);
    return texts(changes);
  };
  const story: MarketEvent[] = [];
  for (let index = 0; index < events; index++) {
    venueAt += grain * below(5_000);
    const at = venueAt + 20_000;
    const kind = index === 0 ? 1 : random();
    if (kind > 0.98) {
      for (const side of [0, 1] as const) {
        sides[side].clear();
        for (let count = 12 + below(20); count > 0; count--) sides[side].set(price(side), 1 + below(1_000_000_000));
      }
      venueSeq += 1 + below(50);
      const [bids, asks] = [sort(sides[0], -1), sort(sides[1], 1)];
      story.push({ type: 'BookSnapshot', version: 1, at, data: data(texts(bids), texts(asks)) });
    } else if (kind > 0.2) {
      const [bids, asks] = [change(0), change(1)];
      if (bids.length + asks.length > 0) venueSeq += 1 + below(50);
      story.push({ type: 'BookDelta', version: 1, at, data: data(bids, asks) });
    } else {
      const trades = Array.from({ length: 1 + below(3) }, (_, extra): Trade => ({
        side: random() < 0.5 ? 'buy' : 'sell',
        price: formatScaled(price(0), 2),
        quantity: formatScaled(1 + below(1_000_000), 8),
        tradeId: 1_000 + 4 * index + extra,
      }));
      story.push({ type: 'Traded', version: 1, at, data: { instrument, venueAt, trades } });
    }
  }
  return story;
}

const sort = (side: ReadonlyMap<number, number>, sign: 1 | -1): (readonly [number, number])[] =>
  [...side].sort(([a], [b]) => sign * (a - b));
