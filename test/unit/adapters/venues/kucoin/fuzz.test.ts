import { KUCOIN } from '../../../../../adapters/venues/kucoin/index.js';
import { frameOf, type Came } from '../../../../support/live-story.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { depthUrl, kucoin } from '../../../../support/venue-messages/kucoin.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of KuCoin', () => {
  it('never leaves a trusted book that is wrong', () =>
    seedOf('KuCoin', (seed) => {
      const random = seeded(seed);
      const level = (from: number): [string, string] => [
        `${from + Math.floor(random() * 9)}`,
        `${Math.floor(random() * 4)}.5`,
      ];
      const came: Came[] = [
        [0, kucoin.update(7, 7, { b: [level(10)] })],
        [1, kucoin.reply(6, [level(10)], [level(20)]), depthUrl()],
      ];
      for (let last = 8; last < 36; last++) {
        const isPair = last % 5 === 1;
        if (last % 5 !== 0)
          came.push([last, kucoin.update(isPair ? last - 1 : last, last, { b: [level(10)], a: [level(20)] })]);
        else came.push([last, kucoin.match({ price: '15', size: '1' })]);
      }
      const frames = came.map(frameOf);
      const newMapper = KUCOIN.newMapper.bind(KUCOIN);
      return fuzzFeed({ newMapper, frames, integrity: { by: 'sequence' } }, random, 500);
    }));
});
