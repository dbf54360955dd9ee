import { Decimal, plain } from '../decimal.js';
import { countedText, ExactSum, product, quotient } from '../exact-sum.js';
import type { Refusal } from '../errors.js';
import type { Json } from '../json.js';
import type { InstrumentDefinition, RulesSource } from '../market/events.js';
import { costsJson } from '../measures/costs.js';
import type { Measured } from '../measures/measured.js';
import type { LogEvent } from '../ports.js';
import { formatInstant, type EpochMicros } from '../time.js';
import type { OrderStatus, TwapParameters } from './parameters.js';

/** Places of averages when they are read, rounded half-even. */
const AVERAGE_PLACES = 8;

/** What an order has come to: a fold of its outcomes as they stand in the log, and of nothing else. */
export interface OrderProjection {
  readonly orderId: string;
  /** Ordinal of the outcome that made it: newer orders have greater ones. */
  readonly since: number;
  readonly acceptedAt: EpochMicros;
  parameters: TwapParameters;
  state: OrderStatus;
  reason: string;
  refusal?: Refusal;
  /** Null for a target position until it starts: then the difference says it. */
  side: 'buy' | 'sell' | null;
  quantity: Decimal;
  readonly filled: ExactSum;
  /** Sum of price x quantity over the fills: the numerator of the average price. */
  readonly priceQuantity: ExactSum;
  /** Sum of quantity / price over the fills, for an inverse contract's harmonic average, to 40 places. */
  readonly quantityOverPrice: ExactSum;
  readonly makerFilled: ExactSum;
  readonly fees: ExactSum;
  feeCurrency: string;
  fills: number;
  released: number;
  skipped: number;
  /** Whether it ever met a book in which something could fill. */
  metUsableBook: boolean;
  childrenOpen: number;
  startedAt?: EpochMicros;
  window?: { readonly startAt: EpochMicros; readonly endAt: EpochMicros };
  endedAt?: EpochMicros;
  /** All that its costs are computed from, once nothing about them can change any more. */
  measured?: Measured;
  /** The last outcome folded. */
  n: number;
}

/** Skips that say that the book was not usable, or did not look; any other reason looked at a usable one. */
const BOOK_REASONS: ReadonlySet<string> = new Set([
  'book_untrusted',
  'book_partial',
  'book_crossed',
  'book_locked',
  'one_side_empty',
  'engine_down',
  'participation',
]);

type Fields = Readonly<Record<string, unknown>>;

/** Makes an order's first projection out of the outcome that began it; undefined for any other outcome. */
export function beginProjection(event: LogEvent): OrderProjection | undefined {
  if (event.type !== 'OrderAccepted' && event.type !== 'OrderRefused') return undefined;
  const data = event.data as unknown as Fields & { orderId: string; parameters: TwapParameters };
  const projection: OrderProjection = {
    orderId: data.orderId,
    since: event.n ?? 0,
    acceptedAt: event.at,
    parameters: data.parameters,
    state: event.type === 'OrderAccepted' ? 'new' : 'refused',
    reason: '',
    side: data.parameters.side ?? null,
    quantity: new Decimal(event.type === 'OrderAccepted' ? (data['quantity'] as string) : 0),
    filled: new ExactSum(),
    priceQuantity: new ExactSum(),
    quantityOverPrice: new ExactSum(),
    makerFilled: new ExactSum(),
    fees: new ExactSum(),
    feeCurrency: '',
    fills: 0,
    released: 0,
    skipped: 0,
    metUsableBook: false,
    childrenOpen: 0,
    n: event.n ?? 0,
  };
  if (event.type === 'OrderRefused') {
    const refusal = data['refusal'] as Refusal;
    projection.refusal = refusal;
    projection.reason = refusal.code;
    projection.endedAt = event.at;
  }
  return projection;
}

/** Folds one more outcome of the order's own stream. */
export function project(order: OrderProjection, event: LogEvent): void {
  if (event.n !== undefined && event.n <= order.n) return; // folded before; a table may be ahead of a checkpoint
  const data = event.data as unknown as Fields;
  order.n = event.n ?? order.n;
  switch (event.type) {
    case 'OrderStarted':
    case 'OrderResumed': {
      const plan = data['plan'] as { startAt: number; endAt: number };
      const target = data['target'] as { side: 'buy' | 'sell'; quantity: string } | undefined;
      if (target !== undefined) {
        order.side = target.side;
        order.quantity = new Decimal(target.quantity);
      }
      order.state = 'running';
      order.reason = '';
      order.startedAt ??= event.at;
      order.window = { startAt: order.window?.startAt ?? plan.startAt, endAt: plan.endAt };
      return;
    }
    case 'OrderAmended': {
      const plan = data['plan'] as { endAt: number } | undefined;
      order.parameters = data['parameters'] as TwapParameters;
      if (order.parameters.targetPosition === undefined || order.startedAt === undefined)
        order.side = order.parameters.side ?? null;
      order.quantity = new Decimal(data['quantity'] as string);
      if (plan !== undefined && order.window !== undefined)
        order.window = { startAt: order.window.startAt, endAt: plan.endAt };
      return;
    }
    case 'SliceReleased':
      order.released++;
      return;
    case 'SliceSkipped':
    case 'TakeSkipped':
    case 'QuoteSkipped':
      if (event.type === 'SliceSkipped') order.skipped++;
      if (!BOOK_REASONS.has(data['reason'] as string)) order.metUsableBook = true;
      return;
    case 'ChildPlaced':
      order.metUsableBook = true;
      order.childrenOpen++;
      return;
    case 'ChildReported':
      if (data['working'] !== true) order.childrenOpen--;
      return;
    case 'ChildFilled': {
      const quantity = countedText(data['quantity'] as string);
      const price = countedText(data['price'] as string);
      order.filled.add(quantity);
      order.priceQuantity.add(product(quantity, price));
      order.quantityOverPrice.add(quotient(quantity, price, 40));
      if (data['liquidity'] === 'maker') order.makerFilled.add(quantity);
      order.fees.add(countedText(data['fee'] as string));
      order.feeCurrency = data['feeCurrency'] as string;
      order.fills++;
      if (order.state === 'completed' && order.filled.toDecimal().eq(order.quantity)) order.reason = 'filled';
      return;
    }
    case 'OrderPaused':
      order.state = 'paused';
      return;
    case 'OrderStopped':
      order.state = 'stopped';
      return;
    case 'OrderCancelled':
      order.state = 'cancelled';
      order.endedAt = event.at;
      return;
    case 'OrderCompleted':
      order.state = 'completed';
      order.reason = data['reason'] as string;
      order.endedAt = event.at;
      return;
    case 'OrderMeasured':
      order.measured = data['measured'] as Measured;
      return;
    default:
  }
}

const SUMS = ['filled', 'priceQuantity', 'quantityOverPrice', 'makerFilled', 'fees'] as const;

/** A projection out of the JSON that it was stored as: decimals come back from their text. */
export function reviveProjection(text: string): OrderProjection {
  const json = JSON.parse(text) as Record<string, unknown>;
  json['quantity'] = new Decimal(json['quantity'] as string);
  for (const key of SUMS) json[key] = ExactSum.of(json[key] as string);
  json['side'] ??= (json['parameters'] as TwapParameters).side ?? null; // until 0.1.0 it was nowhere else
  return json as unknown as OrderProjection;
}

/** What reports and REST say beside an order's own figures. */
export interface Standing {
  readonly definition: InstrumentDefinition | undefined;
  readonly trust?: string;
  /** What the costs of an order are computed from so far, while they may still change. */
  readonly measured?: Measured | undefined;
}

/** A projection as people and programs read it (docs/commands.md), without trailing zeros. */
export function projectionJson(order: OrderProjection, standing: Standing): Record<string, Json | undefined> {
  const { definition } = standing;
  const inverse = definition?.kind === 'inverse';
  const multiplier = definition?.multiplier ?? '1';
  const filled = order.filled.toDecimal();
  const priceQuantity = order.priceQuantity.toDecimal();
  const quantityOverPrice = order.quantityOverPrice.toDecimal();
  const some = !order.filled.isZero;
  const rules: RulesSource | null = definition?.rules ?? null;
  return {
    orderId: order.orderId,
    instrument: order.parameters.instrument,
    account: order.parameters.account,
    side: order.side,
    state: order.state,
    reason: order.reason === '' ? null : order.reason,
    quantity: plain(order.quantity),
    filled: plain(filled),
    leaves: plain(order.quantity.sub(filled)),
    averagePrice: some ? plain(priceQuantity.div(filled).toDecimalPlaces(AVERAGE_PLACES)) : null,
    ...(inverse
      ? {
          averagePriceHarmonic: some ? plain(filled.div(quantityOverPrice).toDecimalPlaces(AVERAGE_PLACES)) : null,
        }
      : {}),
    notional: plain(inverse ? quantityOverPrice.mul(multiplier).toDecimalPlaces(12) : priceQuantity.mul(multiplier)),
    fees: order.fees.toString(),
    feeCurrency: order.feeCurrency === '' ? (definition?.settlement ?? null) : order.feeCurrency,
    fills: order.fills,
    slices: { released: order.released, skipped: order.skipped },
    makerShare: some ? plain(order.makerFilled.toDecimal().div(filled).toDecimalPlaces(AVERAGE_PLACES)) : null,
    settled: order.childrenOpen === 0,
    acceptedAt: formatInstant(order.acceptedAt),
    startedAt: order.startedAt === undefined ? null : formatInstant(order.startedAt),
    window:
      order.window === undefined
        ? null
        : { from: formatInstant(order.window.startAt), to: formatInstant(order.window.endAt) },
    endedAt: order.endedAt === undefined ? null : formatInstant(order.endedAt),
    costs: costsOf(order, standing),
    rules,
    ...(standing.trust === undefined ? {} : { trust: standing.trust }),
    ...(order.refusal === undefined ? {} : { refusal: { ...order.refusal } }),
    parameters: { ...order.parameters },
  };
}

/** The same function for an order that is open and for one that is over; a refused one has no costs. */
function costsOf({ measured }: OrderProjection, standing: Standing): Json {
  const known = measured ?? standing.measured;
  return known === undefined ? null : costsJson(known);
}
