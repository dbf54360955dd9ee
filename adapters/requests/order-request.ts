import { PARAMETER_KEYS, type TwapParameters } from '../../core/orders/parameters.js';
import type { Changes } from '../../core/orders/amendment.js';
import type { JsonSent } from './json-text.js';
import { CHANGES_SCHEMA, ORDER_SCHEMA } from './order-schema.js';
import type { Read } from './problem.js';
import { shapeReader, type Shaped } from './shape.js';

/** An order as it came in: its shape is right, its decimals are plain text, and no rule has looked at it. */
export interface OrderRequest {
  readonly orderId?: string;
  readonly parameters: TwapParameters;
}

/** Whose an order is that names no account. */
export const DEFAULT_ACCOUNT = 'default';

const orderShape = shapeReader(ORDER_SCHEMA);
const changesShape = shapeReader(CHANGES_SCHEMA);

/** Reads the body of a submission. */
export function readOrder(value: JsonSent): Read<OrderRequest> {
  const read = orderShape(value);
  return read.problem === undefined ? { ok: orderOf(read.ok) } : read;
}

/** Reads what an amendment asks to change; a key set to null is to be taken out. */
export function readChanges(value: JsonSent): Read<Changes> {
  const read = changesShape(value);
  return read.problem === undefined ? { ok: known(read.ok) } : read;
}

/** A shaped object as an order: parameters in their own order, whatever the order in which they were sent. */
export function orderOf(shaped: Shaped): OrderRequest {
  const { orderId } = shaped as { orderId?: string };
  const parameters = known({ account: DEFAULT_ACCOUNT, ...shaped }) as unknown as TwapParameters;
  return orderId === undefined ? { parameters } : { orderId, parameters };
}

function known(shaped: Shaped): Shaped {
  return Object.fromEntries(PARAMETER_KEYS.filter((key) => key in shaped).map((key) => [key, shaped[key]]));
}
