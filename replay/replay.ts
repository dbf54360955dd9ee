import { Engine } from '../core/engine/engine.js';
import type { Json } from '../core/json.js';
import type { Market } from '../core/market/market.js';
import type { Measured } from '../core/measures/measured.js';
import { projectionJson, type OrderProjection } from '../core/orders/projection.js';
import { Projections } from '../core/orders/projections.js';
import type { InputBatch, Recording } from '../core/ports.js';
import { Conclusions, type StoredOutcome } from './conclusions.js';
import { stateHash } from './digest.js';

/** What a run came to (docs/commands.md), the time that it took apart. */
export interface RunReport {
  readonly inputs: number;
  readonly outcomes: number;
  readonly stateHash: string;
  readonly outcomesHash: string;
  readonly orders: readonly Readonly<Record<string, Json | undefined>>[];
  /** Why the run says nothing: it had orders, and none of them met a usable book. */
  readonly invalid?: string;
}

export interface RunListeners {
  /** Sees every batch before it is folded. */
  readonly onInputs?: (batch: InputBatch) => Promise<void> | void;
  readonly onOutcome?: (outcome: StoredOutcome) => void;
}

/**
 * Runs the engine over inputs: one pull, one fold. The clock moves to the recording's end before anything is reported,
 * because a session's end is no event.
 */
export async function replay(
  inputs: AsyncIterable<InputBatch>,
  recording: Pick<Recording, 'to'>,
  listeners: RunListeners = {},
): Promise<RunReport> {
  const projections = new Projections();
  const conclusions = new Conclusions((outcome) => {
    projections.apply(outcome);
    listeners.onOutcome?.(outcome);
  });
  const engine = new Engine(conclusions.take);
  for await (const batch of inputs) {
    await listeners.onInputs?.(batch);
    engine.fold(batch);
  }
  engine.passTo(recording.to);
  const orders = [...projections.orders.values()];
  const invalid = whyInvalid(orders);
  return {
    inputs: engine.seq,
    outcomes: conclusions.count,
    stateHash: stateHash(engine),
    outcomesHash: conclusions.hash(),
    orders: orders.map((order) => {
      const { account, instrument } = order.parameters;
      return reported(order, engine.markets.get(instrument), engine.measured(account, order.orderId));
    }),
    ...(invalid === undefined ? {} : { invalid }),
  };
}

/**
 * An order as a run reports it (docs/commands.md).
 *
 * @param measured  what its costs are computed from so far, while they may still change
 */
export function reported(
  order: OrderProjection,
  market: Market | undefined,
  measured: Measured | undefined,
): Readonly<Record<string, Json | undefined>> {
  const open =
    order.state === 'new' || order.state === 'running' || order.state === 'paused' || order.state === 'stopped';
  const json = projectionJson(order, {
    definition: market?.instrument.definition,
    trust: market?.effectiveTrust() ?? 'untrusted',
    measured,
  });
  return {
    ...json,
    ...(open && order.reason === '' ? { reason: 'session_over' } : {}),
    invalid: neverMet(order) ? 'no_usable_book' : null,
  };
}

const neverMet = (order: OrderProjection): boolean => order.state !== 'refused' && !order.metUsableBook;

/** A run with orders, none of which met a usable book in its window, is no result. */
function whyInvalid(orders: readonly OrderProjection[]): string | undefined {
  if (orders.length === 0 || !orders.every(neverMet)) return undefined;
  return 'no order met a usable book in its window: look at the trust of the book with `reprise inspect`, or use --allow-partial-book';
}
