import type { AddressInfo } from 'node:net';
import type { LiveRun } from '../../api/live/live-run.js';
import { createHttpServer, type ApiServer, type ServerOptions } from '../../api/rest/server.js';
import { FakeLiveRun } from './fake-live-run.js';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  // tests look into answers freely
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** A server over a live run, on a port of its own, and what a test needs to talk to it. */
export interface Served<Run extends LiveRun = FakeLiveRun> {
  readonly run: Run;
  readonly server: ApiServer;
  readonly port: number;
  readonly failures: unknown[];
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Sends a body, JSON unless a header says otherwise; an object is written as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  stop(): Promise<void>;
}

/** A server over a live run in memory. */
export const serve = (run = new FakeLiveRun(), options: ServerOptions = {}): Promise<Served> => serveRun(run, options);

export async function serveRun<Run extends LiveRun>(run: Run, options: ServerOptions = {}): Promise<Served<Run>> {
  const failures: unknown[] = [];
  const server = createHttpServer(run, { onError: (error) => failures.push(error), ...options });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const send: Served<Run>['send'] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await reply.text();
    const type = reply.headers.get('content-type') ?? '';
    return {
      status: reply.status,
      type: type.split(';')[0]!,
      headers: reply.headers,
      text: answer,
      body: answer !== '' && type.includes('json') ? (JSON.parse(answer) as unknown) : undefined,
    };
  };
  return {
    run,
    server,
    port,
    failures,
    get: (path, headers) => send('GET', path, undefined, headers),
    send,
    stop: () => server.stop(),
  };
}
