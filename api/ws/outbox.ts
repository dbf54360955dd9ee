/** As much of a socket as an outbox needs. */
export interface Sink {
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
  send(text: string, sent: () => void): void;
}

/** What is kept here for a socket that is slow, rather than in the socket: only what waits here can still be replaced. */
const MOST_IN_SOCKET = 64 * 1024;
/** How far control frames may go beyond the cap. */
const CONTROL_ROOM = 64 * 1024;

interface Waiting {
  text: string;
  bytes: number;
}

/**
 * What is on its way to one client, bounded in bytes. Frames that each say something new find room or do not; of a book only
 * the newest waits; control frames always fit, unless the client is not reading at all.
 */
export class Outbox {
  /** In the order in which they go out. */
  readonly #waiting = new Set<Waiting>();
  readonly #books = new Map<string, Waiting>();
  #waitingBytes = 0;
  #closed = false;
  #forRoom: (() => void)[] = [];

  /**
   * @param cap      most bytes on their way, those in the socket included
   * @param drained  called whenever nothing waits any more
   */
  constructor(
    readonly sink: Sink,
    readonly cap: number,
    readonly drained: () => void = () => undefined,
  ) {}

  get bytes(): number {
    return this.#waitingBytes + this.sink.bufferedAmount;
  }

  /** Sends a frame, or says that there is no room for it. */
  offer(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.#closed || this.bytes + bytes > this.cap) return false;
    this.#put({ text, bytes });
    return true;
  }

  /** Sends a book, in the place of an older one of the channel that still waits. */
  offerBook(channel: string, text: string): void {
    if (this.#closed) return;
    const bytes = Buffer.byteLength(text);
    const older = this.#books.get(channel);
    if (older === undefined) {
      const waiting = { text, bytes };
      this.#books.set(channel, waiting);
      this.#put(waiting);
    } else {
      this.#waitingBytes += bytes - older.bytes;
      older.text = text;
      older.bytes = bytes;
    }
  }

  /** Sends what must be said. False when the client has let so much lie that even this has no room. */
  control(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.#closed || this.bytes + bytes > this.cap + CONTROL_ROOM) return false;
    this.#put({ text, bytes });
    return true;
  }

  /** Resolves once less than half of the cap is on its way, or when the outbox is closed. */
  async room(): Promise<void> {
    while (!this.#closed && this.bytes > this.cap / 2)
      await new Promise<void>((resolve) => {
        this.#forRoom.push(resolve);
      });
  }

  /** Hands everything that waits to the socket, which is about to be closed. */
  flush(): void {
    for (const { text } of this.#waiting) this.sink.send(text, () => undefined);
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    this.#books.clear();
    this.#waitingBytes = 0;
    this.#wake();
  }

  #put(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#waitingBytes += waiting.bytes;
    this.#pump();
  }

  #pump(): void {
    for (const waiting of this.#waiting) {
      if (this.sink.bufferedAmount > MOST_IN_SOCKET) return;
      this.#waiting.delete(waiting);
      this.#waitingBytes -= waiting.bytes;
      for (const [channel, book] of this.#books) if (book === waiting) this.#books.delete(channel);
      this.sink.send(waiting.text, () => this.#sent());
    }
  }

  #sent(): void {
    if (this.#closed) return;
    this.#pump();
    this.#wake();
    if (this.#waiting.size === 0 && this.sink.bufferedAmount === 0) this.drained();
  }

  #wake(): void {
    const waiters = this.#forRoom;
    this.#forRoom = [];
    for (const wake of waiters) wake();
  }
}
