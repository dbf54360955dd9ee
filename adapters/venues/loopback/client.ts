import type { MarketEvent } from '../../../core/market/events.js';
import { MICROS, type EpochMicros } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument } from './dialect.js';
import type { MessageFaultKind } from './faults.js';

/** What carries messages to one client. */
export interface Wire {
  send(text: string): void;
  /** A sign of life that is no message. */
  ping(): void;
  /** @param isClean  with leave taken; else the connection just breaks */
  close(reason: string, isClean: boolean): void;
  /** Characters or bytes that were sent and not yet taken. */
  readonly unread: number;
}

/** A client that leaves more than this unread is dropped. */
export const MOST_UNREAD = 16_777_216;
/** Sign of life where nothing was sent for so long. */
const BEAT = MICROS.s;

/** One connection of a client: its dialect, what it has open, and what becomes of its messages on the way. */
export class LoopbackClient {
  readonly open = new Set<string>();
  #lastSentAt: EpochMicros;
  /** Messages that wait while the venue is silent. */
  #stuck: string[] | undefined;
  #stuckLength = 0;
  /** Book messages that let the next one of their instrument pass. */
  readonly #passed = new Map<string, readonly string[]>();

  constructor(
    readonly dialect: Dialect,
    readonly wire: Wire,
    connectedAt: EpochMicros,
  ) {
    this.#lastSentAt = connectedAt;
  }

  /** Answers what a client asked for. @returns the instruments that it opened anew */
  take({ answers, opens = [], closes = [] }: Received, served: Served, now: EpochMicros): ServedInstrument[] {
    for (const symbol of closes) {
      this.open.delete(symbol);
      this.#passed.delete(symbol);
    }
    for (const answer of answers) this.send(answer, now);
    const opened: ServedInstrument[] = [];
    for (const symbol of opens) {
      const instrument = served.get(symbol);
      if (instrument === undefined) continue;
      this.open.add(symbol);
      opened.push(instrument);
      for (const message of this.dialect.opening(instrument)) this.send(message, now);
    }
    return opened;
  }

  /** What the venue says of an event to this client. */
  told(event: MarketEvent, instrument: ServedInstrument): readonly string[] {
    return this.open.has(instrument.symbol) ? this.dialect.say(event, instrument) : [];
  }

  /** Sends messages with what befalls them on the way. */
  pass(messages: readonly string[], symbol: string, fault: MessageFaultKind | undefined, now: EpochMicros): void {
    if (fault === 'reorder') {
      const before = this.#passed.get(symbol) ?? [];
      this.#passed.set(symbol, messages);
      for (const message of before) this.send(message, now);
      return;
    }
    for (const message of messages) for (const sent of befallen(message, fault, this.dialect)) this.send(sent, now);
    const late = this.#passed.get(symbol);
    if (late === undefined || messages.length === 0) return;
    this.#passed.delete(symbol);
    for (const message of late) this.send(message, now);
  }

  send(message: string, now: EpochMicros): void {
    if (this.#stuck === undefined) {
      this.#lastSentAt = now;
      this.wire.send(message);
      if (this.wire.unread > MOST_UNREAD) this.wire.close('the client does not read', false);
      return;
    }
    this.#stuck.push(message);
    this.#stuckLength += message.length;
    if (this.#stuckLength > MOST_UNREAD) this.wire.close('the client does not read', false);
  }

  /** From now on nothing is sent, until `speak`. */
  fallSilent(): void {
    this.#stuck ??= [];
  }

  speak(now: EpochMicros): void {
    const stuck = this.#stuck ?? [];
    this.#stuck = undefined;
    this.#stuckLength = 0;
    for (const message of stuck) this.send(message, now);
  }

  /** A sign of life, where nothing else was sent for a second. */
  beat(now: EpochMicros): void {
    if (this.#stuck !== undefined || now - this.#lastSentAt < BEAT) return;
    const heartbeat = this.open.size === 0 ? undefined : this.dialect.heartbeat?.();
    if (heartbeat !== undefined) this.send(heartbeat, now);
    else {
      this.#lastSentAt = now;
      this.wire.ping();
    }
  }
}

function befallen(message: string, fault: MessageFaultKind | undefined, dialect: Dialect): readonly string[] {
  switch (fault) {
    case 'drop':
      return [];
    case 'duplicate':
      return [message, message];
    case 'corrupt':
      return [dialect.corrupted?.(message) ?? message];
    case 'garble':
      return [message.slice(0, message.length >> 1)];
    default:
      return [message];
  }
}
