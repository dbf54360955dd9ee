import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import type { OrderState } from './state.js';

/** What goes off by itself for an order, when the engine's clock passes its due time. */
export type TimerKind = 'start' | 'slice' | 'end' | 'arrival' | 'pull' | 'report';
export type SetTimer = (at: EpochMicros, kind: TimerKind, order: OrderState, childId?: string) => void;

/** What `evolve` may touch beside the desk. */
export interface Hands {
  readonly at: EpochMicros;
  /** The input that what happens has met. */
  readonly cause: number;
  readonly setTimer: SetTimer;
  readonly marketOf: (instrument: string) => Market | undefined;
}
