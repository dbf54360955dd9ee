import type { LevelText } from '../../../core/market/events.js';
import { exactNumbers, parsed } from '../mapping/fields.js';

/** A change of one level. */
export interface LevelMessage {
  readonly channel: number;
  /** Its number in the connection, where there is one. */
  readonly number: number | undefined;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** `[channel,[price,count,amount],number]`, its numbers as JSON has them without an exponent. */
const LEVEL = /^\[(\d{1,9}),\[((?:0|[1-9]\d*)(?:\.\d+)?),(\d{1,9}),(-?)((?:0|[1-9]\d*)(?:\.\d+)?)\](?:,(\d{1,15}))?\]$/;
const NONE: readonly LevelText[] = [];

/**
 * Reads a message of the plainest shape, which nineteen in twenty have, from its text: making doubles of its numbers and
 * texts again would take three times as long. Undefined is a safe answer: then the JSON is read.
 */
export function levelMessage(text: string): LevelMessage | undefined {
  const match = LEVEL.exec(text);
  if (match === null) return undefined;
  const amount = match[5]!;
  const isGone = match[3] === '0';
  if (isGone ? amount !== '1' : amount.startsWith('0') && !/[1-9]/.test(amount)) return undefined;
  const levels: readonly LevelText[] = [[match[2]!, isGone ? '0' : amount]];
  const isAsk = match[4] !== '';
  return {
    channel: Number(match[1]),
    number: match[6] === undefined ? undefined : Number(match[6]),
    bids: isAsk ? NONE : levels,
    asks: isAsk ? levels : NONE,
  };
}

/** A number that a double may not carry. */
const LONG_NUMBER = /[^\d.][\d.]{17}/;

/** The JSON of a frame, with its numbers as texts where one has more digits than a double carries. @throws {MessageFault} */
export const messageOf = (text: string): unknown => parsed(LONG_NUMBER.test(text) ? exactNumbers(text) : text);
