import { Desk } from '../desk/desk.js';
import { invariant } from '../errors.js';
import { canonical, type Json } from '../json.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { Concluded } from '../orders/outcomes.js';
import { CHECKPOINT_VERSION, isKnownShape, upcast } from './checkpoint-upcast.js';
import { Sampler } from '../measures/sampler.js';
import { restoreSampler, samplerContent } from './sampler-content.js';
import { deskContent, restoreDesk } from './desk-content.js';
import { Engine } from './engine.js';
import { countSize, countText, marketContent, restoreMarket } from './market-content.js';
import type { Timer } from './timers.js';
import { setUnkept } from './unkept.js';

/** Levels on one line of the text. */
const LEVELS_PER_LINE = 500;

/** A copy of the engine's state at the end of a message, cheap to take: books as arrays, the rest as plain values. */
export interface Capture {
  readonly seq: number;
  readonly n: number;
  readonly head: Json;
  readonly books: readonly { readonly units: Units; readonly bids: Float64Array; readonly asks: Float64Array }[];
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Copies what a checkpoint needs. Everything is in the order of names, so that it does not matter how it came about. */
export function capture(engine: Engine): Capture {
  const markets = [...engine.markets].sort(byKey).map(([, market]) => market);
  return {
    seq: engine.seq,
    n: engine.n,
    head: {
      version: CHECKPOINT_VERSION,
      seq: engine.seq,
      n: engine.n,
      clock: engine.clock,
      live: engine.live,
      late: engine.late,
      wasLate: engine.wasLate,
      engineVersion: engine.engineVersion,
      settings: engine.settings as unknown as Json,
      markets: markets.map(marketContent),
      desks: [...engine.desks]
        .sort(byKey)
        .map(([, desk]) => deskContent(desk, (name) => engine.markets.get(name)!.units)),
      timers: engine.timers.list().map(timerContent),
      marks: engine.marks.list().map(timerContent),
      samplers: engine.samplers.list().map((kept) => samplerContent(kept, engine)),
      revisions: Object.fromEntries([...engine.revisions].sort(byKey)),
    },
    books: markets.map((market) => ({
      units: market.units,
      bids: levels(market, Side.bid),
      asks: levels(market, Side.ask),
    })),
  };
}

/** A sampler is its own mark, and the rest of it stands elsewhere. */
function timerContent(timer: Timer): Json {
  const { at, cause, kind, instrument } = timer;
  return timer instanceof Sampler ? { at, cause, kind, instrument } : { ...timer };
}

function levels({ book }: Market, side: Side): Float64Array {
  const pairs = new Float64Array(2 * book.depth(side));
  let i = 0;
  for (let price = book.best(side); price !== NO_LEVEL; price = book.next(side, price)) {
    pairs[i++] = price;
    pairs[i++] = book.sizeAt(side, price);
  }
  return pairs;
}

/**
 * The canonical text of a checkpoint, line by line, each ended by a line feed: the head, then the levels of every book. It
 * speaks of prices and quantities, never of increments, so two engines that folded the same inputs give the same text.
 */
export function* checkpointText(from: Capture): Generator<string> {
  yield `${canonical(from.head)}\n`;
  for (const { units, bids, asks } of from.books) {
    for (const [side, pairs] of [
      ['b', bids],
      ['a', asks],
    ] as const) {
      for (let i = 0; i < pairs.length; i += 2 * LEVELS_PER_LINE) {
        const line: string[][] = [];
        for (let j = i; j < i + 2 * LEVELS_PER_LINE && j < pairs.length; j += 2)
          line.push([priceText(pairs[j]!, units), sizeText(pairs[j + 1]!, units)]);
        yield `${canonical([units.instrument, side, line])}\n`;
      }
    }
  }
}

/**
 * What a stored checkpoint begins with: the increments that the books were counted in. They are how a restored engine
 * counts, not what it knows, so they stand outside the canonical text and outside every hash.
 */
export function unitsLine(from: Capture): string {
  return `${canonical(from.books.map(({ units }) => ({ ...units })))}\n`;
}

/**
 * Makes an engine out of a stored checkpoint: the units line, then the canonical text, without line feeds.
 *
 * @throws {InvariantViolation} when the lines are no checkpoint of a shape that this version knows
 */
export function restore(lines: readonly string[], conclude: (concluded: Concluded) => void): Engine {
  const units = JSON.parse(lines[0] ?? 'null') as readonly Units[] | null;
  const written = JSON.parse(lines[1] ?? 'null') as { readonly version: number } | null;
  invariant(
    units !== null && written !== null && isKnownShape(written.version),
    'the checkpoint has a shape that this version does not know',
  );
  const head = upcast(written);
  const engine = new Engine(conclude);
  engine.seq = head.seq;
  engine.n = head.n;
  engine.clock = head.clock;
  engine.live = head.live;
  engine.late = head.late;
  engine.wasLate = head.wasLate;
  engine.engineVersion = head.engineVersion;
  engine.settings = head.settings;
  head.markets.forEach((content, i) => {
    engine.markets.set(content.definition.instrument, restoreMarket(content, units[i]!));
  });
  for (const line of lines.slice(2)) {
    const [instrument, side, list] = JSON.parse(line) as [string, 'a' | 'b', [string, string][]];
    const { book, units: own } = engine.markets.get(instrument)!;
    for (const [price, size] of list)
      book.set(side === 'b' ? Side.bid : Side.ask, countText(price, own.priceScale), countSize(size, own.sizeScale));
  }
  for (const market of engine.markets.values()) market.mark(engine.clock); // an older shape did not say the mid
  for (const content of head.desks) {
    const desk = new Desk(content.account, engine.settings.venue);
    engine.desks.set(content.account, desk);
    restoreDesk(desk, content, (name) => engine.markets.get(name)!);
  }
  for (const timer of head.timers) engine.timers.set(timer);
  for (const timer of head.marks) engine.marks.set(timer);
  for (const content of head.samplers) restoreSampler(content, engine);
  for (const [stream, revision] of Object.entries(head.revisions)) engine.revisions.set(stream, revision);
  if (written.version !== CHECKPOINT_VERSION) setUnkept(engine);
  engine.rearm();
  return engine;
}
