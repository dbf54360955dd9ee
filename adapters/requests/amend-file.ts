import type { Changes } from '../../core/orders/amendment.js';
import { readJson } from './json-text.js';
import { AMEND_SCHEMA } from './order-schema.js';
import { OrdersFileError } from './orders-file.js';
import { shapeReader } from './shape.js';

/** A past order, and what is to be other about it. */
export interface AmendedOrder {
  readonly orderId: string;
  readonly changes: Changes;
}

const amendShape = shapeReader(AMEND_SCHEMA);

/**
 * Reads the file of `replay --amend`: one object with the `orderId` and the keys to change.
 *
 * @param fileName  for messages
 * @throws {OrdersFileError} at the first thing that is wrong
 */
export function parseAmendFile(text: string, fileName: string): AmendedOrder {
  const json = readJson(text.replace(/^\uFEFF/, ''));
  const read = json.problem === undefined ? amendShape(json.ok) : json;
  if (read.problem !== undefined) throw new OrdersFileError(fileName, 1, read.problem);
  const { orderId, ...changes } = read.ok as Changes & { readonly orderId: string };
  return { orderId, changes };
}
