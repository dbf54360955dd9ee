import { isMarketEvent } from '../../core/market/events.js';
import { hourOf, type EpochMicros } from '../../core/time.js';

/** How every stream of an engine's log begins; one name per engine that shares a store. */
export const DEFAULT_LOG_NAME = 'reprise.';

/** Where runs begin and end. */
export const RUNS = 'runs';

/**
 * The stream that an input belongs to (docs/log.md), without the log's name. Market and clock streams roll by the
 * hour, so that retention drops whole streams.
 */
export function streamOfInput(input: {
  readonly type: string;
  readonly at: EpochMicros;
  readonly data: unknown;
}): string {
  const data = input.data as { instrument?: string; orderId?: string; account?: string };
  if (isMarketEvent(input)) return `market-${data.instrument ?? ''}-${hourOf(input.at)}`;
  switch (input.type) {
    case 'ClockTicked':
      return `clock-${hourOf(input.at)}`;
    case 'RunStarted':
      return RUNS;
    case 'AccountOpened':
    case 'FundsDeposited':
    case 'LimitsSet':
      return `account-${data.account ?? ''}`;
    default:
      return `order-${data.orderId ?? ''}`;
  }
}

/** How the streams of outcomes begin (docs/log.md): of an order, of a desk, of a market's trust. */
export const OUTCOME_STREAMS = ['execution-', 'desk-', 'trust-'] as const;

/** How every stream begins that a fold reads: inputs and outcomes, all but the checkpoints. */
export const FOLDED_STREAMS = [RUNS, 'market-', 'clock-', 'account-', 'order-', ...OUTCOME_STREAMS] as const;

/** Where checkpoints stand: a stream a day, so that old ones can be dropped. */
export const checkpointStream = (at: EpochMicros): string => `checkpoints-${hourOf(at).slice(0, 8)}`;
