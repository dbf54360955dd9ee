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

/** What an order's parameters say of how it is worked, read once: it is looked at far more often than it changes. */
export interface Conduct {
  readonly pace: Pace;
  readonly takesSlices: boolean;
  readonly requoteMicros: Micros;
  /** Most that may rest at once. */
  readonly display: Scaled | undefined;
  /** Most of the market's volume. */
  readonly participation: Scaled | undefined;
}

export function conductOf(parameters: TwapParameters): Conduct {
  const { requoteInterval, maxDisplayQuantity, maxParticipation } = parameters;
  return {
    pace: paceOf(parameters),
    takesSlices: takesSlices(parameters),
    requoteMicros: (requoteInterval === undefined ? undefined : parseDuration(requoteInterval)) ?? MICROS.s,
    display: maxDisplayQuantity === undefined ? undefined : parseScaled(maxDisplayQuantity),
    participation: maxParticipation === undefined ? undefined : parseScaled(maxParticipation),
  };
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
