import { Decimal, plain } from '../decimal.js';
import type { Refusal } from '../errors.js';
import type { Json } from '../json.js';
import type { InstrumentDefinition, RulesSource } from '../market/events.js';
import type { LogEvent } from '../ports.js';
import { formatInstant, type EpochMicros } from '../time.js';
import type { OrderStatus, TwapParameters } from './parameters.js';

/** Places of averages when they are read, rounded half-even. */
const AVERAGE_PLACES = 8;
const ZERO = new Decimal(0);

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
  filled: Decimal;
  /** Sum of price x quantity over the fills: the numerator of the average price. */
  priceQuantity: Decimal;
  /** Sum of quantity / price over the fills, for an inverse contract's harmonic average, to 40 places. */
  quantityOverPrice: Decimal;
  makerFilled: Decimal;
  fees: Decimal;
  feeCurrency: string;
  fills: number;
  released: number;
  skipped: number;
  /** Whether a slice ever met a book in which something could fill. */
  metUsableBook: boolean;
  childrenOpen: number;
  startedAt?: EpochMicros;
  window?: { readonly startAt: EpochMicros; readonly endAt: EpochMicros };
  endedAt?: EpochMicros;
  /** The last outcome folded. */
  n: number;
}

/** Skips that say that the book was not usable; any other reason looked at one. */
const BOOK_REASONS: ReadonlySet<string> = new Set([
  'book_untrusted',
  'book_partial',
  'book_crossed',
  'book_locked',
  'one_side_empty',
  'engine_down',
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
    filled: ZERO,
    priceQuantity: ZERO,
    quantityOverPrice: ZERO,
    makerFilled: ZERO,
    fees: ZERO,
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
      order.metUsableBook = true;
      return;
    case 'SliceSkipped':
      order.skipped++;
      if (!BOOK_REASONS.has(data['reason'] as string)) order.metUsableBook = true;
      return;
    case 'ChildPlaced':
      order.childrenOpen++;
      return;
    case 'ChildReported':
      if (data['working'] !== true) order.childrenOpen--;
      return;
    case 'ChildFilled': {
      const quantity = new Decimal(data['quantity'] as string);
      const price = new Decimal(data['price'] as string);
      order.filled = order.filled.add(quantity);
      order.priceQuantity = order.priceQuantity.add(quantity.mul(price));
      order.quantityOverPrice = order.quantityOverPrice.add(quantity.div(price).toDecimalPlaces(40));
      if (data['liquidity'] === 'maker') order.makerFilled = order.makerFilled.add(quantity);
      order.fees = order.fees.add(data['fee'] as string);
      order.feeCurrency = data['feeCurrency'] as string;
      order.fills++;
      if (order.state === 'completed' && order.filled.eq(order.quantity)) order.reason = 'filled';
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
    default:
  }
}

const DECIMALS = ['quantity', 'filled', 'priceQuantity', 'quantityOverPrice', 'makerFilled', 'fees'] as const;

/** A projection out of the JSON that it was stored as: decimals come back from their text. */
export function reviveProjection(text: string): OrderProjection {
  const json = JSON.parse(text) as Record<string, unknown>;
  for (const key of DECIMALS) json[key] = new Decimal(json[key] as string);
  json['side'] ??= (json['parameters'] as TwapParameters).side ?? null; // until 0.1.0 it was nowhere else
  return json as unknown as OrderProjection;
}

/** What reports and REST say beside an order's own figures. */
export interface Standing {
  readonly definition: InstrumentDefinition | undefined;
  readonly trust?: string;
}

/** A projection as people and programs read it (docs/commands.md), without trailing zeros. */
export function projectionJson(order: OrderProjection, standing: Standing): Record<string, Json | undefined> {
  const { definition } = standing;
  const inverse = definition?.kind === 'inverse';
  const multiplier = definition?.multiplier ?? '1';
  const some = !order.filled.isZero();
  const rules: RulesSource | null = definition?.rules ?? null;
  return {
    orderId: order.orderId,
    instrument: order.parameters.instrument,
    account: order.parameters.account,
    side: order.side,
    state: order.state,
    reason: order.reason === '' ? null : order.reason,
    quantity: plain(order.quantity),
    filled: plain(order.filled),
    leaves: plain(order.quantity.sub(order.filled)),
    averagePrice: some ? plain(order.priceQuantity.div(order.filled).toDecimalPlaces(AVERAGE_PLACES)) : null,
    ...(inverse
      ? {
          averagePriceHarmonic: some
            ? plain(order.filled.div(order.quantityOverPrice).toDecimalPlaces(AVERAGE_PLACES))
            : null,
        }
      : {}),
    notional: plain(
      inverse ? order.quantityOverPrice.mul(multiplier).toDecimalPlaces(12) : order.priceQuantity.mul(multiplier),
    ),
    fees: plain(order.fees),
    feeCurrency: order.feeCurrency === '' ? (definition?.settlement ?? null) : order.feeCurrency,
    fills: order.fills,
    slices: { released: order.released, skipped: order.skipped },
    makerShare: some ? plain(order.makerFilled.div(order.filled).toDecimalPlaces(AVERAGE_PLACES)) : null,
    settled: order.childrenOpen === 0,
    acceptedAt: formatInstant(order.acceptedAt),
    startedAt: order.startedAt === undefined ? null : formatInstant(order.startedAt),
    window:
      order.window === undefined
        ? null
        : { from: formatInstant(order.window.startAt), to: formatInstant(order.window.endAt) },
    endedAt: order.endedAt === undefined ? null : formatInstant(order.endedAt),
    rules,
    ...(standing.trust === undefined ? {} : { trust: standing.trust }),
    ...(order.refusal === undefined ? {} : { refusal: { ...order.refusal } }),
    parameters: { ...order.parameters },
  };
}
