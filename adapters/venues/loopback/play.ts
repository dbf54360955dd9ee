import { setImmediate } from 'node:timers/promises';
import type { BookSnapshot, MarketEvent } from '../../../core/market/events.js';
import type { Recording, StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros } from '../../../core/time.js';
import { Alarm } from '../../clock/alarm.js';
import type { Clock } from '../../clock/clock.js';
import { Upcoming } from './upcoming.js';

/** Who is told what the play has come to. */
export interface Stage {
  /** Puts an event into its book. */
  apply(event: MarketEvent): void;
  /** Sends it to the clients. @returns whether anybody hears of it */
  say(event: MarketEvent): boolean;
  /** Whether clients wait for this snapshot and will ask for it: the play must not pass it before they have it. */
  isAwaited(snapshot: BookSnapshot): boolean;
  /** Whether somebody has asked for it already. */
  isAskedFor(snapshot: BookSnapshot): boolean;
  /** Resolves when the snapshot was asked for and handed over, or when nobody asks. */
  handedOver(snapshot: BookSnapshot): Promise<void>;
}

/** A message that comes so soon behind a snapshot may come before it, so that clients ask for it. */
const SOON = 10 * MICROS.s;

/** Events after which others get their turn, where many are due at once. */
const EVENTS_PER_TURN = 64;

/** Plays a recording: each event when the clock reaches its instant, or step by step. */
export class Play {
  /** Events played so far. */
  played = 0;
  /** How far it is, in the recording's time. */
  at: EpochMicros;
  readonly #alarm: Alarm;
  /** The clock's time at which the recording stood at `#anchorAt`. */
  #anchorClock: EpochMicros;
  #anchorAt: EpochMicros;
  #steps = 0;
  #stepped: (() => void)[] = [];

  /** @param speed  the recording's time to the clock's; 0: only `step` moves it */
  constructor(
    readonly recording: Recording,
    readonly clock: Clock,
    readonly speed: number,
    readonly stage: Stage,
  ) {
    this.#alarm = new Alarm(clock);
    this.#anchorClock = clock.now();
    this.#anchorAt = recording.from;
    this.at = recording.from;
  }

  /** Lets the next `count` events come. Resolves when they have, or the recording is at its end. */
  step(count: number): Promise<void> {
    this.#steps += count;
    this.#alarm.ring();
    return new Promise((resolve) => this.#stepped.push(resolve));
  }

  /** Resolves when the recording is at its end, or the signal aborts. */
  async run(signal: StopSignal): Promise<void> {
    const upcoming = new Upcoming(this.recording);
    this.#anchor(this.recording.from);
    try {
      for (let event = await upcoming.next(); event !== undefined; event = await upcoming.next()) {
        await this.#turnOf(event, signal);
        if (signal.aborted) return;
        if (event.at > this.at) this.at = event.at;
        if (event.type === 'BookSnapshot' && this.stage.isAwaited(event)) await this.#handOver(event, upcoming);
        else {
          this.stage.apply(event);
          this.stage.say(event);
        }
        if (++this.played % EVENTS_PER_TURN === 0) await setImmediate();
      }
      if (this.speed > 0) await this.#until(this.recording.to, signal);
      this.at = this.recording.to;
    } finally {
      await upcoming.close();
      this.#tellStepped();
    }
  }

  /** The recording's time stands still until the snapshot is handed over. */
  async #handOver(snapshot: BookSnapshot, upcoming: Upcoming): Promise<void> {
    this.stage.apply(snapshot);
    this.stage.say(snapshot);
    const held = await upcoming.heldBy(snapshot);
    let isHeard = held.map((event) => this.stage.say(event)).includes(true);
    // some clients ask only when they have a message that they cannot use
    while (!isHeard && !this.stage.isAskedFor(snapshot)) {
      const next = await upcoming.nextOf(snapshot, SOON);
      if (next === undefined) break;
      held.push(next);
      isHeard = this.stage.say(next);
    }
    await this.stage.handedOver(snapshot);
    for (const event of held) this.stage.apply(event);
    this.played += held.length;
    this.#steps -= held.length;
    this.#anchor(snapshot.at);
  }

  async #turnOf({ at, type }: MarketEvent, signal: StopSignal): Promise<void> {
    if (this.speed > 0) {
      await this.#until(at, signal);
      return;
    }
    if (type === 'InstrumentDefined') return;
    if (this.#steps <= 0) this.#tellStepped();
    while (this.#steps <= 0 && !signal.aborted) await this.#alarm.wait(Infinity, signal);
    this.#steps--;
  }

  #tellStepped(): void {
    for (const resolve of this.#stepped.splice(0)) resolve();
  }

  async #until(at: EpochMicros, signal: StopSignal): Promise<void> {
    const due = this.#anchorClock + Math.ceil((at - this.#anchorAt) / this.speed);
    while (this.clock.now() < due && !signal.aborted) await this.clock.until(due, signal);
  }

  #anchor(at: EpochMicros): void {
    this.#anchorClock = this.clock.now();
    this.#anchorAt = at;
  }
}
