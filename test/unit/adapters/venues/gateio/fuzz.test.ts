import { GATEIO_VENUE } from '../../../../../adapters/venues/gateio/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { START, type Pairs } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of Gate.io', () => {
  it('never leaves a trusted book that is wrong', () =>
    seedOf('Gate.io', (seed) => {
      const random = seeded(seed);
      const level = (from: number): Pairs => [[`${from + Math.floor(random() * 9)}`, `${Math.floor(random() * 4)}.5`]];
      const frames: Frame[] = [];
      const say = (message: object, url?: string): void => {
        const kind = url === undefined ? 'message' : 'reply';
        frames.push({ at: START + 1_000 * frames.length, kind, text: JSON.stringify(message), ...(url && { url }) });
      };
      const notice = (channel: string, result: object): object => ({ time: 1, channel, event: 'update', result });
      const update = (first: number, last: number): object =>
        notice('spot.order_book_update', {
          t: START / 1_000 + last,
          s: 'NEO_BTC',
          U: first,
          u: last,
          b: level(10),
          a: level(20),
        });
      say(update(1, 3));
      say(
        { id: 2, bids: level(10), asks: level(20) },
        'https://api.gateio.ws/api/v4/spot/order_book?currency_pair=NEO_BTC&limit=100&with_id=true',
      );
      for (let last = 4; last < 30; last++)
        if (last % 5 !== 0) say(update(last - (last % 5 === 1 && last > 5 ? 1 : 0), last));
        else
          say(
            notice('spot.trades', {
              id: last,
              create_time_ms: `${START / 1_000}.5`,
              side: 'buy',
              currency_pair: 'NEO_BTC',
              amount: '1',
              price: '15',
            }),
          );
      return fuzzFeed(
        { newMapper: (sink) => GATEIO_VENUE.newMapper(sink), frames, integrity: { by: 'sequence' } },
        random,
        500,
      );
    }));
});
