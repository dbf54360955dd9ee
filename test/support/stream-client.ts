import { WebSocket } from 'ws';

/** What comes over a stream: a frame, or one of the control frames. */
export interface Told {
  readonly channel?: string;
  readonly position?: string;
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly subscribed?: string;
  readonly unsubscribed?: string;
  readonly lost?: { readonly channel: string; readonly after: string };
  readonly error?: { readonly code: string; readonly detail: string; readonly channel?: string };
}

/** A client of the stream that keeps all that it is told. */
export class TestClient {
  readonly told: Told[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  #waiters: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.told.push(JSON.parse(data.toString()) as Told);
      this.#wake();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  static connect(port: number, options: { readonly autoPong?: boolean } = {}): Promise<TestClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, options);
    const client = new TestClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Subscribes, and waits until that is answered. */
  async follow(channel: string, from?: string): Promise<Told> {
    const answered = this.told.length;
    this.say(from === undefined ? { subscribe: channel } : { subscribe: channel, from });
    const isAnswer = (told: Told): boolean => told.subscribed === channel || told.error?.channel === channel;
    await this.until(() => this.told.slice(answered).some(isAnswer));
    return this.told.slice(answered).find(isAnswer)!;
  }

  frames(channel: string): Told[] {
    return this.told.filter((told) => told.channel === channel);
  }

  /** Waits until what it was told satisfies a condition. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.until(() => this.closed !== undefined);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
