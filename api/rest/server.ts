import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { LiveRun } from '../live/live-run.js';
import { attachStream, type StreamOptions } from '../ws/stream.js';
import { application } from './app.js';
import { MOST_BODY_BYTES } from './body.js';
import { answerUnreadable } from './raw-answer.js';
import { RememberedAnswers } from './remembered-answers.js';
import { routes } from './routes.js';
import { Turns } from './turns.js';

export interface ServerOptions {
  /** Told of failures that are ours; clients hear no more than that there was one. */
  readonly onError?: (error: unknown) => void;
  /** Names an order whose caller did not; 1 to 64 of A-Z a-z 0-9 . _ - */
  readonly newOrderId?: () => string;
  readonly stream?: StreamOptions;
}

/** An HTTP server that is not listening yet. `stop` takes leave of every client; sockets are told why. */
export type ApiServer = Server & { stop(): Promise<void> };

/** How long a client may keep an answer waiting once the server stops, in milliseconds. */
const PATIENCE_MS = 2_000;
const SWEEP_MS = 20;

/** Serves a live run: the native REST API and its stream. The caller listens, and hears of a port that is taken. */
export function createHttpServer(run: LiveRun, options: ServerOptions = {}): ApiServer {
  const { onError = () => undefined, newOrderId = randomUUID } = options;
  const door = { run, newOrderId, turns: new Turns(), remembered: new RememberedAnswers() };
  const handle = application(routes(door), onError).callback();
  const server = createServer((request, response) => void handle(request, response));
  server.on('checkContinue', (request, response) => {
    // a body that will not be read is not asked for
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) response.shouldKeepAlive = false;
    else response.writeContinue();
    void handle(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerUnreadable(error, socket);
  });
  const stream = attachStream(server, run, onError, options.stream);
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const left = stream.close();
    // a connection that was busy may fall idle later
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, SWEEP_MS);
    const impatience = setTimeout(() => {
      stream.terminate();
      server.closeAllConnections();
    }, PATIENCE_MS);
    await Promise.all([left, closed]);
    clearTimeout(impatience);
    clearInterval(sweep);
  };
  return Object.assign(server, { stop });
}
