import type { RulesTable } from '../../venues/mapping/definitions.js';
import type { ImportContext, RecordingFormat, ToldFile } from '../format.js';
import { fileHead, type FileHead } from '../lines/file-head.js';
import { RowFile } from '../rows/row-file.js';
import { RowsSource } from '../rows/rows-source.js';
import { VenueRows } from '../rows/venue-rows.js';
import type { ImportSource } from '../source.js';
import { BookRows, DEPTH } from './book-rows.js';
import { TradeRows } from './trade-rows.js';

/** Seconds as the database wrote them, and words that a fixed width was filled up to. */
const SECOND = String.raw`"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"?`;
const WORD = String.raw`"?[A-Z0-9]+[\s\0]*"?`;
const BOOKS = new RegExp(String.raw`^${SECOND},\d{1,3},${WORD}(,[\d.]*){${4 * DEPTH}}\s*$`);
const TRADES = new RegExp(String.raw`^${WORD},${SECOND},\d{1,3},[\d.]+,\d+,"?(partial|insert)[\s\0]*"?,"?(Buy|Sell)`);

/** What the venue's contracts were when such recordings were made; prices and sizes of one of that day keep to it. */
const TABLE: RulesTable = {
  asOf: '2020-03-10',
  instruments: {
    XBTUSD: { tickSize: '0.5', lotSize: '1', minQuantity: '1', minNotional: '0' },
    ETHUSD: { tickSize: '0.05', lotSize: '1', minQuantity: '1', minNotional: '0' },
  },
};

/** Books of the ten best levels and trades, each in a file of its own, without headers. */
export const BITMEX_DEPTH10: RecordingFormat = {
  name: 'bitmex-depth10',
  title: 'BitMEX, CSV without header: the ten best levels a side in one file, trades in another; they are merged',
  recognise: (head) =>
    Promise.resolve(hasBooks(head) || hasTrades(head) ? { venue: 'bitmex', group: 'bitmex' } : undefined),
  open,
};

const hasBooks = ({ lines: [first = ''] }: FileHead): boolean => BOOKS.test(first);
const hasTrades = ({ lines: [first = ''] }: FileHead): boolean => TRADES.test(first);

async function open(files: readonly ToldFile[], { sink }: ImportContext): Promise<ImportSource[]> {
  const rows = new VenueRows('bitmex', sink, { table: TABLE });
  const opened: RowFile[] = [];
  for (const { path } of files) {
    const reader = hasBooks(await fileHead(path)) ? new BookRows(rows) : new TradeRows(rows);
    opened.push(new RowFile(path, reader, 0));
  }
  return [new RowsSource(rows, opened)];
}
