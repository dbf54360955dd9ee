import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, MAX_SCALE, parseScaled } from '../../../core/market/increments.js';
import type { Frame } from '../venue.js';
import type { PlacesSeen } from './sink.js';

/** Tick size, lot size, smallest quantity and smallest notional of an instrument. */
export type TradingRules = Pick<InstrumentDefinition, 'tickSize' | 'lotSize' | 'minQuantity' | 'minNotional'>;

/** What an instrument is, apart from its increments and minimums. */
export type Description = Pick<
  InstrumentDefinition,
  'kind' | 'base' | 'quote' | 'settlement' | 'multiplier' | 'fees' | 'publishedDepth'
>;

/** A venue's dated table of well-known instruments, by symbol. */
export interface RulesTable {
  /** `yyyy-mm-dd` */
  readonly asOf: string;
  readonly instruments: Readonly<Partial<Record<string, TradingRules>>>;
}

/**
 * What the instruments of one venue are: as the venue told it beside the data, else by its dated table where the recording
 * keeps to that, else inferred as the finest decimal place in the data, without minimums.
 */
export class Definitions {
  readonly #told = new Map<string, InstrumentDefinition>();

  /**
   * @param describe  what a symbol says of its instrument
   * @param read      the venue's reader of instrument replies
   */
  constructor(
    readonly venue: string,
    readonly describe: (symbol: string) => Description,
    readonly read: (reply: Frame) => readonly InstrumentDefinition[] | undefined = () => undefined,
    readonly table?: RulesTable,
  ) {}

  /** Takes a reply that tells rules. @returns false when it is none; @throws {MessageFault} */
  learn(reply: Frame): boolean {
    const told = this.read(reply);
    if (told === undefined) return false;
    for (const definition of told) this.#told.set(definition.instrument, definition);
    return true;
  }

  /** @param seen  how many prices and sizes of the recording use how many decimal places */
  define(symbol: string, seen: PlacesSeen): InstrumentDefinition {
    const instrument = `${symbol.toUpperCase()}@${this.venue}`;
    const told = this.#told.get(instrument);
    if (told !== undefined) return told;
    const known = this.table?.instruments[symbol.toUpperCase()];
    const what = { instrument, ...this.describe(symbol) };
    if (known !== undefined && keeps(known, seen))
      return { ...what, ...known, rules: 'table', rulesAsOf: this.table!.asOf };
    return {
      ...what,
      tickSize: finest(seen.price),
      lotSize: finest(seen.size),
      minQuantity: '0',
      minNotional: '0',
      rules: 'inferred',
    };
  }
}

function finest(seen: Float64Array): string {
  let places = MAX_SCALE;
  while (places > 0 && seen[places] === 0) places--;
  return formatScaled(1, places);
}

/**
 * The share of prices or sizes that may be finer than the table says. Orders from before a venue made its lot coarser
 * stand in the book for years: spot BTCUSDT shows about one such level in ten thousand.
 */
const STRAY_SHARE = 0.001;

/** Ticks and lots are powers of ten but for a few (0.5); all are held to their decimal places only. */
const keeps = ({ tickSize, lotSize }: TradingRules, seen: PlacesSeen): boolean =>
  isRarelyFiner(seen.price, tickSize) && isRarelyFiner(seen.size, lotSize);

function isRarelyFiner(seen: Float64Array, step: string): boolean {
  const places = parseScaled(step)!.scale;
  let all = 0;
  let finer = 0;
  seen.forEach((count, place) => {
    all += count;
    if (place > places) finer += count;
  });
  return finer <= all * STRAY_SHARE;
}

/**
 * Base and quote of a symbol that is written as one word.
 *
 * @param quotes  known quote currencies, one that another ends in after it
 */
export function splitPair(pair: string, quotes: readonly string[]): { readonly base: string; readonly quote: string } {
  const quote = quotes.find((currency) => pair.endsWith(currency) && pair.length > currency.length) ?? pair.slice(-3);
  return { base: pair.slice(0, pair.length - quote.length), quote };
}
