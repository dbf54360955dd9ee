import type { Terms } from '../../core/desk/terms.js';
import type { Guest } from '../../core/engine/guests.js';
import { encodeOutcome, type StoredOutcome } from '../../core/engine/outcome-codec.js';
import type { Units } from '../../core/market/instrument.js';
import type { Market } from '../../core/market/market.js';
import type { DeskOutcome, OrderOutcome } from '../../core/orders/outcomes.js';
import type { OrderProjection } from '../../core/orders/projection.js';
import type { EpochMicros } from '../../core/time.js';
import { canonicalOutcome } from '../conclusions.js';
import { sha256 } from '../digest.js';
import type { DeskPlan } from './desks.js';
import { Tally } from './tally.js';
import type { Tracer } from './trace.js';

/** What is said of the market while desks trade in it. */
export type MarketNews = readonly StoredOutcome[];

/** One desk on its way through a pass: it hears what its desk concludes. */
export class DeskRun implements Guest, Terms {
  outcomes = 0;
  readonly #tally = new Tally();
  readonly #digest: OutcomesDigest | undefined;

  /** @param news  told to a desk whose outcomes are hashed: it grows while the pass goes on */
  constructor(
    readonly plan: DeskPlan,
    readonly seq: number,
    news: MarketNews | undefined,
    readonly watch: Tracer | undefined,
    readonly market: () => Market | undefined,
    readonly whenOver: (run: DeskRun) => void,
  ) {
    this.#digest = news === undefined ? undefined : new OutcomesDigest(seq, news);
  }

  get projection(): OrderProjection | undefined {
    return this.#tally.projection;
  }
  get at(): EpochMicros {
    return this.plan.at;
  }
  get name(): string {
    return String(this.plan.desk);
  }
  get terms(): Terms {
    return this;
  }
  get orderId(): string {
    return this.plan.orderId;
  }
  get parameters(): DeskPlan['parameters'] {
    return this.plan.parameters;
  }
  get venue(): DeskPlan['venue'] {
    return this.plan.venue;
  }
  get seed(): number {
    return this.plan.seed;
  }

  readonly hear = (outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number, units?: Units): void => {
    const n = ++this.outcomes;
    if (this.#digest !== undefined) {
      const concluded = { stream: '', revision: 0, n, at, cause, outcome };
      const event = encodeOutcome(units === undefined ? concluded : { ...concluded, units });
      this.#digest.add(event, this.orderId, this.parameters.account);
    }
    this.watch?.hear(outcome, at, units);
    if (outcome.type === 'CommandRefused' || outcome.type === 'DeskHalted') return;
    this.#tally.add(outcome, at, n, units, this.market()?.instrument.definition.kind === 'inverse');
    if (outcome.type === 'OrderMeasured' || outcome.type === 'OrderRefused') {
      this.whenOver(this);
    }
  };

  /** Once the pass is over. */
  outcomesHash(): string | null {
    return this.#digest?.hash() ?? null;
  }
}

/**
 * The hash of a desk's outcomes as of a replay of its order alone. There the order is an input: it has a seq, and all inputs
 * behind it have one more than here; and what is said of the market has its place between the desk's outcomes.
 */
class OutcomesDigest {
  readonly #digest = sha256();
  readonly #revisions = new Map<string, number>();
  #told = 0;
  #n = 0;

  constructor(
    readonly seq: number,
    readonly news: MarketNews,
  ) {}

  add(event: ReturnType<typeof encodeOutcome>, orderId: string, account: string): void {
    this.#tell();
    const onDesk = event.type === 'CommandRefused' || event.type === 'DeskHalted';
    const stream = onDesk ? `desk-${account}` : `execution-${orderId}`;
    const revision = this.#revisions.get(stream) ?? 0;
    this.#revisions.set(stream, revision + 1);
    this.#put({ ...event, stream, revision });
  }

  hash(): string {
    this.#tell();
    return this.#digest.hex();
  }

  #tell(): void {
    const { news } = this;
    while (this.#told < news.length) this.#put(news[this.#told++]!);
  }

  #put(outcome: StoredOutcome): void {
    const { cause = 0 } = outcome;
    const alone = cause < 0 ? -cause : cause >= this.seq ? cause + 1 : cause;
    this.#digest.update(`${canonicalOutcome({ ...outcome, n: ++this.#n, cause: alone })}\n`);
  }
}
