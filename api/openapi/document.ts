import { PARAMETER_SCHEMAS } from '../../adapters/requests/order-schema.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { ref, SCHEMAS } from './schemas.js';

type Node = Readonly<Record<string, unknown>>;

const path = (name: string, description: string): Node => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
const query = (name: string, description: string, schema: Node = { type: 'string' }): Node => ({
  name,
  in: 'query',
  description,
  schema,
});
const idempotencyKey: Node = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Sent again with the same request, it gets the same answer, and nothing is done twice.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};
const AS_OF = query(
  'asOf',
  'As it was at this moment, inclusive: a seq (a whole number below 10^14), ISO 8601, or micro- or nanoseconds since 1970.',
);
const ORDER_ID = path('orderId', 'The order.');

const json = (schema: string, description: string): Node => ({
  description,
  content: { 'application/json': { schema: ref(schema) } },
});
const problem = (description: string): Node => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const PROBLEMS: Readonly<Record<number, Node>> = {
  400: problem('Unreadable, or of the wrong shape. Nothing was logged.'),
  403: problem('Sent by a page of another site.'),
  404: problem('There is no such thing.'),
  409: problem('Not in this state, or the same id or key with another body.'),
  410: problem('What that moment follows from is no longer in the log.'),
  413: problem('The body is larger than 1 MiB.'),
  415: problem('The body is not JSON.'),
  422: problem('Refused by a rule. It was logged.'),
  426: problem('This is a WebSocket.'),
  503: problem('Cannot serve now; see Retry-After.'),
};

const problems = (...statuses: readonly number[]): Node =>
  Object.fromEntries(statuses.map((status) => [status, PROBLEMS[status]]));

const read = (summary: string, schema: string, parameters: readonly Node[] = [], ...statuses: number[]): Node => ({
  summary,
  parameters,
  responses: {
    200: json(schema, parameters.includes(AS_OF) ? 'As of now, or of the moment asked for.' : 'As of now.'),
    ...problems(400, ...statuses),
  },
});

const command = (summary: string): Node => ({
  summary,
  parameters: [ORDER_ID, idempotencyKey],
  responses: {
    200: json('Order', 'The order, the change included.'),
    ...problems(400, 403, 404, 409, 413, 415, 422, 503),
  },
});

const body = (schema: string, ...types: readonly string[]): Node => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema: ref(schema) }])),
});

const health = {
  summary: 'Whether it serves',
  responses: { 200: json('Health', 'It serves.'), 503: json('Health', 'It cannot serve now.'), ...problems(400) },
};

/** The native API as an OpenAPI 3.1 document: the same schemas that the door checks requests with. */
export function openApiDocument(): Node {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reprise',
      version: ENGINE_VERSION,
      description:
        'Live paper trading of TWAP orders. Decimals are text, times carry Z, errors are problem+json (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/health': { get: health },
      '/v1/health': { get: health },
      '/openapi.json': {
        get: {
          summary: 'This document',
          responses: {
            200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
            ...problems(400),
          },
        },
      },
      '/v1/instruments': { get: read('What is traded', 'Instruments') },
      '/v1/books/{instrument}': {
        get: read(
          'A book, with its trust and age',
          'Book',
          [
            path('instrument', 'SYMBOL@venue, percent-encoded.'),
            query('depth', 'Levels a side.', { type: 'integer', minimum: 1, maximum: 1000, default: 20 }),
            AS_OF,
          ],
          404,
          410,
          503,
        ),
      },
      '/v1/accounts/{account}': {
        get: read('Balances and positions', 'Account', [path('account', 'The account.'), AS_OF], 404, 410, 503),
      },
      '/v1/orders': {
        get: read('Orders, newest first', 'OrderPage', [
          query('state', 'States, separated by commas.'),
          query('instrument', 'SYMBOL@venue.'),
          query('account', 'An account.', PARAMETER_SCHEMAS.account as unknown as Node),
          query('after', '`next` of the page before.'),
          query('limit', 'Orders a page.', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
        ]),
        post: {
          summary: 'Submits a TWAP',
          parameters: [idempotencyKey],
          requestBody: body('OrderRequest', 'application/json'),
          responses: {
            200: json('Order', 'It was there already, with the same body.'),
            201: json('Order', 'It is accepted.'),
            ...problems(400, 403, 409, 413, 415, 422, 503),
          },
        },
      },
      '/v1/orders/preview': {
        post: {
          summary: 'The schedule that an order would follow, and everything that would refuse it; nothing is stored',
          requestBody: body('OrderRequest', 'application/json'),
          responses: {
            200: json('Preview', 'What would become of it now; look at `acceptable`.'),
            ...problems(400, 403, 413, 415),
          },
        },
      },
      '/v1/orders/{orderId}': {
        get: read('One order', 'Order', [ORDER_ID, AS_OF], 404, 410, 503),
        patch: {
          ...command('Amends what may be amended in its state; null takes a key out'),
          requestBody: body('Changes', 'application/json', 'application/merge-patch+json'),
        },
        delete: command('Cancels'),
      },
      '/v1/orders/{orderId}/fills': { get: read('Its fills', 'Fills', [ORDER_ID], 404) },
      '/v1/orders/{orderId}/slices': { get: read('The slices that fell due', 'Slices', [ORDER_ID], 404) },
      '/v1/orders/{orderId}/events': { get: read('Its commands and outcomes', 'Events', [ORDER_ID], 404) },
      '/v1/orders/{orderId}/explain': {
        get: read('What happened to it and why, in sentences', 'Explanations', [ORDER_ID], 404),
      },
      '/v1/orders/{orderId}/start': { post: command('Starts a new or stopped order') },
      '/v1/orders/{orderId}/pause': { post: command('Pauses a running order') },
      '/v1/orders/{orderId}/resume': { post: command('Resumes a paused order') },
      '/v1/orders/{orderId}/stop': { post: command('Stops an order that is not final; it can be started again') },
      '/v1/session/step': {
        post: {
          summary: 'Moves a captured session that stands until it is moved (`session:PATH@step`)',
          parameters: [
            query('messages', 'Over so many messages.', { type: 'integer', minimum: 1, maximum: 1_000_000 }),
            query('until', 'To this instant: ISO 8601, or micro- or nanoseconds since 1970.'),
          ],
          responses: {
            200: json('Stepped', 'The engine has come there.'),
            ...problems(400, 403, 404, 409, 503),
          },
        },
      },
      '/v1/stream': {
        get: {
          summary: 'A WebSocket: send StreamRequest, get StreamFrame',
          responses: {
            101: { description: 'Switching to the WebSocket protocol.' },
            ...problems(400, 403, 404, 426, 503),
          },
        },
      },
    },
    components: { schemas: SCHEMAS },
  };
}
