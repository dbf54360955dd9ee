import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, type JsonRecord, list, parsed, shown } from '../mapping/fields.js';
import type { BookHead } from '../mapping/line-rules.js';
import type { MarketLine } from '../mapping/market-line.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { type Contract, contractOfTrade, describe } from './contract.js';
import { readInstruments } from './instruments.js';
import { type Action, LevelIds } from './level-ids.js';
import { type BookRow, bookRow, bySymbol, latest, tradeRow } from './rows.js';

/** Levels a side that each book table publishes; all of them where none is given. */
const BOOK_TABLES: ReadonlyMap<unknown, number | undefined> = new Map([
  ['orderBookL2', undefined],
  ['orderBookL2_25', 25],
]);

/** One instrument's book: which table tells it, and what its ids name. */
class IdBook {
  readonly ids = new LevelIds();
  /** Undefined before a partial, and after what was known got lost. */
  table: string | undefined;
}

/** Makes inputs of BitMEX's tables: a partial is the whole, the other actions change it. */
export class BitmexMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions: Definitions;
  readonly #books = new Map<string, IdBook>();
  readonly #depths = new Map<string, number | undefined>();
  readonly #contracts = new Map<string, Contract>();
  /** Instruments whose trades are subscribed to, however quiet they are. */
  readonly #traded = new Set<string>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('bitmex', sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
    this.#definitions = new Definitions(
      'bitmex',
      (symbol) => describe(symbol, this.#contracts.get(symbol)),
      readInstruments,
    );
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.text === 'pong') return false;
    if (frame.kind === 'reply' && this.#definitions.learn(frame)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) {
      if (frame.kind === 'reply') return false;
      throw new MessageFault('bad_line', 'no JSON object stands on this line');
    }
    const { table } = message;
    if (table === 'trade') return this.#trades(message, frame.at, source);
    if (BOOK_TABLES.has(table)) return this.#book(table as string, message, frame.at, source);
    if (table === 'instrument') this.#definitions.learn(frame);
    return false;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    if (reason !== 'silent')
      for (const { symbol } of this.#lines.of(source))
        if (symbols === undefined || symbols.includes(symbol)) this.#books.delete(symbol);
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => {
      const depth = this.#depths.get(symbol);
      return { ...this.#definitions.define(symbol, seen), ...(depth === undefined ? {} : { publishedDepth: depth }) };
    });
  }

  /** Trades of before the subscription come as the partial: they only tell what a contract is worth. */
  #trades(message: JsonRecord, receivedAt: EpochMicros, source: Source): boolean {
    const { action } = message;
    const rows = list('data', message['data']).map(tradeRow);
    for (const { symbol, row } of rows) if (!this.#contracts.has(symbol)) this.#learnContract(symbol, row);
    for (const { symbol } of rows) this.#traded.add(symbol);
    if (action !== 'insert') return false;
    const groups = [...bySymbol(rows)].map(([symbol, group]) => ({
      line: this.#lines.line(symbol, receivedAt, source),
      head: { receivedAt, venueAt: latest(group) },
      trades: group.map(({ trade }) => trade),
    }));
    for (const { line, head, trades } of groups) line.trade(head, trades);
    return true;
  }

  #book(table: string, message: JsonRecord, receivedAt: EpochMicros, source: Source): boolean {
    const action = actionOf(message);
    const rows = list('data', message['data']).map(bookRow);
    for (const row of rows) demandFields(action, row);
    const told: Told[] = [];
    for (const [symbol, group] of groupsOf(message, rows)) {
      const book = this.#bookOf(symbol);
      if (book.table !== undefined && book.table !== table) continue; // another table tells this book already
      const line = this.#lines.bookLine(symbol, receivedAt, source);
      line.trades ||= this.#traded.has(symbol);
      told.push({ book, line, rows: group, head: { receivedAt, venueAt: latest(group) } });
    }
    for (const one of told)
      if (action === 'partial') this.#begin(one, table);
      else change(one, action);
    return told.length > 0;
  }

  #begin({ line, book, rows, head }: Told, table: string): void {
    book.table = table;
    this.#depths.set(line.symbol, BOOK_TABLES.get(table));
    const [bids, asks] = book.ids.begin(rows);
    line.snapshot(head, bids, asks);
  }

  #learnContract(symbol: string, row: JsonRecord): void {
    const { kind, settlement, multiplier } = describe(symbol);
    const contract = kind === 'inverse' ? { kind, settlement, multiplier } : contractOfTrade(row);
    if (contract !== undefined) this.#contracts.set(symbol, contract);
  }

  #bookOf(symbol: string): IdBook {
    let book = this.#books.get(symbol);
    if (book === undefined) this.#books.set(symbol, (book = new IdBook()));
    return book;
  }
}

/** What a message tells of one book. */
interface Told {
  readonly book: IdBook;
  readonly line: MarketLine;
  readonly rows: readonly BookRow[];
  readonly head: BookHead;
}

function change({ book: { ids, table }, line, rows, head }: Told, action: Action): void {
  const { bids, asks, missed } = ids.change(action, rows);
  // before a partial nobody has told of the levels that are there
  if (missed !== undefined && table !== undefined) line.miss(head.receivedAt, missed);
  void line.delta(head, bids, asks);
}

/** An empty book is named by what was asked for. */
function groupsOf({ filter }: JsonRecord, rows: readonly BookRow[]): Iterable<readonly [string, readonly BookRow[]]> {
  if (rows.length > 0) return bySymbol(rows);
  return isRecord(filter) && typeof filter['symbol'] === 'string' ? [[filter['symbol'], []]] : [];
}

function actionOf({ action }: JsonRecord): Action | 'partial' {
  if (action === 'insert' || action === 'update' || action === 'delete' || action === 'partial') return action;
  throw new MessageFault('bad_message', `"action" is none of a table: ${shown(action)}`);
}

/** What each action cannot do without. */
function demandFields(action: Action | 'partial', { price, size }: BookRow): void {
  if (action !== 'delete' && size === undefined) throw new MessageFault('bad_message', '"size" is missing');
  if ((action === 'partial' || action === 'insert') && price === undefined)
    throw new MessageFault('bad_message', '"price" is missing');
}
