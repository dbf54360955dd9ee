import { readOrder, type OrderRequest } from '../../adapters/requests/order-request.js';
import type { Refusal } from '../../core/errors.js';
import { canonical, type Json } from '../../core/json.js';
import type { LiveRun, OrderJson } from '../live/live-run.js';
import { expectJson, jsonOf, readBody } from './body.js';
import { Problem, problemOf } from './problem.js';
import { once, type Answer, type Asked, type Door } from './route.js';

/** `POST /v1/orders`: one order for one id, however often and however simultaneously it is sent. */
export async function submit(door: Door, asked: Asked): Promise<Answer> {
  expectJson(asked.request);
  const body = await readBody(asked.request);
  const read = readOrder(jsonOf(body));
  if (read.problem !== undefined) throw problemOf(400, read.problem);
  const request = read.ok;
  return once(door, asked, body, () => {
    const orderId = request.orderId ?? door.newOrderId();
    return door.turns.take(orderId, () => submitOnce(door.run, orderId, request.parameters));
  });
}

async function submitOnce(run: LiveRun, orderId: string, parameters: OrderRequest['parameters']): Promise<Answer> {
  const known = await run.order(orderId);
  if (known !== undefined) {
    if (await sameAsBefore(run, orderId, parameters)) return standing(known, 200);
    throw new Problem(
      409,
      'order_exists',
      `order ${orderId} is there already, with other parameters; choose another orderId`,
      {
        orderId,
      },
    );
  }
  const { refusal } = await run.command({ type: 'SubmitTwap', version: 1, data: { orderId, ...parameters } });
  const order = await run.order(orderId);
  if (order !== undefined) return standing(order, 201);
  if (refusal !== undefined) throw problemOf(refusal.code === 'desk_halted' ? 409 : 422, refusal, { orderId });
  throw new Error(`order ${orderId} was acknowledged and is not there`);
}

/** An order as the answer to its submission: a refused one is a problem, the first time and every time. */
function standing(order: OrderJson, status: 200 | 201): Answer {
  const orderId = order['orderId'] as string;
  if (order['state'] === 'refused') throw problemOf(422, order['refusal'] as unknown as Refusal, { orderId });
  return { status, body: order, headers: { Location: `/v1/orders/${orderId}` } };
}

/** Whether an order came in with these very parameters; amendments since then do not count. */
async function sameAsBefore(run: LiveRun, orderId: string, parameters: OrderRequest['parameters']): Promise<boolean> {
  const history = (await run.history(orderId)) ?? [];
  const first = history.find(({ event }) => event.type === 'SubmitTwap');
  if (first === undefined) return false;
  const { orderId: _, actor: __, ...before } = first.event.data as unknown as Record<string, Json>;
  return canonical(before) === canonical({ ...parameters });
}
