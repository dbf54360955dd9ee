import type { FeedInterrupted, InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { KnownBook } from '../../venues/session/known-book.js';

interface Followed {
  definition: InstrumentDefinition;
  readonly book: KnownBook;
  /** The last interruption, until the book is known again. */
  interrupted?: FeedInterrupted['data'] | undefined;
}

/** What a recording knows of each instrument, so that a part of it can begin in the middle and stand alone. */
export class FollowedBooks {
  readonly #instruments = new Map<string, Followed>();

  apply(event: MarketEvent): void {
    const { instrument } = event.data;
    const known = this.#instruments.get(instrument);
    if (event.type === 'InstrumentDefined') {
      if (known === undefined) {
        const book = new KnownBook(instrument, event.data.startsEmpty === true);
        this.#instruments.set(instrument, { definition: event.data, book });
      } else known.definition = event.data;
      return;
    }
    if (known === undefined) return;
    known.book.apply(event);
    if (event.type === 'FeedInterrupted') known.interrupted = event.data;
    else if (event.type === 'BookSnapshot' || event.type === 'FeedResumed') known.interrupted = undefined;
  }

  get definitions(): InstrumentDefinition[] {
    return [...this.#instruments.values()].map(({ definition }) => definition);
  }

  /**
   * What a part says first: what each instrument is, and its book. A book that is trusted comes as a snapshot. One that is not
   * comes as its interruption and then as a change, which gives it no trust, but lets a silence end later as it will; and so
   * does one that began without a snapshot.
   */
  head(at: EpochMicros): MarketEvent[] {
    const followed = [...this.#instruments.values()];
    return [
      ...followed.map(({ definition }): MarketEvent => ({
        type: 'InstrumentDefined',
        version: 1,
        at,
        data: definition,
      })),
      ...followed.flatMap((one) => bookOf(one, at)),
    ];
  }
}

function bookOf({ definition, book, interrupted }: Followed, at: EpochMicros): MarketEvent[] {
  const { instrument } = definition;
  const told = book.toldAt(at);
  if (told?.type === 'BookSnapshot') return [told];
  const events: MarketEvent[] = [];
  if (interrupted !== undefined) {
    const { reason, detail } = interrupted;
    const data = { instrument, reason, ...(detail === undefined ? {} : { detail }) };
    events.push({ type: 'FeedInterrupted', version: 1, at, data });
  }
  const levels = book.levels();
  if (levels.bids.length + levels.asks.length > 0)
    events.push({ type: 'BookDelta', version: 1, at, data: { instrument, ...levels } });
  if (told !== undefined && definition.startsEmpty !== true) events.push(told);
  return events;
}
