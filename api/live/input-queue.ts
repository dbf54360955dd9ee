import type { MarketEvent } from '../../core/market/events.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import type { EpochMicros } from '../../core/time.js';
import { CannotServe, type CommandAnswer } from './live-run.js';

/** So many inputs, and so much of their text in bytes. */
export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** Market data that may wait, at the most: then the line is full. */
export const MARKET_LIMIT: Amount = { count: 20_000, bytes: 16 * 1024 * 1024 };
/** Most commands that may wait: then a command is turned away. */
const COMMAND_LIMIT = 2_000;

export interface WaitingCommand {
  readonly kind: 'command';
  readonly at: EpochMicros;
  readonly bytes: number;
  readonly command: UnstampedCommand;
  readonly answer: (answer: CommandAnswer) => void;
  readonly fail: (error: Error) => void;
}
export interface WaitingMessage {
  readonly kind: 'market';
  readonly at: EpochMicros;
  readonly bytes: number;
  readonly event: MarketEvent;
}
export type Waiting = WaitingCommand | WaitingMessage;

/**
 * What has been received and is not in the log yet, in the order of receipt. Commands are turned away when too many wait;
 * whoever puts market data in line looks whether it is full.
 */
export class InputQueue {
  #items: Waiting[] = [];
  #commands = 0;
  /** Of the market data that wait. */
  #marketBytes = 0;
  #bytes = 0;
  #wake: ((whateverWaits: boolean) => void) | undefined;
  readonly #listeners: (() => void)[] = [];

  get length(): number {
    return this.#items.length;
  }

  /** Receipt of the oldest input that waits. */
  get oldest(): EpochMicros | undefined {
    return this.#items[0]?.at;
  }

  /** As much market data waits as may. */
  get isFull(): boolean {
    return this.#marketCount >= MARKET_LIMIT.count || this.#marketBytes >= MARKET_LIMIT.bytes;
  }

  /** No more than half of it waits. */
  get hasRoom(): boolean {
    return this.#marketCount <= MARKET_LIMIT.count / 2 && this.#marketBytes <= MARKET_LIMIT.bytes / 2;
  }

  /** Whether what waits should be taken without waiting for more: a command does, or as much as is taken at once. */
  isPressing(turn: Amount): boolean {
    return this.#commands > 0 || this.#items.length >= turn.count || this.#bytes >= turn.bytes;
  }

  putMarket(event: MarketEvent): void {
    const bytes = textBytes(event);
    this.#marketBytes += bytes;
    this.#put({ kind: 'market', at: event.at, bytes, event });
  }

  /** @throws {CannotServe} when too many wait */
  putCommand(waiting: Omit<WaitingCommand, 'kind' | 'bytes'>): void {
    if (this.#commands >= COMMAND_LIMIT)
      throw new CannotServe(
        'overloaded',
        `${COMMAND_LIMIT} commands are waiting for the log; send this one again in a second`,
      );
    this.#commands++;
    this.#put({ kind: 'command', bytes: JSON.stringify(waiting.command).length, ...waiting });
  }

  /**
   * Takes inputs out of the line: the first one, and those behind it up to an amount.
   *
   * @param endsBefore  whether what is taken must end before an input; asked of each in turn, the first one too
   */
  take(most: Amount, endsBefore: (waiting: Waiting) => boolean = () => false): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const item of this.#items) {
      const ends = endsBefore(item) || count >= most.count || bytes + item.bytes > most.bytes;
      if (count > 0 && ends) break;
      count++;
      bytes += item.bytes;
      if (item.kind === 'command') this.#commands--;
      else this.#marketBytes -= item.bytes;
    }
    this.#bytes -= bytes;
    const taken = this.#items.slice(0, count);
    this.#items = this.#items.slice(count);
    for (const listener of this.#listeners) listener();
    return taken;
  }

  /** Has it called whenever inputs were taken out. */
  onTaken(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves as soon as enough waits. One waits at a time. */
  async until(enough: () => boolean): Promise<void> {
    if (enough()) return;
    await new Promise<void>((resolve) => {
      this.#wake = (whateverWaits) => {
        if (!whateverWaits && !enough()) return;
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** Wakes whoever waits on `until`, enough or not. */
  wake(): void {
    this.#wake?.(true);
  }

  get #marketCount(): number {
    return this.#items.length - this.#commands;
  }

  #put(waiting: Waiting): void {
    this.#items.push(waiting);
    this.#bytes += waiting.bytes;
    this.#wake?.(false);
  }
}

/** About what an event's JSON takes, without making it. */
function textBytes(event: MarketEvent): number {
  const ENVELOPE = 200;
  switch (event.type) {
    case 'BookSnapshot':
    case 'BookDelta': {
      let bytes = ENVELOPE;
      for (const levels of [event.data.bids, event.data.asks])
        for (const [price, quantity] of levels) bytes += price.length + quantity.length + 8;
      return bytes;
    }
    case 'Traded':
      return ENVELOPE + event.data.trades.length * 100;
    case 'InstrumentDefined':
      return 3 * ENVELOPE;
    default:
      return ENVELOPE + (event.data.detail?.length ?? 0);
  }
}
