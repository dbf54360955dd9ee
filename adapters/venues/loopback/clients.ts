import type { MarketEvent } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { LoopbackClient } from './client.js';
import type { ServedInstrument } from './dialect.js';
import type { MessageFaultKind } from './faults.js';

/** What the venue has to say of one book message, to each client that hears of it. */
export interface Said {
  readonly client: LoopbackClient;
  readonly messages: readonly string[];
}

/** Everybody who is connected. */
export class Clients {
  readonly #all = new Set<LoopbackClient>();

  get size(): number {
    return this.#all.size;
  }

  has(client: LoopbackClient): boolean {
    return this.#all.has(client);
  }

  add(client: LoopbackClient): void {
    this.#all.add(client);
  }

  delete(client: LoopbackClient): void {
    this.#all.delete(client);
  }

  /** Whether anybody has this instrument open, or any instrument. */
  isOpen(symbol?: string): boolean {
    for (const { open } of this.#all) if (symbol === undefined ? open.size > 0 : open.has(symbol)) return true;
    return false;
  }

  /** What is said of an event, client by client. */
  told(event: MarketEvent, instrument: ServedInstrument): Said[] {
    const said: Said[] = [];
    for (const client of this.#all) {
      const messages = client.told(event, instrument);
      if (messages.length > 0) said.push({ client, messages });
    }
    return said;
  }

  /** Sends what was said to those who are still there, with what befalls it on the way. */
  pass(said: readonly Said[], symbol: string, fault: MessageFaultKind | undefined, now: EpochMicros): void {
    for (const { client, messages } of said) if (this.#all.has(client)) client.pass(messages, symbol, fault, now);
  }

  fallSilent(): void {
    for (const client of this.#all) client.fallSilent();
  }

  /** Nobody is silent any more, and those who heard nothing for a while get a sign of life. */
  beat(now: EpochMicros, isSilent: boolean): void {
    for (const client of this.#all) {
      if (!isSilent) client.speak(now);
      client.beat(now);
    }
  }

  /** @param isClean  leave is taken; else every connection just breaks */
  close(reason: string, isClean: boolean): void {
    const all = [...this.#all];
    this.#all.clear();
    for (const { wire } of all) wire.close(reason, isClean);
  }
}
