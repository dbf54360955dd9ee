import { parseScaled, type Scaled } from '../market/increments.js';
import { MICROS, parseDuration, type Micros } from '../time.js';
import type { TwapParameters } from './parameters.js';

/** How an order keeps to its schedule: the distances behind it at which taking begins and ends (docs/orders.md). */
export interface Pace {
  /** Percentage points of the full quantity. */
  readonly floor: Scaled;
  readonly cap: Scaled;
  readonly guaranteed: boolean;
}

const NONE: Scaled = { mantissa: 0, scale: 0 };

export function paceOf({ aggressionFloor, aggressionCap, guaranteed }: TwapParameters): Pace {
  const read = (text: string | undefined): Scaled => (text === undefined ? NONE : (parseScaled(text) ?? NONE));
  return { floor: read(aggressionFloor), cap: read(aggressionCap), guaranteed: guaranteed === true };
}

/** With floor 0 an order takes each slice when it is due; with any other it quotes, and takes between its lines. */
export function takesSlices({ aggressionFloor }: TwapParameters): boolean {
  return aggressionFloor === undefined || parseScaled(aggressionFloor)?.mantissa === 0;
}

/** How often its quotes may move, in microseconds. */
export function requoteInterval({ requoteInterval: text }: TwapParameters): Micros {
  return (text === undefined ? undefined : parseDuration(text)) ?? MICROS.s;
}
