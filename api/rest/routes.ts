import { openApiDocument } from '../openapi/document.js';
import { amend, command } from './commands.js';
import { preview } from './previews.js';
import { Problem } from './problem.js';
import { account, book, events, explanations, fills, health, instruments, order, orders, slices } from './reads.js';
import type { Answer, Door, Route } from './route.js';
import { step } from './steps.js';
import { submit } from './submissions.js';

const ORDER = '/v1/orders/:orderId';

/** Every route of the native API (docs/api.md). */
export function routes(door: Door): readonly Route[] {
  const document = { status: 200, body: openApiDocument() };
  return [
    { method: 'get', path: '/health', answer: () => health(door) },
    { method: 'get', path: '/v1/health', answer: () => health(door) },
    { method: 'get', path: '/openapi.json', answer: () => document },
    { method: 'get', path: '/v1/instruments', answer: () => instruments(door) },
    { method: 'get', path: '/v1/books/:instrument', query: ['depth', 'asOf'], answer: (asked) => book(door, asked) },
    { method: 'get', path: '/v1/accounts/:account', query: ['asOf'], answer: (asked) => account(door, asked) },
    {
      method: 'get',
      path: '/v1/orders',
      query: ['state', 'instrument', 'account', 'after', 'limit'],
      answer: (asked) => orders(door, asked),
    },
    { method: 'post', path: '/v1/orders', answer: (asked) => submit(door, asked) },
    { method: 'post', path: '/v1/orders/preview', answer: (asked) => preview(door, asked) },
    { method: 'get', path: ORDER, query: ['asOf'], answer: (asked) => order(door, asked) },
    { method: 'patch', path: ORDER, answer: (asked) => amend(door, asked) },
    { method: 'delete', path: ORDER, answer: (asked) => command(door, asked, 'cancel') },
    { method: 'get', path: `${ORDER}/fills`, answer: (asked) => fills(door, asked) },
    { method: 'get', path: `${ORDER}/slices`, answer: (asked) => slices(door, asked) },
    { method: 'get', path: `${ORDER}/events`, answer: (asked) => events(door, asked) },
    { method: 'get', path: `${ORDER}/explain`, answer: (asked) => explanations(door, asked) },
    { method: 'post', path: `${ORDER}/start`, answer: (asked) => command(door, asked, 'start') },
    { method: 'post', path: `${ORDER}/pause`, answer: (asked) => command(door, asked, 'pause') },
    { method: 'post', path: `${ORDER}/resume`, answer: (asked) => command(door, asked, 'resume') },
    { method: 'post', path: `${ORDER}/stop`, answer: (asked) => command(door, asked, 'stop') },
    { method: 'post', path: '/v1/session/step', query: ['messages', 'until'], answer: (asked) => step(door, asked) },
    { method: 'get', path: '/v1/stream', answer: upgradeWanted },
  ];
}

function upgradeWanted(): Answer {
  throw new Problem(
    426,
    'upgrade_required',
    'this is a WebSocket; connect with ws:// and send {"subscribe": "orders"}',
    {},
    { Upgrade: 'websocket' },
  );
}
