import { MICROS, type EpochMicros } from '../../../core/time.js';
import { DEFAULT_LASTS, type Fault } from './faults.js';

/** A connection that the venue does not take. */
export class VenueRefuses extends Error {
  override readonly name = 'VenueRefuses';
  constructor(
    readonly status: 429 | 503,
    /** Whole seconds, with 429. */
    readonly retryAfter?: number,
  ) {
    super(status === 429 ? 'too many connections: HTTP 429' : 'the venue takes no connection: HTTP 503');
  }
}

/** What is wrong with the venue as a whole, and until when. */
export class Troubles {
  silentUntil: EpochMicros = 0;
  #limitedUntil: EpochMicros = 0;
  #connections = 0;
  #subscriptions = 0;

  begin({ kind, count = 1, lasts = DEFAULT_LASTS }: Fault, now: EpochMicros): void {
    if (kind === 'silent') this.silentUntil = Math.max(this.silentUntil, now + lasts);
    else if (kind === 'rate-limit') this.#limitedUntil = Math.max(this.#limitedUntil, now + lasts);
    else if (kind === 'refuse') this.#connections += count;
    else if (kind === 'refuse-subscriptions') this.#subscriptions += count;
  }

  /** Lets a connection in. @throws {VenueRefuses} */
  admit(now: EpochMicros): void {
    const retryAfter = this.retryAfter(now);
    if (retryAfter !== undefined) throw new VenueRefuses(429, retryAfter);
    if (this.#connections === 0) return;
    this.#connections--;
    throw new VenueRefuses(503);
  }

  /** Whole seconds that a client must wait; undefined where it need not. */
  retryAfter(now: EpochMicros): number | undefined {
    return now < this.#limitedUntil ? Math.ceil((this.#limitedUntil - now) / MICROS.s) : undefined;
  }

  /** Whether subscriptions are refused. */
  get refusesSubscriptions(): boolean {
    return this.#subscriptions > 0;
  }

  refusedSubscription(): void {
    this.#subscriptions--;
  }
}
