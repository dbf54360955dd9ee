import { manualClock, type ManualClock } from '../../adapters/clock/manual-clock.js';
import { openVenueFeed, type VenueFeedOptions } from '../../adapters/venues/connection/open.js';
import type { Venue } from '../../adapters/venues/venue.js';
import type { MarketEvent } from '../../core/market/events.js';
import type { FeedStatus, MarketFeed } from '../../core/ports.js';
import { FakeNetwork, type FakeSocket } from './fake-venue.js';
import { START, story } from './mini-recording.js';

/** A venue's feed on a stage: a network that does as it is told, a clock that only we move, a reader that reads or not. */
export class FeedStage {
  readonly clock: ManualClock = manualClock(START);
  readonly network = new FakeNetwork(this.clock);
  readonly events: MarketEvent[] = [];
  /** What was told to whoever runs it. */
  readonly told: string[] = [];
  feed!: MarketFeed;
  readonly #stopping = new AbortController();
  #reading: Promise<void> | undefined;
  #next = 0;

  /** Opens the feed and reads it. */
  async open(venue: Venue, symbols: readonly string[], options: Partial<VenueFeedOptions> = {}): Promise<this> {
    await this.openUnread(venue, symbols, options);
    this.#reading = (async () => {
      for await (const events of this.feed.watch(this.#stopping.signal)) this.events.push(...events);
    })();
    await this.settle();
    return this;
  }

  async openUnread(venue: Venue, symbols: readonly string[], options: Partial<VenueFeedOptions> = {}): Promise<void> {
    const { clock, network } = this;
    this.feed = await openVenueFeed(
      {
        venue,
        symbols,
        clock,
        sockets: network,
        rest: network,
        jitter: () => 0,
        tell: (sentence) => this.told.push(sentence),
        ...options,
      },
      this.#stopping.signal,
    );
  }

  get socket(): FakeSocket {
    return this.network.socket;
  }

  get stop(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Moves the clock to so many milliseconds after the start. */
  async pass(afterMs: number): Promise<void> {
    await this.clock.advance(START + afterMs * 1_000);
    await this.settle();
  }

  /** Lets everything run that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What happened since it was asked last. */
  async heard(): Promise<string[]> {
    await this.settle();
    const events = this.events.slice(this.#next);
    this.#next = this.events.length;
    return story(events);
  }

  status(instrument: string): FeedStatus {
    return this.feed.status!(instrument)!;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
  }
}

/** Milliseconds after the start. */
export const after = (at: number): number => (at - START) / 1_000;
