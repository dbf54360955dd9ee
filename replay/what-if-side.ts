import { encodeOutcome } from '../core/engine/outcome-codec.js';
import type { Engine } from '../core/engine/engine.js';
import type { Refusal } from '../core/errors.js';
import type { Json } from '../core/json.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { projectionJson, type OrderProjection } from '../core/orders/projection.js';
import { Projections } from '../core/orders/projections.js';
import { canonicalOutcome, type StoredOutcome } from './conclusions.js';

/** One of two runs over the same inputs, and what it says of one order. */
export class Side {
  readonly outcomes: StoredOutcome[] = [];
  /** Why commands to the order were turned down, by their seq. */
  readonly refusals = new Map<number, Refusal>();
  readonly engine: Engine;
  readonly #stream: string;
  #order: OrderProjection | undefined;
  readonly #projections = new Projections();

  /**
   * @param begin  makes the engine that concludes into what it is given
   * @param hear   told of outcomes that are of others
   */
  constructor(
    readonly orderId: string,
    begin: (conclude: (concluded: Concluded) => void) => Engine,
    hear: (concluded: Concluded) => void = () => undefined,
  ) {
    this.#stream = `execution-${orderId}`;
    this.engine = begin((concluded) => {
      if (concluded.stream === this.#stream) this.#take(concluded);
      else if (concluded.outcome.type === 'CommandRefused') this.#refused(concluded.cause, concluded.outcome.data);
      else hear(concluded);
    });
  }

  get order(): OrderProjection | undefined {
    return this.#order;
  }

  /** Nothing about its costs can change any more. */
  get isOver(): boolean {
    return this.#order?.measured !== undefined || this.#order?.state === 'refused';
  }

  #take(concluded: Concluded): void {
    const { stream, revision } = concluded;
    const stored = { ...encodeOutcome(concluded), stream, revision };
    this.outcomes.push(stored);
    this.#order = this.#projections.apply(stored) ?? this.#order;
  }

  #refused(seq: number, { orderId, refusal }: { readonly orderId: string; readonly refusal: Refusal }): void {
    if (orderId === this.orderId) this.refusals.set(seq, refusal);
  }
}

/** Outcomes of one order as people and programs read them; what is not known of its costs yet is said as of an engine. */
export function orderJson(
  outcomes: readonly StoredOutcome[],
  { engine }: Side,
): Readonly<Record<string, Json | undefined>> | undefined {
  const projections = new Projections();
  for (const outcome of outcomes) projections.apply(outcome);
  const [order] = projections.orders.values();
  if (order === undefined) return undefined;
  const { account, instrument } = order.parameters;
  return projectionJson(order, {
    definition: engine.markets.get(instrument)?.instrument.definition,
    measured: order.measured ?? engine.measured(account, order.orderId),
  });
}

/**
 * Where stored outcomes of an order and those of a run differ first, as a sentence; undefined where they do not.
 *
 * @param mayLag  the last outcomes may not be stored yet
 */
export function difference(
  stored: readonly StoredOutcome[],
  fresh: readonly StoredOutcome[],
  mayLag: boolean,
): string | undefined {
  const count = mayLag ? stored.length : Math.max(stored.length, fresh.length);
  for (let i = 0; i < count; i++) {
    const [one, other] = [stored[i], fresh[i]];
    if (one !== undefined && other !== undefined && canonicalOutcome(one) === canonicalOutcome(other)) continue;
    return `a second run without any change does not give what is stored: outcome ${i + 1} of the order is ${told(one)} there, and ${told(other)} in the run`;
  }
  return undefined;
}

const told = (outcome: StoredOutcome | undefined): string =>
  outcome === undefined ? 'nothing' : `${outcome.type} of input ${outcome.cause!}`;
