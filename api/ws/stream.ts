import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { map, share } from 'rxjs';
import { WebSocketServer } from 'ws';
import type { LiveRun } from '../live/live-run.js';
import { sentOrigin } from '../rest/origin.js';
import { asProblem, Problem } from '../rest/problem.js';
import { rawAnswer } from '../rest/raw-answer.js';
import { GOING_AWAY, StreamClient, type ClientOptions } from './client.js';
import { OutFrame } from './frame.js';
import { Heartbeat, systemTimers, type Timers } from './heartbeat.js';

export interface StreamOptions extends Partial<ClientOptions> {
  readonly mostClients?: number;
  readonly timers?: Timers;
}

/** The stream of a server: every client that is connected to it. */
export interface Stream {
  readonly clients: number;
  /** Takes leave of every client; none is let in any more. Resolves once they are gone. */
  close(): Promise<void>;
  /** Cuts off those that did not answer to that. */
  terminate(): void;
}

export const STREAM_PATH = '/v1/stream';
/** Largest message of a client. */
const MOST_MESSAGE_BYTES = 64 * 1024;

/** Lets clients of a server follow a live run: `GET /v1/stream` becomes a WebSocket, any other upgrade is turned away. */
export function attachStream(
  server: Server,
  run: LiveRun,
  onError: (error: unknown) => void,
  options: StreamOptions = {},
): Stream {
  const {
    timers = systemTimers,
    mostClients = 1_000,
    cap = 1 << 20,
    patience = 1_000,
    mostSubscriptions = 256,
  } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  const heartbeat = new Heartbeat(timers);
  const frames$ = run.frames$.pipe(
    map((frame) => new OutFrame(frame)),
    share(),
  );
  let open = true;
  const letIn = (request: IncomingMessage): void => {
    const path = (request.url ?? '').split('?')[0];
    if (path !== STREAM_PATH)
      throw new Problem(404, 'route_unknown', `there is no WebSocket at this path; connect to ${STREAM_PATH}`);
    sentOrigin(request);
    if (!open || sockets.clients.size >= mostClients)
      throw new Problem(
        503,
        open ? 'overloaded' : 'stopping',
        'no further client can be served; try again in a while',
        {},
        {
          'Retry-After': '5',
        },
      );
  };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      letIn(request);
    } catch (error) {
      socket.end(rawAnswer(asProblem(error)));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      heartbeat.watch(client);
      new StreamClient(client, run, frames$, { cap, patience, mostSubscriptions }, onError);
    });
  });
  return {
    get clients() {
      return sockets.clients.size;
    },
    close: async () => {
      open = false;
      heartbeat.stop();
      await Promise.all(
        [...sockets.clients].map(
          (client) =>
            new Promise<void>((resolve) => {
              client.once('close', () => resolve());
              client.close(GOING_AWAY, 'the server stops');
            }),
        ),
      );
    },
    terminate: () => {
      for (const client of sockets.clients) client.terminate();
    },
  };
}
