import { readOrder } from '../../adapters/requests/order-request.js';
import { sentence } from '../../adapters/requests/problem.js';
import { expectJson, jsonOf, readBody } from './body.js';
import { problemOf } from './problem.js';
import type { Answer, Asked, Door } from './route.js';

/** `POST /v1/orders/preview`: 200 for whatever can be read, also for what would be refused. */
export async function preview({ run }: Door, asked: Asked): Promise<Answer> {
  expectJson(asked.request);
  const read = readOrder(jsonOf(await readBody(asked.request)));
  if (read.problem !== undefined) throw problemOf(400, read.problem);
  const { refusals, ...rest } = await run.preview(read.ok);
  const named = refusals.map((refusal) => ({
    code: refusal.code,
    pointer: refusal.where,
    detail: sentence(refusal),
  }));
  const { acceptable, ...course } = rest;
  return { status: 200, body: { acceptable, refusals: named, ...course } };
}
