import { capture, checkpointText } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from './encode-outcome.js';
import type { AnyOtherInput, RunSettings } from '../../core/engine/inputs.js';
import { DEFAULT_VENUE, type VenueSettings } from '../../core/desk/settings.js';
import type { Refusal } from '../../core/errors.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import {
  isMarketEvent,
  type InstrumentDefinition,
  type LevelText,
  type MarketEvent,
  type Trade,
} from '../../core/market/events.js';
import type { InputBatch, LogEvent, OtherInput } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { TwapParameters } from '../../core/orders/parameters.js';

/** 2024-01-01T00:00:00Z: where stories begin. */
export const T0 = 1_704_067_200_000_000;
export const BTC = 'BTC-USD@test';

export const SPOT: InstrumentDefinition = {
  instrument: BTC,
  kind: 'spot',
  base: 'BTC',
  quote: 'USD',
  settlement: 'USD',
  tickSize: '0.5',
  lotSize: '0.1',
  minQuantity: '0.1',
  minNotional: '0',
  multiplier: '1',
  rules: 'table',
  fees: { maker: '0', taker: '0.001' },
};

export const INVERSE: InstrumentDefinition = {
  ...SPOT,
  instrument: 'BTC-PERP@test',
  kind: 'inverse',
  settlement: 'BTC',
  tickSize: '0.5',
  lotSize: '1',
  minQuantity: '1',
  multiplier: '100',
};

/** One input without its seq: a market event, or any other. */
export type Happening = MarketEvent | AnyOtherInput;

export const defined = (definition: InstrumentDefinition = SPOT, at: EpochMicros = T0): MarketEvent => ({
  type: 'InstrumentDefined',
  version: 1,
  at,
  data: definition,
});

export const snapshot = (
  at: EpochMicros,
  bids: readonly LevelText[],
  asks: readonly LevelText[],
  instrument = BTC,
): MarketEvent => ({ type: 'BookSnapshot', version: 1, at, data: { instrument, bids, asks } });

export const delta = (
  at: EpochMicros,
  bids: readonly LevelText[],
  asks: readonly LevelText[],
  instrument = BTC,
): MarketEvent => ({ type: 'BookDelta', version: 1, at, data: { instrument, bids, asks } });

export const traded = (at: EpochMicros, trade: Trade, instrument = BTC): MarketEvent => ({
  type: 'Traded',
  version: 1,
  at,
  data: { instrument, trades: [trade] },
});

export const interrupted = (at: EpochMicros, reason = 'gap', instrument = BTC): MarketEvent => ({
  type: 'FeedInterrupted',
  version: 1,
  at,
  data: { instrument, reason },
});

export const resumed = (at: EpochMicros, trust: 'trusted' | 'partial' = 'trusted', instrument = BTC): MarketEvent => ({
  type: 'FeedResumed',
  version: 1,
  at,
  data: { instrument, trust },
});

export const ticked = (at: EpochMicros): AnyOtherInput => ({ type: 'ClockTicked', version: 1, at, data: {} });

export const run = (
  venue: Partial<VenueSettings> = {},
  options: { readonly at?: EpochMicros; readonly live?: boolean; readonly settings?: Partial<RunSettings> } = {},
): AnyOtherInput => ({
  type: 'RunStarted',
  version: 1,
  at: options.at ?? T0,
  data: {
    engineVersion: 'test',
    live: options.live ?? false,
    firstSeq: 1,
    settings: { venue: { ...DEFAULT_VENUE, ...venue }, seed: 1, ...options.settings },
  },
});

export const submitted = (at: EpochMicros, parameters: Partial<TwapParameters>, orderId = 'o1'): AnyOtherInput => ({
  type: 'SubmitTwap',
  version: 1,
  at,
  data: { orderId, instrument: BTC, account: 'default', side: 'buy', ...parameters },
});

export const commanded = (
  at: EpochMicros,
  type: 'StartOrder' | 'PauseOrder' | 'ResumeOrder' | 'StopOrder' | 'CancelOrder',
  orderId = 'o1',
): AnyOtherInput => ({ type, version: 1, at, data: { orderId, account: 'default' } });

export const amendedWith = (at: EpochMicros, changes: object, orderId = 'o1'): AnyOtherInput => ({
  type: 'AmendOrder',
  version: 1,
  at,
  data: { orderId, account: 'default', changes },
});

export const opened = (
  at: EpochMicros,
  account: string,
  balances?: { readonly [currency: string]: string },
): AnyOtherInput => ({
  type: 'AccountOpened',
  version: 1,
  at,
  data: balances === undefined ? { account } : { account, balances },
});

/** The instant so many seconds into the story. */
export const at = (seconds: number): EpochMicros => T0 + seconds * 1_000_000;
/** A tick at each of these seconds of the story. */
export const ticks = (...seconds: readonly number[]): AnyOtherInput[] => seconds.map((each) => ticked(at(each)));

export const BIDS: readonly LevelText[] = [
  ['100', '5'],
  ['99.5', '5'],
];
export const ASKS: readonly LevelText[] = [
  ['101', '1'],
  ['101.5', '2'],
  ['102', '10'],
];
/** How most stories begin: a run, an instrument, and a second later its book. */
export const begun = (
  venue: Partial<VenueSettings> = {},
  options: {
    readonly definition?: InstrumentDefinition;
    readonly live?: boolean;
    readonly settings?: Partial<RunSettings>;
  } = {},
): Happening[] => {
  const { definition = SPOT, ...rest } = options;
  return [run(venue, rest), defined(definition), snapshot(at(1), BIDS, ASKS, definition.instrument)];
};

/** Inputs as batches of `size` inputs each, numbered from `firstSeq`. */
export function batchesOf(inputs: readonly Happening[], size = Infinity, firstSeq = 1): InputBatch[] {
  const batches: InputBatch[] = [];
  const encoder = new ColumnEncoder();
  for (let i = 0; i < inputs.length; i += size) {
    const others: OtherInput[] = [];
    inputs.slice(i, i + size).forEach((input, j) => {
      const seq = firstSeq + i + j;
      if (isMarketEvent(input)) encoder.add(seq, input);
      else others.push({ ...input, seq } as unknown as OtherInput);
    });
    batches.push({ market: encoder.take(), others });
  }
  return batches;
}

/** Folds inputs in one go and gives what was concluded, as it would stand in the log. */
export function fold(
  inputs: readonly Happening[],
  options: { readonly batchSize?: number; readonly until?: EpochMicros } = {},
): { engine: Engine; outcomes: LogEvent[] } {
  const outcomes: LogEvent[] = [];
  const engine = new Engine((concluded) => outcomes.push(encodeOutcome(concluded)));
  for (const batch of batchesOf(inputs, options.batchSize)) engine.fold(batch);
  if (options.until !== undefined) engine.passTo(options.until);
  return { engine, outcomes };
}

/** An engine's whole state as the text that its hash is taken over. */
export const stateText = (engine: Engine): string => [...checkpointText(capture(engine))].join('');

/** When outcomes of a type happened, in seconds of the story. */
export const times = (outcomes: readonly LogEvent[], type: string): number[] =>
  outcomes.filter((outcome) => outcome.type === type).map((outcome) => (outcome.at - T0) / 1_000_000);
/** The refusal in the one outcome that has one. */
export function refusalIn(outcomes: readonly LogEvent[]): Refusal {
  const refusals = outcomes.flatMap(({ data }) => (data as { refusal?: Refusal }).refusal ?? []);
  if (refusals.length !== 1) throw new Error(`${refusals.length} refusals, not one: ${JSON.stringify(outcomes)}`);
  return refusals[0]!;
}

/** The types of outcomes, for stories that only need their order. */
export const types = (outcomes: readonly LogEvent[]): string[] => outcomes.map(({ type }) => type);
/** The data of all outcomes of one type. */
export const of = (outcomes: readonly LogEvent[], type: string): Record<string, unknown>[] =>
  outcomes.filter((outcome) => outcome.type === type).map((outcome) => outcome.data as Record<string, unknown>);
