import type { Json } from '../../core/json.js';
import { Decimal, plain } from '../../core/decimal.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { explain } from '../../core/orders/explain.js';
import { fillSpread } from '../../core/measures/fill-spread.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { FeedStatus } from '../../core/ports.js';
import { formatInstant } from '../../core/time.js';
import type { BookView, Health, HistoryEvent } from '../live/live-run.js';

type Fields = Readonly<Record<string, Json | undefined>>;

const INSTANTS: ReadonlySet<string> = new Set([
  'at',
  'bookAt',
  'dueAt',
  'arrivesAt',
  'reportAt',
  'effectiveAt',
  'startAt',
  'endAt',
  'startedAt',
  'pausedAt',
  'venueAt',
  'receivedAt',
]);

/** Data of an event as people read it: instants in microseconds become ISO 8601 with `Z`, all else stays. */
export function withInstants(data: Json): Json {
  if (Array.isArray(data)) return (data as readonly Json[]).map(withInstants);
  if (data === null || typeof data !== 'object') return data;
  const members = Object.entries(data as Fields).map(([key, value]): [string, Json | undefined] => {
    if (typeof value === 'number' && INSTANTS.has(key)) return [key, value === 0 ? null : formatInstant(value)];
    return [key, value === undefined ? undefined : withInstants(value)];
  });
  return Object.fromEntries(members);
}

/** A book with its trust, and its age: how long ago its last message came in. */
export function bookJson(book: BookView): Json {
  const { at, bookAt } = book;
  return {
    instrument: book.instrument,
    trust: book.trust,
    reason: book.reason === '' ? null : book.reason,
    at: formatInstant(at),
    bookAt: bookAt === 0 ? null : formatInstant(bookAt),
    ageMs: bookAt === 0 ? null : (at - bookAt) / 1000,
    position: book.position,
    bids: book.bids,
    asks: book.asks,
  };
}

export function healthJson(health: Health): Json {
  const { status, reason, clock, engine, feeds } = health;
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    clock: {
      at: formatInstant(clock.at),
      wallAt: formatInstant(clock.wallAt),
      speed: clock.speed,
      ...(clock.isOver === undefined ? {} : { over: clock.isOver }),
    },
    engine: { ...engine },
    feeds: feeds.map((feed) => ({
      instrument: feed.instrument,
      trust: feed.trust,
      reason: feed.reason === '' ? null : feed.reason,
      bookAt: feed.bookAt === 0 ? null : formatInstant(feed.bookAt),
      leftOut: feed.leftOut,
      ...(feed.status === undefined ? {} : wayOf(feed.status)),
    })),
  };
}

function wayOf({ lastFrameAt, ...way }: FeedStatus): Fields {
  return { ...way, lastFrameAt: lastFrameAt === 0 ? null : formatInstant(lastFrameAt) };
}

/** One event of an order's history. */
export function eventJson({ stream, revision, event }: HistoryEvent): Json {
  const { type, version, at, seq, n, cause, data } = event;
  return { stream, revision, type, version, at: formatInstant(at), seq, n, cause, data: withInstants(data) };
}

/** The fills among an order's history, in the order in which they happened, each with what it paid of the spread. */
export function fillsOf(
  history: readonly HistoryEvent[],
  definitionOf: (instrument: string) => InstrumentDefinition | undefined,
): Json[] {
  const parameters = ofType(history, 'OrderAmended', 'OrderAccepted').at(-1)?.event.data as OrderData | undefined;
  const started = ofType(history, 'OrderStarted').at(-1)?.event.data as OrderData | undefined;
  const side = started?.target?.side ?? parameters?.parameters?.side;
  const definition = definitionOf(parameters?.parameters?.instrument ?? '');
  return ofType(history, 'ChildFilled').map(({ event }) => {
    const { childId, quantity, price, mid, displayed, metPrice, ahead, liquidity, rule, fee, feeCurrency } =
      event.data as FillData;
    const { n, cause } = event;
    const known = mid !== undefined && side !== undefined && definition !== undefined;
    return {
      n,
      cause,
      at: formatInstant(event.at),
      childId,
      quantity,
      price,
      fee,
      feeCurrency,
      liquidity,
      rule,
      displayed,
      ...(metPrice === undefined ? {} : { metPrice }),
      ...(ahead === undefined ? {} : { ahead }),
      mid: mid ?? null,
      spread: known ? fillSpread({ side, quantity, price, mid }, definition) : null,
    };
  });
}

interface OrderData {
  readonly parameters?: TwapParameters;
  readonly target?: { readonly side: 'buy' | 'sell' };
}

type FillData = Readonly<
  Record<'childId' | 'quantity' | 'price' | 'displayed' | 'liquidity' | 'rule' | 'fee' | 'feeCurrency', string>
> & { readonly mid?: string; readonly metPrice?: string; readonly ahead?: string };

/**
 * The slices that fell due, each with what became of it. Its children are those that were sent while it was the last one due,
 * and what they filled may be quantity of earlier slices too.
 */
export function slicesOf(history: readonly HistoryEvent[]): Json[] {
  const children = new Map<Json | undefined, string[]>();
  for (const { event } of ofType(history, 'ChildPlaced')) {
    const { slice, childId } = event.data as Fields;
    const those = children.get(slice);
    if (those === undefined) children.set(slice, [childId as string]);
    else those.push(childId as string);
  }
  const reported = new Map<string, Decimal>();
  for (const { event } of ofType(history, 'ChildReported')) {
    const { childId, filled } = event.data as Fields & { readonly childId: string; readonly filled: string };
    reported.set(childId, (reported.get(childId) ?? new Decimal(0)).add(filled));
  }
  return history
    .filter(({ event }) => event.type === 'SliceReleased' || event.type === 'SliceSkipped')
    .map(({ event }) => {
      const { slice, dueAt, quantity, reason = null, detail } = event.data as Fields;
      const own = children.get(slice) ?? [];
      const filled = own.flatMap((childId) => reported.get(childId) ?? []);
      return {
        slice,
        dueAt: formatInstant(dueAt as number),
        state: event.type === 'SliceReleased' ? 'released' : 'skipped',
        quantity,
        reason,
        ...(detail === undefined ? {} : { detail }),
        children: own,
        filled: filled.length === 0 ? null : plain(filled.reduce((sum, each) => sum.add(each))),
      };
    });
}

/** An order's history in sentences. */
export function explanationsOf(
  history: readonly HistoryEvent[],
  definition: InstrumentDefinition | undefined,
): readonly object[] {
  return explain(
    history.map(({ event }) => event),
    definition,
  ).map((entry) => ({ ...entry, at: formatInstant(entry.at) }));
}

function ofType(history: readonly HistoryEvent[], ...types: readonly string[]): HistoryEvent[] {
  return history.filter(({ event }) => types.includes(event.type));
}
