import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { LiveRun } from '../live/live-run.js';
import type { Query } from './query.js';
import type { RememberedAnswers } from './remembered-answers.js';
import type { Turns } from './turns.js';

/** What a request is answered with; the body goes out as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request on its way to an answer: its path and query have been read, its body has not. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Query;
}

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As the router reads it: `/v1/orders/:orderId`. */
  readonly path: string;
  /** Query parameters that it knows. */
  readonly query?: readonly string[];
  readonly answer: (asked: Asked) => Answer | Promise<Answer>;
}

/** What the routes share. */
export interface Door {
  readonly run: LiveRun;
  readonly turns: Turns;
  readonly remembered: RememberedAnswers;
  /** Names an order whose caller did not. */
  readonly newOrderId: () => string;
}

/** Does what was asked, or gives the answer that its `Idempotency-Key` was given before. */
export function once(door: Door, asked: Asked, body: string, work: () => Promise<Answer>): Promise<Answer> {
  const key = asked.request.headers['idempotency-key'];
  if (key === undefined) return work();
  const digest = createHash('sha256').update(body).digest('hex');
  return door.remembered.once(String(key), `${asked.method} ${asked.path} ${digest}`, work);
}
