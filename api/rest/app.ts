import { Router } from '@koa/router';
import Koa from 'koa';
import { sentOrigin } from './origin.js';
import { asProblem, Problem } from './problem.js';
import { readQuery } from './query.js';
import type { Answer, Route } from './route.js';

/** How it shows that a client left in the middle of an answer, which is its own affair. */
const WENT_AWAY: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_DESTROYED']);

/** The routes as a Koa application: paths to routes, whatever is thrown to a problem, answers to JSON. */
export function application(routes: readonly Route[], onError: (error: unknown) => void): Koa {
  const app = new Koa();
  const router = new Router({ sensitive: true });
  for (const { method, path, query = [], answer } of routes)
    router[method](path, async (ctx) => {
      const asked = {
        request: ctx.req,
        method: ctx.method,
        path: ctx.path,
        parameters: ctx.params,
        query: readQuery(ctx.querystring, query),
      };
      give(ctx, await answer(asked));
    });
  app.use(async (ctx, next) => {
    ctx.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    try {
      sentOrigin(ctx.req);
      await next();
      if (ctx.body === undefined) throw nowhere(ctx);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 500) onError(error);
      give(ctx, { status: problem.status, body: problem.body(), headers: problem.headers });
      ctx.type = 'application/problem+json';
    }
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (!WENT_AWAY.has(error.code ?? '')) onError(error);
  });
  return app;
}

function give(ctx: Koa.Context, { status, body, headers = {} }: Answer): void {
  ctx.status = status;
  ctx.body = JSON.stringify(body);
  ctx.type = 'application/json';
  ctx.set(headers as Record<string, string>);
}

/** What the router left unanswered. */
function nowhere(ctx: Koa.Context): Problem {
  const allow = ctx.response.get('Allow');
  if (ctx.status === 405 || ctx.status === 501) {
    const status = allow === '' ? 404 : 405;
    if (status === 405)
      return new Problem(
        405,
        'method_not_allowed',
        `${ctx.method} is not for this path; use ${allow}`,
        {},
        { Allow: allow },
      );
  }
  return new Problem(404, 'route_unknown', 'there is nothing at this path; GET /openapi.json shows what is there');
}
