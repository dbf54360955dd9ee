import type { MarketEvent } from '../../core/market/events.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import type { EpochMicros } from '../../core/time.js';
import { CannotServe, type CommandAnswer } from './live-run.js';

/** Most market messages that may wait: then a feed is not pulled until there is room. */
const MARKET_LIMIT = 20_000;
/** Most commands that may wait: then a command is turned away. */
const COMMAND_LIMIT = 2_000;

export interface WaitingCommand {
  readonly kind: 'command';
  readonly at: EpochMicros;
  readonly command: UnstampedCommand;
  readonly answer: (answer: CommandAnswer) => void;
  readonly fail: (error: Error) => void;
}
export interface WaitingMessage {
  readonly kind: 'market';
  readonly at: EpochMicros;
  readonly event: MarketEvent;
}
export type Waiting = WaitingCommand | WaitingMessage;

/**
 * What has been received and is not in the log yet, in the order of receipt. Bounded on both sides: feeds wait for room,
 * commands are turned away; nothing is dropped silently.
 */
export class InputQueue {
  #items: Waiting[] = [];
  #commands = 0;
  #wake: (() => void) | undefined;
  #room: (() => void)[] = [];

  get length(): number {
    return this.#items.length;
  }

  /** Receipt of the oldest input that waits. */
  get oldest(): EpochMicros | undefined {
    return this.#items[0]?.at;
  }

  /** Puts market events in line; resolves when there is room for more. */
  async putMarket(events: readonly MarketEvent[]): Promise<void> {
    for (const event of events) this.#items.push({ kind: 'market', at: event.at, event });
    this.#wake?.();
    if (this.#items.length >= MARKET_LIMIT) await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** @throws {CannotServe} when too many wait */
  putCommand(waiting: WaitingCommand): void {
    if (this.#commands >= COMMAND_LIMIT)
      throw new CannotServe(
        'overloaded',
        `${COMMAND_LIMIT} commands are waiting for the log; send this one again in a second`,
      );
    this.#commands++;
    this.#items.push(waiting);
    this.#wake?.();
  }

  /** Takes up to `most` inputs out of the line. */
  take(most: number): Waiting[] {
    const taken = this.#items.length <= most ? this.#items : this.#items.slice(0, most);
    this.#items = this.#items.length <= most ? [] : this.#items.slice(most);
    for (const { kind } of taken) if (kind === 'command') this.#commands--;
    if (this.#items.length < MARKET_LIMIT / 2) {
      const waiting = this.#room;
      this.#room = [];
      for (const resolve of waiting) resolve();
    }
    return taken;
  }

  /** Resolves as soon as something waits. */
  async ready(): Promise<void> {
    if (this.#items.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** Wakes whoever waits on `ready`, with or without an input. */
  wake(): void {
    this.#wake?.();
  }
}
