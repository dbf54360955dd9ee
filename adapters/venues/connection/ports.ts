import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Frame } from '../venue.js';

/** A socket to a venue, opened. Whatever happens to it is told through `SocketListener`, in order, after `open` resolved. */
export interface Socket {
  send(text: string): void;
  /** Closes it; `closed` is told none the less. */
  close(): void;
}

export interface SocketListener {
  /** @param nanos  nanoseconds beyond `receivedAt`, 0 to 999, where they are known */
  message(text: string, receivedAt: EpochMicros, nanos?: number): void;
  /** A sign of life that is no message: a ping or pong of the socket itself. */
  alive(receivedAt: EpochMicros): void;
  /** Said once. */
  closed(reason: string): void;
}

/** Opens sockets; one for the machine's network, one for a venue in the same process. */
export interface Sockets {
  /** @throws when the venue does not take the connection */
  open(url: string, listener: SocketListener): Promise<Socket>;
}

export interface RestReply {
  readonly status: number;
  /** `Retry-After` in seconds, where the venue sent it. */
  readonly retryAfter?: number;
  readonly text: string;
  readonly receivedAt: EpochMicros;
  /** Nanoseconds beyond it, where they are known. */
  readonly nanos?: number;
}

/** Asks REST; a venue that answers with an error status has answered. */
export interface Rest {
  /** @throws when there is no answer */
  request(url: string, options: { readonly method: 'GET' | 'POST'; readonly body?: string }): Promise<RestReply>;
}

/**
 * What a feed tells whoever keeps the raw frames. Times are its clock's. Connections are counted from 1; 0 stands for the
 * requests that are of no connection (the rules of instruments).
 */
export interface FrameTap {
  /** A connection was opened. */
  opened?(at: EpochMicros, connection: number, url: string): void;
  /** A message or a reply, before the mapper reads it. */
  frame(frame: Frame, connection: number): void;
  /** What an instrument is has changed. */
  defined?(at: EpochMicros, definition: InstrumentDefinition): void;
  /** The trust of books was taken away for a reason that no frame shows. */
  interrupted(at: EpochMicros, connection: number, reason: string, detail: string, symbols?: readonly string[]): void;
}

/** Numbers in [0, 1) that spread reconnections; the only chance in a feed, and nothing of it reaches an input. */
export type Jitter = () => number;
