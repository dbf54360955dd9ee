import { BINANCE } from '../../../../../adapters/venues/binance/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { binance, START, type Pairs } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of Binance', () => {
  it('never leaves a trusted book that is wrong', () =>
    seedOf('Binance', (seed) => {
      const random = seeded(seed);
      const level = (from: number): Pairs => [[`${from + Math.floor(random() * 9)}`, `${Math.floor(random() * 4)}.5`]];
      const frames: Frame[] = [];
      const say = (message: object, kind: Frame['kind'] = 'message'): void => {
        const url =
          kind === 'reply' ? 'https://api.binance.com/api/v3/depth?symbol=AAABTC' : 'wss://stream.binance.com';
        frames.push({ at: START + 1_000 * frames.length, kind, url, text: JSON.stringify(message) });
      };
      say(binance.depth(1, 3, level(10), level(20)));
      say(binance.rest(2, level(10), level(20)), 'reply');
      for (let update = 4; update < 30; update++)
        if (update % 5 === 0) say(binance.trade(update, '15', '1', update % 2 === 0));
        else say(binance.depth(update - (update % 5 === 1 ? 1 : 0), update, level(10), level(20)));
      const [spot] = BINANCE;
      return fuzzFeed(
        { newMapper: (sink) => spot!.newMapper(sink), frames, integrity: { by: 'sequence' } },
        random,
        500,
      );
    }));
});
