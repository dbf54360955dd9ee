import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { reprise } from './fixtures.js';

/** The real server in a process of its own, on a free port of the loopback. */
export interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM and a clean end. */
  stop(): Promise<number>;
}

export async function startServer(data: string, ...flags: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [reprise, 'serve', '--data', data, '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const listening = /listens on (http\S+)/.exec(line);
      if (listening !== null) resolve(listening[1]!);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code ?? 'a signal'}: ${errors.join('')}`)));
  });
  return {
    url,
    process: child,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      return code ?? -1;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One request. Rejects when the server dies before it has answered. */
export async function ask(server: Pick<Server, 'url'>, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export interface ServerFrame {
  readonly channel: string;
  readonly position: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** Follows a channel until `enough` says so, and gives what came. */
export async function followChannel(
  server: Pick<Server, 'url'>,
  subscribe: { readonly subscribe: string; readonly from?: string },
  enough: (frame: ServerFrame) => boolean,
): Promise<ServerFrame[]> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/stream`);
  const frames: ServerFrame[] = [];
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify(subscribe));
    await new Promise<void>((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as ServerFrame;
        if (!('channel' in frame)) return;
        frames.push(frame);
        if (enough(frame)) resolve();
      });
      socket.once('close', (code) => reject(new Error(`the stream was closed with ${code}`)));
    });
    return frames;
  } finally {
    socket.terminate();
  }
}
