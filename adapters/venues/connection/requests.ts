import type { StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import { shown } from '../mapping/fields.js';
import type { Frame, Limits, Request } from '../venue.js';
import { Allowance } from './allowance.js';
import type { Rest, RestReply } from './ports.js';

/** How long nothing is asked after an answer that wants a pause and does not say which. */
const PAUSES: Readonly<Record<number, Micros>> = { 418: 2 * MICROS.m, 429: 10 * MICROS.s, 503: 5 * MICROS.s };

/** A request had no answer, or one that says no. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  constructor(
    message: string,
    /** 0 where nobody answered. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A venue's REST, asked no more often than it allows, and not at all while it wants a pause. */
export class Requests {
  readonly #allowance: Allowance;

  constructor(
    /** Address that the paths of requests are behind. */
    readonly base: string,
    readonly limit: Limits['requests'],
    readonly rest: Rest,
    readonly clock: Clock,
  ) {
    this.#allowance = new Allowance(limit);
  }

  /** The first instant at which the venue takes one more. */
  freeAt(now: EpochMicros): EpochMicros {
    return this.#allowance.freeAt(now);
  }

  /** Asks when its turn has come. @throws {RequestFailed} */
  async ask({ method = 'GET', path, body }: Request, signal: StopSignal): Promise<Frame> {
    const url = this.base + path;
    await this.#turn(signal);
    let reply: RestReply;
    try {
      reply = await this.rest.request(url, { method, ...(body === undefined ? {} : { body }) });
    } catch (cause) {
      throw new RequestFailed(`no answer from ${url}: ${reasonOf(cause)}`, 0, { cause });
    }
    const { status, text, receivedAt, nanos } = reply;
    if (status >= 200 && status < 300)
      return { at: receivedAt, ...(nanos === undefined ? {} : { nanos }), kind: 'reply', url, text };
    this.#pause(reply);
    throw new RequestFailed(`${url} was answered with ${status}: ${shown(text)}`, status);
  }

  async #turn(signal: StopSignal): Promise<void> {
    const { clock } = this;
    for (let at = this.freeAt(clock.now()); at > clock.now(); at = this.freeAt(clock.now())) {
      await clock.until(at, signal);
      if (signal.aborted) throw new RequestFailed('stopped before it was asked', 0);
    }
    this.#allowance.take(clock.now());
  }

  #pause({ status, retryAfter, receivedAt }: RestReply): void {
    const span = retryAfter === undefined ? PAUSES[status] : Math.ceil(retryAfter * MICROS.s);
    if (span !== undefined) this.#allowance.close(receivedAt + span);
  }
}

/** What went wrong, in the words of the innermost error: `fetch` hides it behind others. */
export function reasonOf(error: unknown): string {
  if (error instanceof RequestFailed || !(error instanceof Error))
    return error instanceof Error ? error.message : String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.message;
}
