import type { Refusal } from '../../core/errors.js';

/** What the door turns away: `where` is a JSON pointer into what was sent, empty for the whole of it. Nothing is logged. */
export type RequestProblem = Refusal;

/** Something read at the door, or why it could not be. */
export type Read<T> =
  { readonly ok: T; readonly problem?: undefined } | { readonly problem: RequestProblem; readonly ok?: undefined };

/** A refusal as one sentence: what, and how to mend it. */
export const sentence = ({ what, mend }: Pick<RequestProblem, 'what' | 'mend'>): string => `${what}; ${mend}`;

const MOST_SHOWN = 60;

/** What a client sent, short enough for a message. */
export const shortened = (text: string): string =>
  text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
