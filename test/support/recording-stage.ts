import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '../../adapters/clock/manual-clock.js';
import {
  record,
  type RecordedFeed,
  type RecordingEnd,
  type RecordedSession,
  type RecordOptions,
} from '../../adapters/recordings/recorder/record.js';
import type { FrameTap } from '../../adapters/venues/connection/ports.js';
import type { MarketFeed } from '../../core/ports.js';
import { MICROS, type EpochMicros } from '../../core/time.js';
import { START } from './mini-recording.js';
import { TappedVenue } from './tapped-venue.js';

/** A recorder on a stage: its folder, a clock that only we move, feeds that we speak for. */
export class RecordingStage {
  clock = manualClock(START);
  readonly progress: Parameters<NonNullable<RecordOptions['onFlush']>>[0][] = [];
  readonly left: string[] = [];
  #folder = '';
  #stopping = new AbortController();
  #done: ReturnType<typeof record> | undefined;
  /** The recorder has ended by itself. */
  isOver = false;

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'reprise-recorder-'));
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  path(name = ''): string {
    return join(this.#folder, name);
  }

  /** Begins to record. Resolves when the feeds are being pulled. */
  async start(feeds: readonly MarketFeed[], options: Partial<RecordOptions> = {}): Promise<void> {
    this.clock = manualClock(START);
    this.#stopping = new AbortController();
    this.progress.length = 0;
    this.#done = record({
      out: this.path('s'),
      engineVersion: 'test',
      clock: this.clock,
      hostClock: this.clock,
      open: (tapOf) => Promise.resolve(feeds.map((feed) => this.#tapped(feed, tapOf))),
      signal: this.#stopping.signal,
      onFlush: (flushed) => this.progress.push(flushed),
      onLeft: ({ folder }) => this.left.push(folder),
      ...options,
    });
    this.isOver = false;
    this.#done.then(
      () => (this.isOver = true),
      () => (this.isOver = true), // it comes to light in `ended`
    );
    await this.#settled();
  }

  /** Lets time pass, as many rounds of the recorder as fit. */
  async pass(to: EpochMicros): Promise<void> {
    const ROUND = 50 * MICROS.ms;
    for (let at = this.clock.now() + ROUND; at < to; at += ROUND) await this.#to(at);
    await this.#to(to);
  }

  /** Lets time pass while the recorder waits for something else. */
  advanceUnsettled(to: EpochMicros): Promise<void> {
    return this.clock.advance(to);
  }

  /** Ctrl-C, and what came of it. */
  async stop(): Promise<{ sessions: readonly RecordedSession[]; end: RecordingEnd }> {
    this.#stopping.abort();
    return this.ended();
  }

  /** What came of it, once it ends by itself. */
  async ended(): Promise<{ sessions: readonly RecordedSession[]; end: RecordingEnd }> {
    while (!this.isOver) {
      if (this.clock.waiting > 0) await this.clock.advance(this.clock.now() + 50 * MICROS.ms);
      await turn();
    }
    return this.#done!;
  }

  async #to(at: EpochMicros): Promise<void> {
    await this.clock.advance(at);
    await this.#settled();
  }

  /** Until the recorder waits for its clock again, or is over. */
  async #settled(): Promise<void> {
    for (let turns = 0; turns < 3 || (this.clock.waiting === 0 && !this.isOver); turns++) await turn();
  }

  #tapped(feed: MarketFeed, tapOf: (venue: string) => FrameTap): RecordedFeed {
    if (!(feed instanceof TappedVenue)) return { feed };
    const tap = tapOf(feed.instruments[0]!.instrument.split('@')[1]!);
    feed.tap = tap;
    return { feed, tap };
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
