import type { PullReason, SkipReason } from '../outcomes.js';
import type { TwapParameters } from '../parameters.js';

/** What a reason's sentence may need. */
export interface Circumstances {
  readonly parameters: TwapParameters;
  readonly side: 'buy' | 'sell' | undefined;
  readonly detail?: string | undefined;
  /** How far a take may go, where that is not the order's own limit. */
  readonly limitPrice?: string | undefined;
}

type Because = (circumstances: Circumstances) => string;

/** Why a book lost its trust, where the reason's own word does not say it. */
const TRUST_WORDS: Readonly<Record<string, string>> = {
  log_behind: 'the log was slower than the market, and messages were left out',
};

const SKIPS: Readonly<Record<SkipReason, Because>> = {
  book_untrusted: ({ detail }) =>
    `the book cannot be trusted${detail === undefined ? '' : ` (${TRUST_WORDS[detail] ?? detail})`}`,
  book_partial: () => 'the book began without a snapshot, and this run does not trade in such a book',
  book_crossed: () => 'the book is crossed, its best bid above its best ask',
  book_locked: () => 'the book is locked, its best bid at its best ask',
  one_side_empty: () => 'one side of the book is empty',
  spread: ({ detail, parameters }) =>
    `the spread${detail === undefined ? '' : ` of ${detail}`} is wider than ${allowedSpread(parameters)}`,
  limit_price: ({ parameters, side, limitPrice = parameters.limitPrice }) =>
    `nothing more is ${side === 'sell' ? 'bid' : 'offered'} ` +
    (limitPrice === undefined ? 'within the limit' : `at ${limitPrice} or better`),
  below_minimum: () => 'it is less than the smallest order that the venue takes',
  insufficient_balance: ({ detail }) =>
    `the account cannot pay for it${detail === undefined ? '' : `: it ${detail.replace(', has ', ' and has ')}`}`,
  engine_down: () => 'the engine was down',
  depth_exhausted: () => 'the book holds nothing more',
  beyond_known_depth: () => 'the feed shows no more levels, and what lies beyond them is unknown',
  participation: ({ parameters: { maxParticipation } }) =>
    `the market has not traded enough for a participation of at most ${maxParticipation ?? 'what is allowed'}`,
  self_cross: () => 'it would meet a quote of the same account on the other side',
  would_cross: () => 'it would have met the other side of the book',
};

const PULLS: Readonly<Record<PullReason, Because>> = {
  repeg: () => "the market's price has moved",
  limit_price: ({ parameters: { limitPrice } }) =>
    `its price is beyond the limit${limitPrice === undefined ? '' : ` of ${limitPrice}`}`,
  spread: ({ parameters }) => `the spread is wider than ${allowedSpread(parameters)}`,
  take: () => 'a take needs what it holds',
  ahead: () => 'the order is that far already, or may not show so much',
  window_over: () => 'the window ends',
  order_paused: () => 'the order is paused',
  order_stopped: () => 'the order is stopped',
  order_cancelled: () => 'the order is cancelled',
  order_completed: () => 'the order is completed',
};

/** Why something was not done, as a clause. A reason without one does not compile. */
export const skipClause = (reason: SkipReason, circumstances: Circumstances): string => SKIPS[reason](circumstances);
/** Why a quote is pulled or shrunk, as a clause. */
export const pullClause = (reason: PullReason, circumstances: Circumstances): string => PULLS[reason](circumstances);

function allowedSpread({ maxSpreadTicks }: TwapParameters): string {
  return maxSpreadTicks === undefined ? 'is allowed' : `the ${maxSpreadTicks} allowed`;
}
