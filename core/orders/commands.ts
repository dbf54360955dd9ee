import type { Event } from '../market/events.js';
import type { Changes } from './amendment.js';
import type { TwapParameters } from './parameters.js';

interface Addressed {
  readonly orderId: string;
  /** The account whose desk holds the order; the door knows it. */
  readonly account: string;
  /** Who asked: an opaque id. Users, passwords and keys are not in the log. */
  readonly actor?: string;
}

export type SubmitTwap = Event<'SubmitTwap', 1, TwapParameters & { readonly orderId: string; readonly actor?: string }>;
export type AmendOrder = Event<'AmendOrder', 1, Addressed & { readonly changes: Changes }>;
export type StartOrder = Event<'StartOrder', 1, Addressed>;
export type PauseOrder = Event<'PauseOrder', 1, Addressed>;
export type ResumeOrder = Event<'ResumeOrder', 1, Addressed>;
export type StopOrder = Event<'StopOrder', 1, Addressed>;
export type CancelOrder = Event<'CancelOrder', 1, Addressed>;

/** What a client can ask of an order. Commands are inputs: they are in the log before anyone acts on them. */
export type Command = SubmitTwap | AmendOrder | StartOrder | PauseOrder | ResumeOrder | StopOrder | CancelOrder;
/** A command without the instant at which it came in, which the sequencer stamps. */
export type UnstampedCommand = Command extends infer C ? (C extends Command ? Omit<C, 'at'> : never) : never;
