import { eventOf, messages } from '../../../core/market/column-codec.js';
import type { BookDelta, BookSnapshot, MarketEvent } from '../../../core/market/events.js';
import type { Recording } from '../../../core/ports.js';
import type { Micros } from '../../../core/time.js';
import { isBookEvent } from './served.js';

/** Events that are looked at ahead. */
const MOST_AHEAD = 10_000;

/**
 * A recording's market events, one after the other, with a look at those that come next. A book that starts empty has an
 * empty snapshot put before its first message, because a venue knows all of its books.
 */
export class Upcoming {
  readonly #events: AsyncGenerator<MarketEvent>;
  readonly #ahead: MarketEvent[] = [];

  constructor(recording: Recording) {
    this.#events = eventsOf(recording);
  }

  /** @returns undefined at the end */
  async next(): Promise<MarketEvent | undefined> {
    return this.#ahead.shift() ?? (await this.#read());
  }

  /** Takes out the messages of a snapshot's book and instant that stand behind it: on the line they came before it. */
  async heldBy(snapshot: BookSnapshot): Promise<BookDelta[]> {
    const held: BookDelta[] = [];
    for (let index = 0; ;) {
      const event = await this.#peek(index);
      if (event === undefined || event.at !== snapshot.at) return held;
      if (isOf(snapshot, event)) held.push(...(this.#ahead.splice(index, 1) as BookDelta[]));
      else index++;
    }
  }

  /** Takes out the next message of a snapshot's book, where there is one within that time. */
  async nextOf(snapshot: BookSnapshot, within: Micros): Promise<BookDelta | undefined> {
    for (let index = 0; ; index++) {
      const event = await this.#peek(index);
      if (event === undefined || event.at > snapshot.at + within) return undefined;
      if (isOf(snapshot, event)) return this.#ahead.splice(index, 1)[0] as BookDelta;
      if (event.data.instrument === snapshot.data.instrument && event.type !== 'Traded') return undefined;
    }
  }

  /** The event that comes so many behind the next one. */
  async #peek(index: number): Promise<MarketEvent | undefined> {
    while (this.#ahead.length <= index && index < MOST_AHEAD) {
      const read = await this.#read();
      if (read === undefined) return undefined;
      this.#ahead.push(read);
    }
    return this.#ahead[index];
  }

  async close(): Promise<void> {
    await this.#events.return(undefined);
  }

  async #read(): Promise<MarketEvent | undefined> {
    const next = await this.#events.next();
    return next.done === true ? undefined : next.value;
  }
}

/** The first book of an instrument that the recording knows; undefined where there is none. */
export async function firstBook(recording: Recording, instrument: string): Promise<BookSnapshot | undefined> {
  for await (const event of eventsOf(recording))
    if (event.type === 'BookSnapshot' && event.data.instrument === instrument) return event;
  return undefined;
}

const isOf = ({ data: { instrument } }: BookSnapshot, event: MarketEvent): boolean =>
  event.type === 'BookDelta' && event.data.instrument === instrument;

async function* eventsOf(recording: Recording): AsyncGenerator<MarketEvent> {
  const empty = new Set<string>();
  for (const { instrument, startsEmpty } of recording.instruments) if (startsEmpty === true) empty.add(instrument);
  const numbers = new Map<string, number>();
  for await (const { market } of recording.inputs())
    for (const { from, to } of messages(market)) {
      const read = eventOf(market, from, to);
      const event = isBookEvent(read) ? numbered(read, numbers) : read;
      if (event.type === 'BookDelta' && empty.delete(event.data.instrument)) yield emptyBefore(event);
      yield event;
    }
}

/** A book message with a number, also where its recording has none: one more than the message before it. */
function numbered<T extends BookSnapshot | BookDelta>(event: T, numbers: Map<string, number>): T {
  const { instrument, venueSeq = (numbers.get(instrument) ?? 0) + 1 } = event.data;
  numbers.set(instrument, venueSeq);
  return event.data.venueSeq === undefined ? { ...event, data: { ...event.data, venueSeq } } : event;
}

function emptyBefore({ at, data: { instrument, venueSeq } }: BookDelta): BookSnapshot {
  return {
    type: 'BookSnapshot',
    version: 1,
    at,
    data: { instrument, venueSeq: Math.max(venueSeq! - 1, 0), bids: [], asks: [] },
  };
}
