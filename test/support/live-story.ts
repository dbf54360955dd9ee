import type { Frame, Venue } from '../../adapters/venues/venue.js';
import { START, story } from './mini-recording.js';
import { FoldedFeed } from './venue-fuzz.js';

/** A frame: milliseconds after `START`, what came, and for a REST reply its request's address. */
export type Came = readonly [afterMs: number, message: object | string, url?: string];

/** A venue's mapper on a live line, told as a story. */
export class LiveStory {
  readonly feed: FoldedFeed;
  #told = 0;

  constructor(venue: Venue) {
    this.feed = new FoldedFeed((sink) => venue.newMapper(sink));
  }

  /** Snapshots that were asked for since the last look. */
  asked(): string[] {
    return this.feed.source.asked.splice(0);
  }

  /** What events come of these frames, one after another. */
  async tell(...came: readonly Came[]): Promise<string[]> {
    for (const one of came) await this.feed.mapper.accept(frameOf(one), this.feed.source);
    return this.since();
  }

  interrupt(afterMs: number, reason: string, symbols?: readonly string[]): string[] {
    this.feed.mapper.interrupt(this.feed.source, START + afterMs * 1_000, reason, 'a test says so', symbols);
    return this.since();
  }

  /** Events since the last look. */
  since(): string[] {
    const events = this.feed.events.slice(this.#told);
    this.#told = this.feed.events.length;
    return story(events);
  }
}

export function frameOf([afterMs, message, url]: Came): Frame {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return {
    at: START + afterMs * 1_000,
    kind: url === undefined ? 'message' : 'reply',
    text,
    ...(url === undefined ? {} : { url }),
  };
}
