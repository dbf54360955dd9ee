import type { LevelText, MarketEvent } from '../../core/market/events.js';
import type { EventLog } from '../../core/ports.js';
import type { BookIndex } from '../../replay/book-index.js';

/** A book by its levels as text, as a reader builds it who knows nothing of an engine. */
export interface PlainBookText {
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

/** Reads one stream of market data from its head: the book that stands there, and what that hour's messages made of it. */
export async function bookFromHead(log: EventLog, stream: string): Promise<PlainBookText> {
  const book: PlainBookText = { bids: new Map(), asks: new Map() };
  const set = (side: Map<string, string>, levels: readonly LevelText[]): void => {
    for (const [price, quantity] of levels)
      if (quantity === '0') side.delete(price);
      else side.set(price, quantity);
  };
  for await (const page of log.readStream(stream))
    for (const { event } of page) {
      if (event.type === 'BookSnapshot') {
        book.bids.clear();
        book.asks.clear();
      }
      if (!['BookIndexed', 'BookSnapshot', 'BookDelta'].includes(event.type)) continue;
      const { bids, asks } = event.data as unknown as BookIndex | (MarketEvent & { type: 'BookDelta' })['data'];
      set(book.bids, bids);
      set(book.asks, asks);
    }
  return book;
}

/** The same for the levels that an engine shows. */
export const plainBook = (view: {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}): PlainBookText => ({ bids: new Map(view.bids), asks: new Map(view.asks) });
