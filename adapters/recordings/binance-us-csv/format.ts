import { basename } from 'node:path';
import { RecordingError } from '../errors.js';
import type { ImportContext, RecordingFormat, ToldFile } from '../format.js';
import { groupsOf } from '../rows/groups.js';
import { RowFile } from '../rows/row-file.js';
import { RowsSource } from '../rows/rows-source.js';
import { VenueRows } from '../rows/venue-rows.js';
import type { ImportSource } from '../source.js';
import { ChangeRows } from './change-rows.js';

const HEADER = 'ts_ns,type,side,price,qty';

/** Changes and trades of one instrument, which the file's name tells. */
export const BINANCE_US_CSV: RecordingFormat = {
  name: 'binance-us-csv',
  title: `CSV of book changes and trades of one instrument, named in the file's name: \`${HEADER}\``,
  recognise: ({ lines, path }) => {
    if (lines[0]?.trim() !== HEADER) return Promise.resolve(undefined);
    const symbol = symbolIn(path);
    return Promise.resolve({ venue: 'binance-us', symbol, group: symbol });
  },
  open: (files, context) => Promise.resolve(open(files, context)),
};

/** `btcusdt_20250826_1h.csv.gz` is BTCUSDT. */
function symbolIn(path: string): string {
  const symbol = /^([A-Za-z0-9]+)(?:[_.-]|$)/.exec(basename(path))?.[1];
  if (symbol !== undefined && /[A-Za-z]/.test(symbol)) return symbol.toUpperCase();
  throw new RecordingError(
    'foreign',
    path,
    'does not name its instrument, and neither do its rows',
    'begin its name with the symbol: btcusdt_20250826.csv.gz',
  );
}

function open(files: readonly ToldFile[], { sink, venue = 'binance-us' }: ImportContext): ImportSource[] {
  const rows = new VenueRows(venue, sink);
  return [...groupsOf(files)].map(
    ([symbol, alike]) =>
      new RowsSource(
        rows,
        alike.map(({ path }) => new RowFile(path, new ChangeRows(symbol, rows.lines))),
      ),
  );
}
