import type { AnyOtherInput } from '../../../core/engine/inputs.js';
import type { MarketEvent } from '../../../core/market/events.js';
import type { AnyOutcome } from '../../../core/orders/outcomes.js';
import { BOOKKEEPING } from './bookkeeping.js';
import { CHILD_OUTCOMES } from './child-outcomes.js';
import { DESK_OUTCOMES } from './desk-outcomes.js';
import { MARKET_INPUTS } from './market-inputs.js';
import { ORDER_OUTCOMES } from './order-outcomes.js';
import { OTHER_INPUTS } from './other-inputs.js';
import type { Catalogue, Shape } from './shape.js';

type Input = MarketEvent | AnyOtherInput;

/** Every event that this version writes and folds. One that the core knows and this does not does not compile. */
export const CATALOGUE = {
  inputs: { ...MARKET_INPUTS, ...OTHER_INPUTS } satisfies Record<Input['type'], Shape>,
  outcomes: { ...ORDER_OUTCOMES, ...CHILD_OUTCOMES, ...DESK_OUTCOMES } satisfies Record<AnyOutcome['type'], Shape>,
  bookkeeping: BOOKKEEPING,
} satisfies Catalogue;
