import type { OrderStatus } from '../../core/orders/parameters.js';
import { withInstants } from './views.js';
import type { HistoryEvent, OrdersQuery } from '../live/live-run.js';
import { knownOrder, unknownOrder } from './commands.js';
import { Problem } from './problem.js';
import { matching, momentOf, wholeNumber, words } from './query.js';
import type { Answer, Asked, Door } from './route.js';
import { bookJson, eventJson, explanationsOf, fillsOf, healthJson, slicesOf } from './views.js';

const STATES = [
  'new',
  'running',
  'paused',
  'stopped',
  'completed',
  'cancelled',
  'refused',
] as const satisfies readonly OrderStatus[];

const ok = (body: unknown): Answer => ({ status: 200, body });

export function health({ run }: Door): Answer {
  const found = run.health();
  return found.status === 'ok'
    ? ok(healthJson(found))
    : { status: 503, body: healthJson(found), headers: { 'Retry-After': '1' } };
}

export const instruments = ({ run }: Door): Answer => ok({ instruments: run.instruments() });

export async function book({ run }: Door, { parameters, query }: Asked): Promise<Answer> {
  const depth = wholeNumber(query, 'depth', 1, 1000, 20);
  const instrument = parameters['instrument']!;
  const moment = momentOf(query, 'asOf');
  const found = moment === undefined ? run.book(instrument, depth) : await run.past.book(instrument, depth, moment);
  if (found !== undefined) return ok(bookJson(found));
  throw new Problem(
    404,
    'instrument_unknown',
    moment === undefined
      ? 'that instrument is not traded here; see GET /v1/instruments, and percent-encode the name in the path'
      : 'that instrument was not traded here then; name a later moment, or look at GET /v1/instruments',
  );
}

export async function account({ run }: Door, { parameters, query }: Asked): Promise<Answer> {
  const name = parameters['account']!;
  const moment = momentOf(query, 'asOf');
  const found = moment === undefined ? run.account(name) : await run.past.account(name, moment);
  if (found !== undefined) return ok(withInstants(found));
  throw new Problem(
    404,
    'account_unknown',
    moment === undefined
      ? 'there is no such account; it opens itself with its first order'
      : 'there was no such account then; it opened itself with its first order, if it is there now',
  );
}

export async function orders({ run }: Door, { query }: Asked): Promise<Answer> {
  const states = words(query, 'state', STATES);
  const instrument = matching(query, 'instrument', /^[^@\s]{1,64}@[^@\s]{1,32}$/, 'SYMBOL@venue');
  const of = matching(query, 'account', /^[A-Za-z0-9._@:+-]{1,64}$/, 'the name of an account');
  const after = matching(query, 'after', /^\d{1,15}$/, 'the "next" of the page before');
  const page: OrdersQuery = {
    limit: wholeNumber(query, 'limit', 1, 1000, 100),
    ...(states === undefined ? {} : { states }),
    ...(instrument === undefined ? {} : { instrument }),
    ...(of === undefined ? {} : { account: of }),
    ...(after === undefined ? {} : { after }),
  };
  return ok(await run.orders(page));
}

export async function order(door: Door, { parameters, query }: Asked): Promise<Answer> {
  const orderId = parameters['orderId']!;
  const moment = momentOf(query, 'asOf');
  if (moment === undefined) return ok(await knownOrder(door, orderId));
  const found = await door.run.past.order(orderId, moment);
  if (found !== undefined) return ok(found);
  const { acceptedAt } = await knownOrder(door, orderId);
  const detail = `order ${orderId} was not there then; it was submitted at ${acceptedAt as string}`;
  throw new Problem(404, 'order_unknown', detail, { parameter: 'asOf' });
}

export const fills = async (door: Door, asked: Asked): Promise<Answer> =>
  ofHistory(door, asked, (history) => ({
    fills: fillsOf(history, (name) => door.run.instruments().find(({ instrument }) => instrument === name)),
  }));

export const slices = async (door: Door, asked: Asked): Promise<Answer> =>
  ofHistory(door, asked, (history) => ({ slices: slicesOf(history) }));

export const events = async (door: Door, asked: Asked): Promise<Answer> =>
  ofHistory(door, asked, (history) => ({ events: history.map(eventJson) }));

export async function explanations(door: Door, asked: Asked): Promise<Answer> {
  const { instrument } = await knownOrder(door, asked.parameters['orderId']!);
  const definition = door.run.instruments().find((one) => one.instrument === instrument);
  return ofHistory(door, asked, (history) => ({ explanations: explanationsOf(history, definition) }));
}

async function ofHistory(
  { run }: Door,
  { parameters }: Asked,
  view: (history: readonly HistoryEvent[]) => object,
): Promise<Answer> {
  const orderId = parameters['orderId']!;
  const history = await run.history(orderId);
  if (history === undefined) throw unknownOrder(orderId);
  return ok({ orderId, ...view(history) });
}
