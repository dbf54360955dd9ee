import type { Observable, Subscription as Disposable } from 'rxjs';
import type { WebSocket } from 'ws';
import { CannotServe, type LiveRun } from '../live/live-run.js';
import { bookOf, checkChannel } from './channel.js';
import { Following } from './following.js';
import { frameText, type OutFrame } from './frame.js';
import { Outbox } from './outbox.js';
import { isAfter } from './position.js';
import { readRequest, StreamError, type StreamRequest } from './requests.js';

export interface ClientOptions {
  /** Most bytes on their way to one client. */
  readonly cap: number;
  /** Frames that a client may miss, without ever having caught up, before it is sent away. */
  readonly patience: number;
  readonly mostSubscriptions: number;
}

/** Close codes of RFC 6455 and its registry. */
export const GOING_AWAY = 1001;
export const TRY_AGAIN_LATER = 1013;

/** Longest reason of a close frame, in bytes. */
const MOST_REASON = 123;

/** Messages of one client that may wait; reading stops until they are done. */
const MOST_WAITING = 64;

/** One connected client: what it follows, and what is on its way to it. */
export class StreamClient {
  readonly #following = new Map<string, Following>();
  readonly #outbox: Outbox;
  #frames: Disposable | undefined;
  #missed = 0;
  #closed = false;
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly socket: WebSocket,
    readonly run: LiveRun,
    readonly frames$: Observable<OutFrame>,
    readonly options: ClientOptions,
    readonly onError: (error: unknown) => void,
  ) {
    this.#outbox = new Outbox(
      {
        send: (text, sent) => socket.send(text, sent),
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
      },
      options.cap,
      () => (this.#missed = 0),
    );
    socket.on('message', (data, isBinary) => {
      this.#heard(isBinary ? undefined : (data as Buffer).toString('utf8'));
    });
    socket.on('close', () => {
      this.dispose();
    });
    socket.on('error', () => undefined); // too large, no UTF-8, a broken line: `close` follows with its code
  }

  /** Lets go of everything that the client follows. */
  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#frames?.unsubscribe();
    for (const following of this.#following.values()) following.stop();
    this.#following.clear();
    this.#outbox.close();
  }

  // ---- what the client asks ----------------------------------------------------------------------------------------

  /** Messages are answered in their order, one at a time. */
  #heard(text: string | undefined): void {
    if (this.#closed) return;
    if (++this.#waiting === MOST_WAITING) this.socket.pause();
    this.#turn = this.#turn.then(async () => {
      try {
        if (text === undefined) throw new StreamError('wrong_type', 'a message is text; send {"subscribe": "orders"}');
        await this.#obey(readRequest(text));
      } catch (error) {
        this.#tell(error);
      }
      if (this.#waiting-- === MOST_WAITING) this.socket.resume();
    });
  }

  async #obey(request: StreamRequest): Promise<void> {
    if ('unsubscribe' in request) {
      const channel = request.unsubscribe;
      if (!this.#unfollow(channel))
        throw new StreamError(
          'not_subscribed',
          'there is no subscription to end; see which channel you meant',
          channel,
        );
      this.#control({ unsubscribed: channel });
      return;
    }
    const channel = request.subscribe;
    await checkChannel(this.run, channel);
    if (this.#closed) return;
    const { engine } = this.run.health();
    const now = `${engine.seq}.${engine.n}`;
    const from = request.from ?? now;
    if (isAfter(from, now))
      throw new StreamError('position_ahead', `the server is at ${now}; ask from there or from before`, channel);
    this.#unfollow(channel);
    if (this.#following.size >= this.options.mostSubscriptions)
      throw new StreamError(
        'too_many_subscriptions',
        `a client follows at most ${this.options.mostSubscriptions} channels; end one first`,
        channel,
      );
    if (this.#control({ subscribed: channel, position: from })) this.#follow(channel, from, request.from !== undefined);
  }

  #follow(channel: string, from: string, missed: boolean): void {
    const instrument = bookOf(channel);
    const stop = instrument === undefined ? () => undefined : this.run.watchBook(instrument);
    const catching = missed && instrument === undefined;
    const following = new Following(channel, from, catching ? 'catching' : 'live', stop);
    this.#following.set(channel, following);
    this.#frames ??= this.frames$.subscribe({
      next: (frame) => this.#happened(frame),
      complete: () => this.socket.close(GOING_AWAY, 'the run has ended'),
      error: () => this.socket.close(GOING_AWAY, 'the run has failed'),
    });
    if (instrument !== undefined) this.#showBook(following, instrument);
    if (catching) void this.#catchUp(following);
  }

  #unfollow(channel: string): boolean {
    const following = this.#following.get(channel);
    if (following === undefined) return false;
    following.stop();
    this.#following.delete(channel);
    if (this.#following.size === 0) {
      this.#frames?.unsubscribe();
      this.#frames = undefined;
    }
    return true;
  }

  /** A book needs no history: whoever follows one begins with how it stands. */
  #showBook({ channel }: Following, instrument: string): void {
    const book = this.run.book(instrument, 20);
    if (book === undefined) return;
    const { position } = book;
    this.#outbox.offerBook(channel, frameText({ channel, position, type: 'Book', data: { ...book } }));
  }

  // ---- what happens ------------------------------------------------------------------------------------------------

  #happened(frame: OutFrame): void {
    const following = this.#following.get(frame.frame.channel);
    if (following === undefined || this.#closed) return;
    try {
      if (following.state === 'catching') following.hold(frame, this.#room());
      else if (following.state === 'lost') this.#miss(following);
      else this.#deliver(following, frame);
    } catch (error) {
      // one client must not hold up the others, nor the run
      this.onError(error);
      this.socket.terminate();
    }
  }

  #deliver(following: Following, frame: OutFrame): void {
    const { channel, position } = frame.frame;
    if (bookOf(channel) !== undefined) {
      this.#outbox.offerBook(channel, frame.text);
      return;
    }
    if (this.#outbox.offer(frame.text)) following.after = position;
    else this.#lose(following);
  }

  /** Nothing more of this channel until the client asks again: it knows from where. */
  #lose(following: Following): void {
    const { channel, after } = following;
    following.state = 'lost';
    this.#control({ lost: { channel, after } });
    this.#miss(following);
  }

  #miss(following: Following): void {
    if (++this.#missed > this.options.patience) this.#sendAway(following);
  }

  #sendAway({ channel, after }: Following): void {
    const reason = `too slow: subscribe ${channel} again from ${after}`;
    this.#closeSlow(Buffer.byteLength(reason) <= MOST_REASON ? reason : `too slow: subscribe again from ${after}`);
  }

  #closeSlow(reason: string): void {
    this.#outbox.flush(); // what was counted as sent is sent
    this.socket.close(TRY_AGAIN_LATER, reason);
    this.dispose();
  }

  /** Bytes that may still wait for this client, over all its channels. */
  #room(): number {
    let room = this.options.cap - this.#outbox.bytes;
    for (const { heldBytes } of this.#following.values()) room -= heldBytes;
    return room;
  }

  /**
   * Hands over what came after a position, at the client's pace, then what happened meanwhile: each once and none left out.
   * If more happened meanwhile than may wait, that is read again as well.
   */
  async #catchUp(following: Following): Promise<void> {
    const { channel } = following;
    const again = (): boolean => following.overflowed;
    const gone = (): boolean => this.#closed || this.#following.get(channel) !== following;
    try {
      do {
        following.overflowed = false;
        for await (const frame of this.run.framesAfter(channel, following.after)) {
          await this.#outbox.room();
          if (gone()) return;
          if (!isAfter(frame.position, following.after)) continue;
          if (!this.#outbox.offer(frameText(frame))) {
            following.takeHeld();
            this.#lose(following); // larger than half of what may be on its way
            return;
          }
          following.after = frame.position;
        }
        if (gone()) return;
      } while (again());
      const { after } = following;
      following.state = 'live';
      for (const frame of following.takeHeld()) if (isAfter(frame.frame.position, after)) this.#happened(frame);
    } catch (error) {
      if (gone()) return;
      this.#unfollow(channel);
      this.#tell(error, channel);
    }
  }

  // ---- what the client is told -------------------------------------------------------------------------------------

  #tell(error: unknown, ofChannel?: string): void {
    if (this.#closed) return;
    let told: StreamError;
    if (error instanceof StreamError) told = error;
    else if (error instanceof CannotServe) told = new StreamError(error.code, `${error.message}; try again in a while`);
    else {
      this.onError(error);
      told = new StreamError('internal_error', 'something failed in the server; subscribe again');
    }
    const { code, detail, channel = ofChannel } = told;
    this.#control({ error: channel === undefined ? { code, detail } : { code, detail, channel } });
  }

  /** False when the client is gone: it asks and does not read. */
  #control(frame: object): boolean {
    if (this.#closed || this.#outbox.control(JSON.stringify(frame))) return !this.#closed;
    this.#closeSlow('too slow: it asks and does not read');
    return false;
  }
}
