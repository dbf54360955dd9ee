import { sequenceOf, type BinanceVenue, BINANCE_VENUES } from '../../venues/binance/venue.js';
import { RecordingError } from '../errors.js';
import type { ImportContext, RecordingFormat, ToldFile } from '../format.js';
import { groupsOf } from '../rows/groups.js';
import { RowFile } from '../rows/row-file.js';
import { RowsSource } from '../rows/rows-source.js';
import { VenueRows } from '../rows/venue-rows.js';
import type { ImportSource } from '../source.js';
import { UpdateRows } from './update-rows.js';

const HEADER = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu';

/** Binance's files of historical depth: snapshots in one, updates in another. */
export const BINANCE_TDEPTH: RecordingFormat = {
  name: 'binance-tdepth',
  title: "Binance's historical depth files, `snap` and `update`; those of one instrument are merged",
  recognise: ({ lines }) => {
    if (lines[0]?.trim() !== HEADER) return Promise.resolve(undefined);
    const symbol = lines[1]?.split(',')[0] ?? '';
    return Promise.resolve({ symbol, venue: venueOf(symbol), group: symbol });
  },
  open: (files, context) => Promise.resolve(open(files, context)),
};

/** The venue publishes such files of its futures; of which of them shows in the symbol. */
const venueOf = (symbol: string): BinanceVenue => (/USD_(PERP|\d{6})$/.test(symbol) ? 'binance-coinm' : 'binance-usdm');

function open(files: readonly ToldFile[], context: ImportContext): ImportSource[] {
  const byVenue = new Map<BinanceVenue, VenueRows>();
  return [...groupsOf(files).values()].map((alike) => {
    const venue = meant(alike[0]!, context.venue);
    const rules = { sequence: sequenceOf(venue), snapshots: 'rest' } as const;
    const rows = byVenue.get(venue) ?? new VenueRows(venue, context.sink, rules);
    byVenue.set(venue, rows);
    return new RowsSource(
      rows,
      alike.map(({ path }) => new RowFile(path, new UpdateRows(rows.lines))),
    );
  });
}

function meant({ path, venue: found }: ToldFile, given: string | undefined): BinanceVenue {
  const venue = BINANCE_VENUES.find((name) => name === (given ?? found));
  if (venue !== undefined) return venue;
  throw new RecordingError('foreign', path, `is a recording of Binance, not of ${given!}`, 'leave --venue out');
}
