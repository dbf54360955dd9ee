import type { WebSocket } from 'ws';

/** Something that calls back again and again; a test brings its own. */
export interface Timers {
  setInterval(tick: () => void, ms: number): unknown;
  clearInterval(timer: unknown): void;
}

export const systemTimers: Timers = {
  setInterval: (tick, ms) => setInterval(tick, ms).unref(),
  clearInterval: (timer) => {
    clearInterval(timer as NodeJS.Timeout);
  },
};

const EVERY_MS = 15_000;
const MOST_MISSED = 2;

/** Asks every socket every 15 s whether it is still there, and cuts off those that missed two answers. */
export class Heartbeat {
  readonly #missed = new Map<WebSocket, number>();
  readonly #timer: unknown;

  constructor(readonly timers: Timers) {
    this.#timer = timers.setInterval(() => {
      this.#beat();
    }, EVERY_MS);
  }

  watch(socket: WebSocket): void {
    this.#missed.set(socket, 0);
    socket.on('pong', () => {
      if (this.#missed.has(socket)) this.#missed.set(socket, 0);
    });
    socket.on('close', () => this.#missed.delete(socket));
  }

  stop(): void {
    this.timers.clearInterval(this.#timer);
  }

  #beat(): void {
    for (const [socket, missed] of this.#missed) {
      if (missed >= MOST_MISSED) {
        socket.terminate();
        continue;
      }
      this.#missed.set(socket, missed + 1);
      socket.ping();
    }
  }
}
