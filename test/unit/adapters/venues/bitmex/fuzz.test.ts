import { BITMEX } from '../../../../../adapters/venues/bitmex/index.js';
import { bitmex, bitmexPartial } from '../../../../support/bitmex-feed.js';
import { frameOf, type Sent } from '../../../../support/mapped.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of BitMEX', () => {
  it('never crashes, and is whole once opened anew', () =>
    seedOf('BitMEX', (seed) => {
      const random = seeded(seed);
      const sent: Sent[] = [bitmexPartial(0), bitmexPartial(1, 'ETHUSD')];
      for (let at = 2; at < 40; at += 4) {
        const price = 5 + Math.floor(random() * 4);
        const symbol = random() < 0.5 ? 'XBTUSD' : 'ETHUSD';
        sent.push(
          [at, bitmex.book('insert', [[200 + at, 'Buy', 3, price]], symbol)],
          [
            at + 1,
            bitmex.book(
              'update',
              [
                [200 + at, 'Buy', 9],
                [101, 'Sell', at],
              ],
              symbol,
            ),
          ],
          [at + 2, bitmex.trade('Sell', 5, price, {}, symbol)],
          [at + 3, bitmex.book('delete', [[200 + at, 'Buy']], symbol)],
        );
      }
      const frames = sent.map(frameOf);
      return fuzzFeed({ newMapper: (sink) => BITMEX.newMapper(sink), frames, integrity: { by: 'none' } }, random, 300);
    }));
});
