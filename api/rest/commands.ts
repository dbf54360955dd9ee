import { readChanges } from '../../adapters/requests/order-request.js';
import { isObject } from '../../adapters/requests/json-text.js';
import type { Refusal } from '../../core/errors.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import { wrongState } from '../../core/orders/decide.js';
import type { CommandName, OrderStatus } from '../../core/orders/parameters.js';
import type { Changes } from '../../core/orders/amendment.js';
import type { OrderJson } from '../live/live-run.js';
import { expectJson, jsonOf, readBody } from './body.js';
import { Problem, problemOf } from './problem.js';
import { once, type Answer, type Asked, type Door } from './route.js';

export type PlainCommand = Exclude<CommandName, 'amend'>;

const TYPES = {
  start: 'StartOrder',
  pause: 'PauseOrder',
  resume: 'ResumeOrder',
  stop: 'StopOrder',
  cancel: 'CancelOrder',
} as const satisfies Record<PlainCommand, UnstampedCommand['type']>;

/** Commands that need no body: start, pause, resume, stop, and cancel, which is `DELETE`. */
export async function command(door: Door, asked: Asked, name: PlainCommand): Promise<Answer> {
  const body = await readBody(asked.request);
  if (body.trim() !== '') expectNothing(asked, body, name);
  return carryOut(door, asked, body, name, (orderId, account) => ({
    type: TYPES[name],
    version: 1,
    data: { orderId, account },
  }));
}

/** `PATCH`: the body is what changes. */
export async function amend(door: Door, asked: Asked): Promise<Answer> {
  expectJson(asked.request);
  const body = await readBody(asked.request);
  const read = readChanges(jsonOf(body));
  if (read.problem !== undefined) throw problemOf(400, read.problem);
  const changes: Changes = read.ok;
  return carryOut(door, asked, body, 'amend', (orderId, account) => ({
    type: 'AmendOrder',
    version: 1,
    data: { orderId, account, changes },
  }));
}

function expectNothing(asked: Asked, body: string, name: PlainCommand): void {
  expectJson(asked.request);
  const sent = jsonOf(body);
  if (isObject(sent) && Object.keys(sent).length === 0) return;
  throw new Problem(400, 'body_not_empty', `${name} takes no parameters; send no body`);
}

function carryOut(
  door: Door,
  asked: Asked,
  body: string,
  name: CommandName,
  commandOf: (orderId: string, account: string) => UnstampedCommand,
): Promise<Answer> {
  const orderId = asked.parameters['orderId']!;
  const { run } = door;
  return once(door, asked, body, () =>
    door.turns.take(orderId, async () => {
      const order = await knownOrder(door, orderId);
      const wrong = wrongState({ status: order['state'] as OrderStatus }, name);
      if (wrong !== undefined) throw problemOf(409, wrong, { orderId });
      const { refusal } = await run.command(commandOf(orderId, order['account'] as string));
      if (refusal !== undefined) throw turnedDown(refusal, orderId);
      return { status: 200, body: await knownOrder(door, orderId) };
    }),
  );
}

/** @throws {Problem} 404 */
export async function knownOrder({ run }: Door, orderId: string): Promise<OrderJson> {
  const order = await run.order(orderId);
  if (order !== undefined) return order;
  throw unknownOrder(orderId);
}

export function unknownOrder(orderId: string): Problem {
  const name = orderId.length <= 64 ? `order ${orderId}` : 'such an order';
  return new Problem(404, 'order_unknown', `there is no ${name}; GET /v1/orders lists them`);
}

/** Refusals that speak of the state the order or its desk has reached in the meantime. */
const OF_STATE: ReadonlySet<string> = new Set(['wrong_state', 'order_unknown', 'desk_halted']);

function turnedDown(refusal: Refusal, orderId: string): Problem {
  return problemOf(OF_STATE.has(refusal.code) ? 409 : 422, refusal, { orderId });
}
