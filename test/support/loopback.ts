import { setImmediate } from 'node:timers/promises';
import type { ManualClock } from '../../adapters/clock/manual-clock.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import { VENUES } from '../../adapters/venues/venues.js';
import type { InstrumentDefined, InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import type { Recording } from '../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../core/time.js';
import { START } from './mini-recording.js';

/** Events as a recording, in batches of a few. */
export function recordingOf(
  events: readonly MarketEvent[],
  span: { from?: EpochMicros; to?: EpochMicros } = {},
): Recording {
  const instruments: InstrumentDefinition[] = [];
  for (const { type, data } of events) if (type === 'InstrumentDefined') instruments.push(data);
  return {
    instruments,
    from: span.from ?? events[0]!.at,
    to: span.to ?? events.at(-1)!.at,
    async *inputs() {
      const encoder = new ColumnEncoder();
      for (const [index, event] of events.entries()) {
        encoder.add(index + 1, event);
        if (index % 500 === 499) yield await Promise.resolve({ market: encoder.take(), others: [] });
      }
      yield { market: encoder.take(), others: [] };
    },
  };
}

export interface SampleAs {
  /** `SYMBOL@venue` each, up to four: these take the place of the sample market's instruments. */
  readonly instruments: readonly string[];
  readonly seed?: number;
  readonly duration?: Micros;
  readonly messagesPerSecond?: number;
  readonly gapsPerHour?: number;
}

const SAMPLES = ['BTC-USD@sample', 'ETH-USD@sample', 'BTC-PERP@sample', 'ETH-PERP@sample'];

/** Events of the sample market as if they were another venue's, one trade in each message of trades. */
export function sampleAs({ instruments, seed = 7, duration = 20 * MICROS.s, ...more }: SampleAs): MarketEvent[] {
  const names = new Map(instruments.map((name, index) => [SAMPLES[index]!, name]));
  const events: MarketEvent[] = [];
  for (const event of generateSample({ seed, from: START, duration, instruments: [...names.keys()], ...more })) {
    const instrument = names.get(event.data.instrument)!;
    const renamed = { ...event, data: { ...event.data, instrument } } as MarketEvent;
    events.push(...apart(renamed.type === 'InstrumentDefined' ? asDescribed(renamed) : renamed));
  }
  return events;
}

/** An instrument that is what its venue says of its symbol. */
function asDescribed(event: InstrumentDefined): InstrumentDefined {
  const [symbol = '', venue = ''] = event.data.instrument.split('@');
  return { ...event, data: { ...event.data, ...VENUES.get(venue)?.describe?.(symbol) } };
}

/** A message of several trades as several of one. */
export function apart(event: MarketEvent): MarketEvent[] {
  if (event.type !== 'Traded') return [event];
  return event.data.trades.map((trade) => ({ ...event, data: { ...event.data, trades: [trade] } }));
}

/** Moves a clock on so slowly that whatever takes several turns without a wait is done in time. */
export async function pass(clock: ManualClock, to: EpochMicros, step: Micros = 10 * MICROS.ms): Promise<void> {
  await turns();
  while (clock.now() < to) {
    await clock.advance(Math.min(clock.now() + step, to));
    await turns(4);
  }
}

/** Moves a clock on until something has come of it, two minutes at the most. */
export async function passUntil<T>(clock: ManualClock, what: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const settle = (): void => settled.abort();
  what.then(settle, settle);
  for (const until = clock.now() + 2 * MICROS.m; !settled.signal.aborted && clock.now() < until;)
    await pass(clock, clock.now() + 100 * MICROS.ms, 100 * MICROS.ms);
  if (!settled.signal.aborted) throw new Error('nothing came of it in two minutes');
  return what;
}

/** Lets others run that wait for nothing but their turn. */
export async function turns(count = 12): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

/** Market data without when we received them. */
export const withoutReceipt = (events: readonly MarketEvent[]): object[] =>
  events.map(({ type, data }) => ({ type, data }));

/** A snapshot as it comes over a REST that tells no time of the venue. */
export function untimed(event: MarketEvent): MarketEvent {
  if (event.type !== 'BookSnapshot') return event;
  const { venueAt: _, ...data } = event.data;
  return { ...event, data };
}
