import { BITSTAMP_VENUE } from '../../../../../adapters/venues/bitstamp/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { START, type Pairs } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of Bitstamp', () => {
  it('is refused or taken, never more, and is whole once opened anew', () =>
    seedOf('Bitstamp', (seed) => {
      const random = seeded(seed);
      const level = (from: number): Pairs => [[`${from + Math.floor(random() * 9)}`, `${Math.floor(random() * 4)}.5`]];
      const frames: Frame[] = [];
      const say = (message: object, url?: string): void => {
        const kind = url === undefined ? 'message' : 'reply';
        frames.push({ at: START + 1_000 * frames.length, kind, text: JSON.stringify(message), ...(url && { url }) });
      };
      const book = (at: number): object => ({ microtimestamp: String(START + at), bids: level(10), asks: level(20) });
      const update = (at: number): object => ({ event: 'data', channel: 'diff_order_book_ethusd', data: book(at) });
      say(update(1));
      say(update(3));
      say(book(2), 'https://www.bitstamp.net/api/v2/order_book/ethusd');
      for (let at = 4; at < 30; at++)
        if (at % 5 !== 0) say(update(at));
        else
          say({
            event: 'trade',
            channel: 'live_trades_ethusd',
            data: { id: at, type: at % 2, price_str: '15.00', amount_str: '1', microtimestamp: String(START + at) },
          });
      // the time of a book says nothing of the one before it: what is lost cannot be seen
      return fuzzFeed(
        { newMapper: (sink) => BITSTAMP_VENUE.newMapper(sink), frames, integrity: { by: 'none' } },
        random,
        500,
      );
    }));
});
