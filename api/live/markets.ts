import { basename } from 'node:path';
import { openSession } from '../../adapters/recordings/session/session.js';
import type { Clock } from '../../adapters/clock/clock.js';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { sampleFeed } from '../../adapters/venues/sample/feed.js';
import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';
import type { LeftAt } from '../../adapters/venues/sample/market.js';
import { sessionFeed } from '../../adapters/venues/session/feed.js';
import { followed, refuseIfAhead, type Followed } from '../../adapters/venues/session/resume.js';
import { SessionClock } from '../../adapters/venues/session/session-clock.js';
import { Decimal, plain } from '../../core/decimal.js';
import type { Engine } from '../../core/engine/engine.js';
import type { Refusal } from '../../core/errors.js';
import { NO_LEVEL } from '../../core/market/book.js';
import { Side } from '../../core/market/columns.js';
import type { MarketEvent } from '../../core/market/events.js';
import type { Market } from '../../core/market/market.js';
import { priceText } from '../../core/market/instrument.js';
import type { EventLog, LogEvent, MarketFeed } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import { MarketRefused, type MarketSpec, type SessionSpec } from './market-specs.js';
import { openVenues, type LiveNetwork } from './venue-feeds.js';

/** The market of a live run, opened: its clock, and its feeds once the engine knows where its log ends. */
export interface LiveMarket {
  readonly description: string;
  readonly clock: Clock;
  readonly feeds: (engine: Engine) => readonly MarketFeed[];
  /** The clock again, where it is that of a captured session. */
  readonly session?: SessionClock;
}

/** What a live run is opened with. */
export interface MarketOptions {
  readonly seed: number;
  readonly log: EventLog;
  readonly name: string;
  /** Clock of the engine whose log this market will feed, 0 for a new one. */
  readonly sofar: EpochMicros;
  readonly network: LiveNetwork;
}

/**
 * Opens the market of a live run. A log has one clock, so a session is served alone; venues and the sample market live in the
 * machine's time, side by side.
 *
 * @throws {MarketRefused} @throws {RecordingError} @throws {VenueUnreachable}
 */
export async function openMarket(specs: readonly MarketSpec[], options: MarketOptions): Promise<LiveMarket> {
  const session = specs.find((spec) => spec.kind === 'session');
  if (session === undefined) return machineMarket(specs, options);
  if (specs.length > 1) throw new MarketRefused('a session has a time of its own: serve it alone, with one --market');
  return sessionMarket(session, options);
}

async function machineMarket(specs: readonly MarketSpec[], { seed, network }: MarketOptions): Promise<LiveMarket> {
  const clock = systemClock();
  const venues = await openVenues(specs, clock, network);
  const hasSample = specs.some(({ kind }) => kind === 'sample');
  const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);
  const told = venues.map(({ venue, feed }) => `${venue} (${namesOf(feed)})`);
  return {
    description: [...told, ...(hasSample ? [`sample (${instruments.join(', ')}; seed ${seed})`] : [])].join(', '),
    clock,
    feeds: (engine) => {
      const sample = (): MarketFeed => sampleFeed({ seed, clock, instruments, resume: leftAt(engine, instruments) });
      return [...venues.map(({ feed }) => feed), ...(hasSample ? [sample()] : [])];
    },
  };
}

const namesOf = ({ instruments }: MarketFeed): string => instruments.map(({ instrument }) => instrument).join(', ');

/** Where each sample market was left: its last logged step, and the mid after it. */
function leftAt(engine: Engine, instruments: readonly string[]): Map<string, LeftAt> {
  const resume = new Map<string, LeftAt>();
  for (const name of instruments) {
    const market = engine.markets.get(name);
    const mid = market === undefined ? undefined : midText(market);
    if (market !== undefined && mid !== undefined) resume.set(name, { step: market.venueSeq, mid });
  }
  return resume;
}

function midText({ book, units }: Market): string | undefined {
  const bid = book.best(Side.bid);
  const ask = book.best(Side.ask);
  if (bid === NO_LEVEL || ask === NO_LEVEL) return undefined;
  return plain(new Decimal(priceText(bid, units)).add(priceText(ask, units)).div(2));
}

async function sessionMarket({ path, speed }: SessionSpec, { log, name, sofar }: MarketOptions): Promise<LiveMarket> {
  const recording = await openSession(path);
  const instruments = recording.instruments.map(({ instrument }) => instrument);
  const left = await lastFollowed(log, name, instruments);
  const refusal = refuseIfAhead(sofar === 0 ? undefined : sofar, recording, left);
  if (refusal !== undefined) throw new MarketRefused(sentence(refusal));
  const startAt = sofar > recording.from ? sofar : recording.from;
  const clock = new SessionClock({ startAt, speed, base: systemClock(), isLivedIn: true });
  return {
    description: `session ${basename(path)} ${speed === 'step' ? 'step by step' : `at speed ${speed}`} (${instruments.join(', ')})`,
    clock,
    session: clock,
    feeds: () => [sessionFeed({ recording, clock, ...(left === undefined ? {} : { resumeAfter: left }) })],
  };
}

const sentence = ({ where, what, mend }: Refusal): string => `${where}: ${what}; ${mend}`;

/** How far a log has followed a session: told by the messages of the last hour that has any. */
async function lastFollowed(
  log: EventLog,
  name: string,
  instruments: readonly string[],
): Promise<Followed | undefined> {
  const streams: string[] = [];
  for (const instrument of instruments)
    for await (const { stream } of log.rolls(`${name}market-${instrument}-`)) streams.push(stream);
  const lastHour = streams.map(hour).sort().at(-1);
  if (lastHour === undefined) return undefined;
  const events: LogEvent[] = [];
  for (const stream of streams.filter((candidate) => hour(candidate) === lastHour))
    for await (const page of log.readStream(stream))
      for (const { event } of page) if (event.seq !== undefined) events.push(event);
  events.sort((a, b) => a.seq! - b.seq!);
  return events.reduce<Followed | undefined>(
    (before, event) => followed(before, event as unknown as MarketEvent),
    undefined,
  );
}

const hour = (stream: string): string => stream.slice(-10);
