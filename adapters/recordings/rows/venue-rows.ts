import type { InstrumentDefinition } from '../../../core/market/events.js';
import { Definitions, type Description, type RulesTable, splitPair } from '../../venues/mapping/definitions.js';
import { MarketLines } from '../../venues/mapping/market-lines.js';
import type { LineRules } from '../../venues/mapping/line-rules.js';
import { UNNUMBERED } from '../../venues/mapping/sequence.js';
import type { MarketSink } from '../../venues/mapping/sink.js';
import { VENUES } from '../../venues/venues.js';
import type { Reader } from '../source.js';

/** How messages follow each other where rows number them, as `LineRules`. */
export interface RowRules extends Partial<Pick<LineRules, 'sequence' | 'snapshots'>> {
  /** What is known of the instruments, where it is not what the venue's own table says. */
  readonly table?: RulesTable;
}

/** What tables of rows tell of one venue's instruments. */
export class VenueRows implements Reader {
  readonly lines: MarketLines;
  /** Levels a side that the rows tell of an instrument, where that is less than its venue publishes. */
  readonly depths = new Map<string, number>();
  readonly #definitions: Definitions;

  constructor(venue: string, sink: MarketSink, { sequence = UNNUMBERED, snapshots = 'feed', table }: RowRules = {}) {
    const known = VENUES.get(venue);
    const describe = known?.describe?.bind(known) ?? describeUnknown(venue);
    this.lines = new MarketLines(venue, sink, () => ({ sequence, snapshots }));
    this.#definitions = new Definitions(venue, (symbol) => describe(symbol), undefined, table ?? known?.table);
  }

  finish(): InstrumentDefinition[] {
    return this.lines.finish((symbol, seen) => {
      const definition = this.#definitions.define(symbol, seen);
      const depth = this.depths.get(symbol);
      return depth === undefined ? definition : { ...definition, publishedDepth: depth };
    });
  }
}

const QUOTES = ['FDUSD', 'TUSD', 'USDT', 'USDC', 'BUSD', 'USD', 'EUR', 'BTC', 'XBT', 'ETH'];
const NO_FEES: InstrumentDefinition['fees'] = { maker: '0', taker: '0' };
const CONTRACTS = /FUTURE|SWAP|PERP|DERIV|DELIVERY|OPTIONS|-DM|\d{6}|\d[A-Z]{3}\d/i;

/**
 * What can be guessed of an instrument whose venue nobody knows: currencies from its symbol, a contract of one base unit
 * where symbol or venue say that it is one, and no fees. A rules file tells it right.
 */
const describeUnknown =
  (venue: string) =>
  (symbol: string): Description => {
    const [first = symbol, second = ''] = symbol.split(/[-_/:]/);
    const split = splitPair(first, QUOTES);
    const isPair = /^[A-Z]{3,5}$/.test(second) && !CONTRACTS.test(second); // BTC-PERP is no pair
    const base = isPair || split.base === '' ? first : split.base;
    const quote = isPair ? second : split.base === '' ? 'USD' : split.quote;
    const kind = CONTRACTS.test(`${symbol}@${venue}`) ? 'linear' : 'spot';
    return { kind, base, quote, settlement: quote, multiplier: '1', fees: NO_FEES };
  };
