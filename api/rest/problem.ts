import { STATUS_CODES } from 'node:http';
import { sentence, type RequestProblem } from '../../adapters/requests/problem.js';
import { CannotServe, NoSuchMoment } from '../live/live-run.js';

/** What a problem names beside its sentence. */
export interface ProblemDetails {
  /** The field, as a JSON pointer into the body. */
  readonly pointer?: string;
  /** The query parameter or header. */
  readonly parameter?: string;
  /** The order that a refused submission left behind. */
  readonly orderId?: string;
}

/** An answer that is no success, as `application/problem+json` (RFC 9457). Thrown on the way to the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /**
   * @param code    a stable word
   * @param detail  what is wrong and how to mend it
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly details: ProblemDetails = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  body(): Record<string, unknown> {
    const { status, code, detail, details } = this;
    return { type: `urn:reprise:problem:${code}`, title: STATUS_CODES[status], status, detail, code, ...details };
  }
}

/** A problem of what was sent, or a refusal, as an answer. */
export function problemOf(status: number, problem: RequestProblem, details: ProblemDetails = {}): Problem {
  const pointer = status === 409 || problem.where === '' ? {} : { pointer: problem.where };
  return new Problem(status, problem.code, sentence(problem), { ...pointer, ...details });
}

const RETRY_AFTER: Record<CannotServe['code'], string> = {
  overloaded: '1',
  starting: '1',
  stopping: '5',
  log_failed: '30',
};

/** Whatever was thrown, as an answer. Of our own failures nothing is told but that it is one. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CannotServe)
    return new Problem(
      503,
      error.code,
      `${error.message}; try again in a while`,
      {},
      { 'Retry-After': RETRY_AFTER[error.code] },
    );
  if (error instanceof NoSuchMoment)
    return new Problem(error.code === 'moment_gone' ? 410 : 400, error.code, error.message, { parameter: 'asOf' });
  return new Problem(500, 'internal_error', 'something failed in the server; its own log says what, try again');
}
