import { openSession } from '../../adapters/recordings/session/session.js';
import type { RecordedFeed } from '../../adapters/recordings/recorder/record.js';
import type { Clock } from '../../adapters/clock/clock.js';
import { systemClock } from '../../adapters/clock/system-clock.js';
import type { FrameTap } from '../../adapters/venues/connection/ports.js';
import { sampleFeed } from '../../adapters/venues/sample/feed.js';
import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';
import { sessionFeed } from '../../adapters/venues/session/feed.js';
import { SessionClock } from '../../adapters/venues/session/session-clock.js';
import { MarketRefused, type MarketSpec } from './market-specs.js';
import { openVenues, type LiveNetwork } from './venue-feeds.js';

/** The markets of a recording: their time, and how their feeds are opened. */
export interface RecordedMarkets {
  readonly clock: Clock;
  readonly open: (tapOf: (venue: string) => FrameTap) => Promise<readonly RecordedFeed[]>;
}

/** @throws {MarketRefused} @throws {RecordingError}; opening its feeds, @throws {MarketRefused} @throws {VenueUnreachable} */
export async function recordedMarkets(
  specs: readonly MarketSpec[],
  seed: number,
  network: LiveNetwork,
): Promise<RecordedMarkets> {
  const session = specs.find((spec) => spec.kind === 'session');
  if (session !== undefined) {
    if (specs.length > 1)
      throw new MarketRefused('a session has a time of its own: record it alone, with one --market');
    const { speed, path } = session;
    if (speed === 'step') throw new MarketRefused('a session that stands still cannot be recorded: name a speed');
    const recording = await openSession(path);
    const clock = new SessionClock({ startAt: recording.from, speed, base: systemClock(), isLivedIn: false });
    return { clock, open: () => Promise.resolve([{ feed: sessionFeed({ recording, clock }) }]) };
  }
  const clock = systemClock();
  const hasSample = specs.some(({ kind }) => kind === 'sample');
  const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);
  return {
    clock,
    open: async (tapOf) => [
      ...(await openVenues(specs, clock, network, tapOf)).map(({ feed, tap }) => ({ feed, tap: tap! })),
      ...(hasSample ? [{ feed: sampleFeed({ seed, clock, instruments }) }] : []),
    ],
  };
}
