import type { Refusal } from '../errors.js';
import type { TwapParameters } from './parameters.js';
import { takesSlices } from './pace.js';
import { millionths, refuse } from './values.js';

const ONE = 1_000_000;

const PERCENTAGE = { within: (count: number): boolean => count <= 100 * ONE, says: 'from 0 to 100' };
const BELOW_ONE = { within: (count: number): boolean => count < ONE, says: 'from 0 to below 1' };
const UP_TO_ONE = { within: (count: number): boolean => count > 0 && count <= ONE, says: 'above 0 and at most 1' };

/** Percentage points, in millionths of one. */
export function readFloor({ aggressionFloor = '0' }: TwapParameters): number | Refusal {
  return millionths(aggressionFloor, 'aggressionFloor', PERCENTAGE);
}

/** Percentage points, in millionths of one. */
export function readCap({ aggressionCap = '0' }: TwapParameters): number | Refusal {
  return millionths(aggressionCap, 'aggressionCap', PERCENTAGE);
}

export function capRefusal(parameters: TwapParameters): Refusal | undefined {
  const [floor, cap] = [readFloor(parameters), readCap(parameters)];
  if (typeof floor !== 'number' || typeof cap !== 'number' || cap <= floor) return undefined;
  const { aggressionFloor = '0', aggressionCap = '0' } = parameters;
  return refuse(
    'aggression_cap_above_floor',
    'aggressionCap',
    `a cap of ${aggressionCap} is above the floor of ${aggressionFloor}: taking would end before it begins`,
    floor === 0 ? 'leave aggressionCap out, or send a floor as well' : `send ${aggressionFloor} or less`,
  );
}

/** Share of the market's volume, in millionths. */
export function readParticipation(text: string): number | Refusal {
  return millionths(text, 'maxParticipation', UP_TO_ONE);
}

/** Share of a slice by which it varies, in millionths. */
export function readRandomise(
  { randomizeSize, randomizeTime }: TwapParameters,
  key: 'randomizeSize' | 'randomizeTime',
): number | Refusal {
  return millionths((key === 'randomizeSize' ? randomizeSize : randomizeTime) ?? '0', key, BELOW_ONE);
}

export function catchUpRefusal(parameters: TwapParameters): Refusal | undefined {
  const { catchUp, guaranteed, aggressionFloor = '0' } = parameters;
  if (catchUp !== 'none' || (takesSlices(parameters) && guaranteed !== true)) return undefined;
  return refuse(
    'catch_up_none_needs_taker',
    'catchUp',
    guaranteed === true
      ? 'a guaranteed order makes up for every slice, and catchUp is none'
      : `an order with a floor of ${aggressionFloor} follows its line, and catchUp is none`,
    'leave catchUp out, or send aggressionFloor 0 without guaranteed',
  );
}
