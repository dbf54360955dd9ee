import { manualClock } from '../../adapters/clock/manual-clock.js';
import { openVenueFeed } from '../../adapters/venues/connection/open.js';
import type { FrameTap } from '../../adapters/venues/connection/ports.js';
import { LOOPBACK_ENDPOINTS, loopbackRest, loopbackSockets } from '../../adapters/venues/loopback/in-process.js';
import { LoopbackVenue, type LoopbackOptions } from '../../adapters/venues/loopback/loopback-venue.js';
import type { Venue } from '../../adapters/venues/venue.js';
import { Engine } from '../../core/engine/engine.js';
import { NO_LEVEL } from '../../core/market/book.js';
import { Side } from '../../core/market/columns.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import { pow10 } from '../../core/market/increments.js';
import type { Market } from '../../core/market/market.js';
import type { Trust } from '../../core/market/trust.js';
import { MICROS, type Micros } from '../../core/time.js';
import { pass, passUntil, recordingOf, turns } from './loopback.js';
import { run } from './market.js';
import { START } from './mini-recording.js';

export interface TrialOptions extends Partial<Omit<LoopbackOptions, 'venue' | 'clock' | 'recording'>> {
  readonly venue: Venue;
  /** What the venue plays, its instruments under the venue's name. */
  readonly events: readonly MarketEvent[];
  /** How long the feed is left alone behind the recording, so that it can mend what is broken. */
  readonly mending?: Micros;
  readonly tap?: FrameTap;
}

export interface Trial {
  readonly events: readonly MarketEvent[];
  readonly definitions: readonly InstrumentDefinition[];
  /** What the feed told whoever runs it. */
  readonly told: readonly string[];
  readonly loopback: LoopbackVenue;
}

/** A live feed of a venue against its loopback venue, in this process and by a clock that only we move. */
export async function trial({ venue, events, mending = 2 * MICROS.m, tap, ...more }: TrialOptions): Promise<Trial> {
  const clock = manualClock(START);
  const recording = recordingOf(events);
  const loopback = new LoopbackVenue({ speed: 1, waitFor: 'all', atEnd: 'stay', ...more, venue, recording, clock });
  const stopping = new AbortController();
  const told: string[] = [];
  const opening = openVenueFeed(
    {
      venue,
      symbols: [...loopback.books.bySymbol.keys()],
      endpoints: LOOPBACK_ENDPOINTS,
      sockets: loopbackSockets(loopback, clock),
      rest: loopbackRest(loopback, clock),
      clock,
      jitter: () => 0,
      tell: (sentence) => told.push(sentence),
      ...(tap === undefined ? {} : { tap }),
    },
    stopping.signal,
  );
  const feed = await passUntil(clock, opening);
  const heard: MarketEvent[] = [];
  const watching = (async () => {
    for await (const batch of feed.watch(stopping.signal)) heard.push(...batch);
  })();
  const span = (recording.to - recording.from) / (more.speed ?? 1);
  await pass(clock, clock.now() + span + 5 * MICROS.s, 50 * MICROS.ms);
  await pass(clock, clock.now() + mending, 500 * MICROS.ms);
  stopping.abort();
  await turns();
  await watching;
  await loopback.close();
  return { events: heard, definitions: feed.instruments, told, loopback };
}

/** What an engine knows of one book after an event. */
export interface Folded {
  readonly event: MarketEvent;
  readonly trust: Trust;
  /** A mark that equal books share and others do not. */
  readonly book: number;
}

/**
 * Folds events one by one, as an engine would live, and tells each instrument's book after each.
 *
 * @param guarded  best levels a side that its mark is made of
 */
export function* folded(
  definitions: readonly InstrumentDefinition[],
  events: readonly MarketEvent[],
  guarded: number,
): Generator<Folded> {
  const engine = new Engine(() => undefined);
  const encoder = new ColumnEncoder();
  let seq = 1;
  engine.fold({ market: encoder.take(), others: [{ ...run(), seq } as never] });
  const fold = (event: MarketEvent): void => {
    encoder.add(++seq, event);
    engine.fold({ market: encoder.lend(), others: [] });
  };
  for (const data of definitions) fold({ type: 'InstrumentDefined', version: 1, at: START, data });
  const marks = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'InstrumentDefined') continue;
    fold(event);
    const { instrument } = event.data;
    const market = engine.markets.get(instrument)!;
    if (event.type !== 'Traded') marks.set(instrument, markOf(market, guarded));
    yield { event, trust: market.effectiveTrust(), book: marks.get(instrument) ?? 0 };
  }
}

/** Decimal places in which books that are counted differently are compared. */
const PLACES = 9;

/** 52 bits that follow from every price and size of a book (a sum of products, modulo two primes). */
function markOf({ book, units }: Market, guarded: number): number {
  let high = 1;
  let low = 1;
  const mix = (value: number): void => {
    high = (high * 31_337 + (value % 67_108_859)) % 67_108_859;
    low = (low * 65_599 + (value % 67_108_837)) % 67_108_837;
  };
  for (const side of [Side.bid, Side.ask]) {
    let level = 0;
    for (let price = book.best(side); price !== NO_LEVEL && level < guarded; price = book.next(side, price), level++) {
      mix(price * pow10(PLACES - units.priceScale));
      mix(book.sizeAt(side, price) * pow10(PLACES - units.sizeScale));
    }
    mix(level);
  }
  return high * 67_108_864 + low;
}
