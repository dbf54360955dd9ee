import type { Scaled } from '../market/increments.js';
import type { EpochMicros } from '../time.js';
import type { Pace } from './pace.js';
import { tenTo } from './values.js';

/** What the lines of an order are drawn from: its plan, its full quantity and its offsets. */
export interface Lines {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  /** S at its start, and how far it rises by its end, in lots. */
  readonly baseLots: number;
  readonly lineLots: number;
  /** Q, of which the offsets are a share. */
  readonly quantityLots: number;
  readonly pace: Pace;
}

/** A value of a line in lots, exactly: `numerator / denominator`, the denominator above zero. */
export interface LineValue {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type LineName = 'schedule' | 'floor' | 'cap';

const NO_OFFSET: Scaled = { mantissa: 0, scale: 0 };

/**
 * The lines of an order at an instant (docs/orders.md). With x the share of the window that has passed, from 0 to 1:
 * schedule S = base + rise·x; floor F = S − φ/100·Q·g and cap C = S − κ/100·Q·g, where g is 1, or 1 − x when guaranteed. Outside
 * the window they stay where they are at its border.
 *
 * @see docs/orders.md, lines; the offsets are shares of the full quantity, in percentage points
 */
export function lineAt(lines: Lines, line: LineName, at: EpochMicros): LineValue {
  const { window, passed } = progress(lines, at);
  const { mantissa, hundred } = offsetOf(lines.pace, line);
  const risen = BigInt(lines.baseLots) * window + BigInt(lines.lineLots) * passed;
  const left = lines.pace.guaranteed ? window - passed : window;
  return {
    numerator: risen * hundred - mantissa * BigInt(lines.quantityLots) * left,
    denominator: window * hundred,
  };
}

/** A line's value in whole lots of `lotLots` increments, rounded down; below zero where the line is. */
export function wholeLots({ numerator, denominator }: LineValue, lotLots: number): number {
  const divisor = denominator * BigInt(lotLots);
  const quotient = numerator / divisor;
  const floor = numerator < 0n && quotient * divisor !== numerator ? quotient - 1n : quotient;
  return Number(floor) * lotLots;
}

/** How far a line is above `lots`, to the nearest lot of `lotLots` increments, halves up; 0 where it is below. */
export function nearestAbove({ numerator, denominator }: LineValue, lots: number, lotLots: number): number {
  const lot = BigInt(lotLots);
  const twice = 2n * (numerator - BigInt(lots) * denominator) + lot * denominator;
  return twice <= 0n ? 0 : Number(twice / (2n * lot * denominator)) * lotLots;
}

/** Whether a line is above zero and has reached `lots`. */
export function hasReached({ numerator, denominator }: LineValue, lots: number): boolean {
  return numerator > 0n && numerator >= BigInt(lots) * denominator;
}

/**
 * The first whole microsecond of the window at which a line is above zero and has reached `lots`, computed exactly.
 *
 * @param lots  a multiple of one half
 * @returns `Infinity` when it does not by the window's end
 */
export function reachedAt(lines: Lines, line: 'floor' | 'cap', lots: number): EpochMicros {
  const { startAt, endAt, baseLots, lineLots, quantityLots, pace } = lines;
  const { mantissa, hundred } = offsetOf(pace, line);
  const offset = mantissa * BigInt(quantityLots);
  // S - offset·g >= lots, with x microseconds passed of the window w:
  // rise·h·x/w - offset·(1 - x/w if guaranteed) >= (lots - base)·h, h being a hundred percent
  const slope = BigInt(lineLots) * hundred + (pace.guaranteed ? offset : 0n);
  const twiceAsked = BigInt(2 * lots - 2 * baseLots) * hundred + 2n * offset;
  const window = BigInt(endAt - startAt);
  const x = firstWhole(twiceAsked * window, 2n * slope, lots <= 0);
  return x === undefined || x > window ? Infinity : startAt + Number(x);
}

/** The smallest x >= 0 with slope·x >= asked, or > asked where the line must be above that. */
function firstWhole(asked: bigint, slope: bigint, above: boolean): bigint | undefined {
  if (asked < 0n || (asked === 0n && !above)) return 0n;
  if (slope <= 0n) return undefined;
  return above ? asked / slope + 1n : (asked + slope - 1n) / slope;
}

function progress({ startAt, endAt }: Lines, at: EpochMicros): { window: bigint; passed: bigint } {
  const passed = at <= startAt ? 0 : at >= endAt ? endAt - startAt : at - startAt;
  return { window: BigInt(endAt - startAt), passed: BigInt(passed) };
}

/** A line's offset as `mantissa / hundred` of the full quantity. */
function offsetOf({ floor, cap }: Pace, line: LineName): { mantissa: bigint; hundred: bigint } {
  const { mantissa, scale } = line === 'schedule' ? NO_OFFSET : line === 'floor' ? floor : cap;
  return { mantissa: BigInt(mantissa), hundred: 100n * tenTo(scale) };
}
