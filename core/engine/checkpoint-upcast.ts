import type { DeskContent } from './desk-content.js';
import type { Head } from './head.js';
import type { MarketContent } from './market-content.js';

/** Shapes of a checkpoint's head that can be read, each by the version that it says, and what makes a present one of it. */
const READERS: Readonly<Record<number, (head: never) => Head>> = { 1: fromShape1, 3: (head: Head) => head };

/** Version of the shape that is written, apart from the versions of events. Shape 2 was never released. */
export const CHECKPOINT_VERSION = 3;

/** Whether a checkpoint of this shape can be read. */
export const isKnownShape = (version: number): boolean => version in READERS;

/** Brings a head of any known shape up to date. What an older one did not keep is filled in, never guessed. */
export function upcast(head: { readonly version: number }): Head {
  return READERS[head.version]!(head as never);
}

/** The head as 0.1.0 wrote it: every child is a take, nothing rests, and costs are not measured. */
interface Head1 extends Omit<Head, 'markets' | 'desks' | 'marks' | 'samplers'> {
  readonly markets: readonly Market1[];
  readonly desks: readonly Desk1[];
}

type Market1 = Omit<MarketContent, 'venueTimed' | 'bookVenueAt' | 'previousBookVenueAt' | 'mids'>;

type Desk1 = Omit<DeskContent, 'resting' | 'measures' | 'orders'> & { readonly orders: readonly Order1[] };

type Order = DeskContent['orders'][number];
type Child = Order['children'][number];
type Plan = NonNullable<Order['plan']>;

interface Order1 extends Pick<
  Order,
  | 'orderId'
  | 'side'
  | 'parameters'
  | 'status'
  | 'quantity'
  | 'limit'
  | 'filled'
  | 'reported'
  | 'target'
  | 'nextChild'
  | 'generation'
  | 'startAt'
  | 'startedAt'
  | 'pausedAt'
  | 'waitsForMinimum'
> {
  readonly children: readonly Child1[];
  readonly plan: Omit<Plan, 'line' | 'shifts'> | null;
}

interface Child1 extends Pick<
  Child,
  'childId' | 'slice' | 'quantity' | 'filled' | 'limit' | 'arrivesAt' | 'ended' | 'endReason'
> {
  /** Its timer says it too. */
  readonly reportAt: number;
}

function fromShape1(head: Head1): Head {
  return {
    ...head,
    version: CHECKPOINT_VERSION,
    markets: head.markets.map((market) => marketFrom1(market, head.clock)),
    desks: head.desks.map((desk) => ({
      ...desk,
      resting: {},
      measures: [],
      orders: desk.orders.map((order) => orderFrom1(order, head.seq)),
    })),
    marks: [],
    samplers: [],
  };
}

/** Sums of the mid begin here: only differences of them are ever read. The mid itself follows from the book. */
function marketFrom1(market: Market1, clock: number): MarketContent {
  const { venueAt, bookAt } = market;
  const bookVenueAt = venueAt === 0 ? bookAt : venueAt; // the nearest that is known; the next book message says it
  return {
    ...market,
    venueTimed: venueAt !== 0,
    bookVenueAt,
    previousBookVenueAt: bookVenueAt,
    mids: {
      mid: '0',
      last: '0',
      midMicros: '0',
      since: clock,
      heldMicros: 0,
      untrusted: true,
      untrustedSince: clock,
      untrustedMicros: 0,
    },
  };
}

/** @param seq  the last input folded: what last happened to the order is not known more closely */
function orderFrom1(order: Order1, seq: number): Order {
  return {
    ...order,
    aggressive: false,
    madeRoom: false,
    takeHeld: [],
    quoteHeld: [],
    quotedAt: 0,
    requoteFrom: 0,
    cause: seq,
    // these two follow from the rest of the state, see `unkept.ts`
    uncountedVolume: '0',
    plan: order.plan === null ? null : { ...order.plan, line: ['0', '0'] },
    children: order.children.map(childFrom1),
  };
}

/** A take is reported once, at its end: until then the planner believes all of it open. */
function childFrom1({ reportAt: _, ...child }: Child1): Child {
  return {
    ...child,
    style: 'take',
    rests: false,
    rejected: false,
    ahead: '0',
    unshrunk: '0',
    joinedVenueAt: 0,
    leaves: child.ended ? '0' : child.quantity, // a take fills and ends at one instant
    open: child.quantity,
    pullAt: 0,
    pullKeep: '0',
    pullReason: '',
    pullAnswered: false,
    reports: [],
  };
}
