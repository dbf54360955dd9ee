import type { StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import { scaledClock } from '../../clock/scaled-clock.js';

/** Times as fast as the machine's time, or standing still until somebody says how far to go. */
export type SessionSpeed = number | 'step';

/** How far a session is moved by hand: over so many messages, or to an instant. */
export type SessionStep = { readonly messages: number } | { readonly until: EpochMicros };

export interface SessionClockOptions {
  readonly startAt: EpochMicros;
  readonly speed: SessionSpeed;
  /** The machine's time. */
  readonly base: Clock;
  /**
   * Somebody lives in this time and says with `lived` how far: it never leaps over more than a second that they have not
   * lived through, however fast it goes.
   */
  readonly isLivedIn: boolean;
}

/** Whoever lives through a session ticks each second: a longer hole would say that they were dead. */
const BREATH: Micros = MICROS.s;

/**
 * The time of a captured session that is lived again. It waits: for a message that is not handed over yet, so that none comes
 * late, and for those who live in it. So a session can run as fast as the machine can, and loses nothing.
 */
export class SessionClock implements Clock {
  readonly speed: SessionSpeed;
  readonly base: Clock;
  readonly #isLivedIn: boolean;
  /** How time would go if nobody had to be waited for; begins with the feed. */
  #pace: Clock | undefined;
  #now: EpochMicros;
  /** The first message that is not handed over. */
  #next: EpochMicros;
  #lived: EpochMicros;
  /** Of a session that is moved by hand: how far it may go, and how it is being moved. */
  #goesTo: EpochMicros;
  #step: { messages: number } | { readonly until: EpochMicros } | undefined;
  #stepped: (() => void) | undefined;
  #isOver = false;
  readonly #waiting = new Set<() => void>();

  constructor({ startAt, speed, base, isLivedIn }: SessionClockOptions) {
    this.speed = speed;
    this.base = base;
    this.#isLivedIn = isLivedIn;
    this.#now = this.#next = this.#lived = this.#goesTo = startAt;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  now(): EpochMicros {
    const at = Math.min(this.#goal(), this.#next, this.#limit(this.#lived));
    if (at > this.#now) this.#now = at;
    return this.#now;
  }

  async until(at: EpochMicros, signal: StopSignal): Promise<void> {
    if (at <= this.now()) await this.base.until(this.base.now(), signal);
    while (this.now() < at && !signal.aborted) await this.#moved(at, signal);
  }

  /** Those who live in this time have come so far. */
  lived(at: EpochMicros): void {
    if (at <= this.#lived) return;
    this.#lived = at;
    this.#nudge();
  }

  /** Moves a session that is moved by hand; resolves when all up to there is handed over and lived through. One at a time. */
  async step(step: SessionStep): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      this.#stepped = resolve;
      this.#step = { ...step };
      if ('until' in step) {
        if (step.until > this.#goesTo) this.#goesTo = step.until;
        if (step.until < this.#next) this.#endStep(); // no message is on the way there
      }
      this.#nudge();
    });
    const { signal } = new AbortController();
    if (!this.isOver) await this.until(this.#goesTo, signal);
  }

  // ---- what the session's feed says ------------------------------------------------------------------------------------

  /** The feed is listened to. */
  begin(): void {
    const { speed, base } = this;
    if (speed !== 'step') this.#pace = scaledClock({ startAt: this.#now, speed, base });
  }

  /** Whether a message may be handed over behind one of `last`. One that may must be. */
  admits(at: EpochMicros, last: EpochMicros): boolean {
    const step = this.#step;
    if (at > Math.min(this.#goal(), this.#limit(Math.max(last, this.#lived)))) return false;
    if (this.speed !== 'step') return true;
    if (step === undefined) return false;
    if ('until' in step) return at <= step.until;
    if (step.messages === 0) return false;
    if (--step.messages === 0 && at > this.#goesTo) this.#goesTo = at;
    return true;
  }

  /** The first message that is not handed over yet: time waits for it. */
  holds(at: EpochMicros): void {
    this.#next = at;
    this.#nudge();
  }

  /** All is handed over that may be, and the next message is of `at`. */
  waits(at: EpochMicros): void {
    this.holds(at);
    const step = this.#step;
    if (step === undefined || ('until' in step ? at <= step.until : step.messages > 0)) return;
    this.#endStep();
  }

  /** The session has nothing more to say. What is under way in its time goes on as in the machine's, but for one moved by hand. */
  over(): void {
    const now = this.now();
    this.#isOver = true;
    this.#next = Infinity;
    this.#goesTo = now;
    const { speed, base } = this;
    this.#pace =
      this.#isLivedIn && speed !== 'step' ? scaledClock({ startAt: now, speed: Math.min(speed, 1), base }) : undefined;
    this.#endStep();
    this.#nudge();
  }

  #endStep(): void {
    this.#step = undefined;
    this.#stepped?.();
    this.#stepped = undefined;
  }

  #goal(): EpochMicros {
    if (this.speed !== 'step') return this.#pace?.now() ?? this.#now;
    return this.#step !== undefined && 'messages' in this.#step && this.#step.messages > 0 ? Infinity : this.#goesTo;
  }

  #limit(from: EpochMicros): EpochMicros {
    return this.#isLivedIn ? from + BREATH : Infinity;
  }

  /** Waits until time may have moved: by its own pace, or because what it waited for has happened. */
  async #moved(at: EpochMicros, signal: StopSignal): Promise<void> {
    const wait = new AbortController();
    const end = (): void => wait.abort();
    signal.addEventListener('abort', end);
    this.#waiting.add(end);
    const to = Math.min(at, this.#next, this.#limit(this.#lived));
    const isHeld = this.#pace === undefined || this.#pace.now() >= to;
    await (isHeld ? aborted(wait.signal) : this.#pace!.until(to, wait.signal));
    this.#waiting.delete(end);
    signal.removeEventListener('abort', end);
  }

  #nudge(): void {
    for (const wake of this.#waiting) wake();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
