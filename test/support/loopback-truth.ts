import { expect } from 'chai';
import type { MarketEvent } from '../../core/market/events.js';
import type { Trust } from '../../core/market/trust.js';
import { folded, type Trial } from './loopback-trial.js';

/**
 * Holds what a feed gave against what its venue played: a book that is trusted is always one that the venue had, never one
 * of before the last, and at the end the venue's last one where the recording knows it.
 *
 * @param recorded  what the venue played
 * @param guarded   best levels a side that are compared
 */
export function expectTruth({ definitions, events }: Trial, recorded: readonly MarketEvent[], guarded: number): void {
  const truth = new Map<string, number[]>();
  const known = new Map<string, boolean>();
  for (const { event, trust, book } of folded(definitions, recorded, guarded)) {
    const books = truth.get(event.data.instrument) ?? [];
    if (books.at(-1) !== book) books.push(book);
    truth.set(event.data.instrument, books);
    // a snapshot that no message follows is one that nothing makes a client ask for, where it comes over REST
    const isShown =
      event.type !== 'BookSnapshot' && (event.type !== 'Traded' || known.get(event.data.instrument) !== false);
    known.set(event.data.instrument, trust === 'trusted' && isShown);
  }
  const reached = new Map<string, number>();
  const last = new Map<string, number | Trust>();
  let index = 0;
  for (const { event, trust, book } of folded(definitions, events, guarded)) {
    index++;
    const { instrument } = event.data;
    last.set(instrument, trust === 'trusted' ? book : trust);
    if (trust !== 'trusted') continue;
    const books = truth.get(instrument)!;
    const at = books.indexOf(book, reached.get(instrument) ?? 0);
    if (at < 0)
      expect.fail(
        `behind event ${index} (${event.type}) the trusted book of ${instrument} ` +
          (books.includes(book) ? 'is one that the venue had long before' : 'is none that the venue ever had'),
      );
    reached.set(instrument, at);
  }
  for (const [instrument, books] of truth)
    if (known.get(instrument) === true)
      expect(last.get(instrument), `the last book of ${instrument}`).to.equal(books.at(-1));
}

/** Why books lost their trust, in order and each once, where the same reason follows itself. */
export function reasonsIn(events: readonly MarketEvent[]): string[] {
  const reasons: string[] = [];
  for (const event of events)
    if (event.type === 'FeedInterrupted' && reasons.at(-1) !== event.data.reason) reasons.push(event.data.reason);
  return reasons;
}
