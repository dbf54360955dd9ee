import type {
  BookData,
  BookDelta,
  FeedInterrupted,
  FeedResumed,
  MarketEvent,
  Trade,
  Traded,
} from '../../../core/market/events.js';
import { instrument, instrumentDefinition, level, price, quantity } from './parts.js';
import {
  choice,
  count,
  fields,
  instant,
  integer,
  listOf,
  maybe,
  open,
  text,
  word,
  yes,
  type Fields,
} from './schema.js';
import type { Shape } from './shape.js';

const stream = 'market-<symbol>@<venue>-<yyyymmddhh>';
const venueAt = maybe(instant("The venue's own time of it; absent where the message has none."));
const detail = maybe(text('A sentence.'));
const leftOut = maybe(
  count('Messages of the instrument that are missing, because the log was slower than the market.'),
);

const book: Fields<BookData> = {
  instrument,
  venueAt,
  venueSeq: maybe(integer("The venue's sequence number after this message, where it has one.")),
  checksum: maybe(
    choice(['ok', 'failed'], "Whether the venue's checksum was that of our book; absent where it sent none."),
  ),
  bids: listOf(level, 'Buying levels, in the order in which the venue sent them.'),
  asks: listOf(level, 'Selling levels, likewise.'),
};

const trade: Fields<Trade> = {
  side: choice(['buy', 'sell'], "The taker's side."),
  price: price('Price'),
  quantity: quantity('Quantity'),
  tradeId: maybe(integer("The venue's number of the trade.")),
  notMarket: maybe(yes('A print that is no market trade (insurance fund, liquidation booking): it moves nothing.')),
};

/** What comes from a venue. One event is one message of it. `at` is when we received it. */
export const MARKET_INPUTS: Readonly<Record<MarketEvent['type'], Shape>> = {
  InstrumentDefined: {
    version: 1,
    meaning: 'What an instrument is, and its rules. It comes first of its instrument, and again when the rules change.',
    stream,
    data: instrumentDefinition,
  },
  BookSnapshot: {
    version: 1,
    meaning: 'The whole book, as far as the feed shows it. Whatever was known of it before is void.',
    stream,
    data: fields<BookData>(book),
  },
  BookDelta: {
    version: 1,
    meaning: 'Levels that changed: each quantity replaces what stood at that price, and 0 takes the level away.',
    stream,
    data: fields<BookDelta['data']>({
      ...book,
      dropped: maybe(yes("The venue's sequence rules leave this message out; it has no levels and is only counted.")),
    }),
  },
  Traded: {
    version: 1,
    meaning: 'Trades of one message.',
    stream,
    data: fields<Traded['data']>({
      instrument,
      venueAt,
      trades: listOf(fields<Trade>(trade), 'In the order of the message.', { minItems: 1 }),
    }),
  },
  // these two come out of captured sessions as the text that stands there, which a later version may have written
  FeedInterrupted: {
    version: 1,
    meaning:
      'Messages are missing. The book is not trusted before the next `BookSnapshot`, or until `FeedResumed` says otherwise.',
    stream,
    data: open<FeedInterrupted['data']>({
      instrument,
      venueAt,
      reason: word(
        [
          'gap',
          'silent',
          'checksum',
          'disconnected',
          'refused',
          'bad_message',
          'increment_overflow',
          'log_behind',
          'recorder_behind',
          'disk_full',
          'feed_ended',
          'session_over',
        ],
        'Why; among others',
      ),
      detail,
      leftOut,
    }),
  },
  FeedResumed: {
    version: 1,
    meaning: 'A silence is over, or what was left out has ended.',
    stream,
    data: open<FeedResumed['data']>({
      instrument,
      venueAt,
      trust: choice(['trusted', 'partial'], 'What the book is worth now: `trusted` where a sequence went on unbroken.'),
      detail,
      leftOut,
    }),
  },
};
