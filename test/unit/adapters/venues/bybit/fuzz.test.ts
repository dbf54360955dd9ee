import { BYBIT } from '../../../../../adapters/venues/bybit/index.js';
import type { Venue } from '../../../../../adapters/venues/venue.js';
import { frameOf, type Came } from '../../../../support/live-story.js';
import type { Pairs } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { bybit, bybitOfOld } from '../../../../support/venue-messages/bybit.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

const linear = BYBIT.find(({ name }) => name === 'bybit-linear')!;

describe('a spoiled feed of Bybit', () => {
  const spoil = (venue: Venue, what: string, by: 'sequence' | 'none', cameOf: (random: () => number) => Came[]) =>
    seedOf(`Bybit ${what}`, (seed) => {
      const random = seeded(seed);
      const frames = cameOf(random).map(frameOf);
      return fuzzFeed({ newMapper: (sink) => venue.newMapper(sink), frames, integrity: { by } }, random, 500);
    });

  it('never leaves a trusted book that is wrong', () =>
    spoil(linear, 'v5', 'sequence', (random) => {
      const level = (from: number): Pairs => [[`${from + Math.floor(random() * 9)}`, `${Math.floor(random() * 4)}.5`]];
      const came: Came[] = [];
      for (let update = 8; update < 36; update++) {
        const book = { update, b: level(10), a: level(20) };
        came.push([update, update % 10 === 8 ? bybit.snapshot(book) : bybit.delta(book)]);
        if (update % 4 === 0) came.push([update, bybit.trades([{ p: '15' }, { S: 'Sell' }])]);
      }
      return came;
    }));
  it('in the words of 2021 only throws what a message may be refused with', () =>
    spoil(linear, 'v2', 'none', (random) => {
      const price = (from: number): string => String(from + Math.floor(random() * 9));
      const came: Came[] = [
        [
          0,
          bybitOfOld.snapshot({ seq: 3 }, [
            ['Buy', price(10), 1],
            ['Sell', price(20), 2],
          ]),
        ],
      ];
      for (let seq = 4; seq < 24; seq++)
        came.push([
          seq,
          bybitOfOld.delta(
            { seq },
            { del: [['Buy', price(10)]], upd: [['Sell', price(20), 3]], ins: [['Buy', price(10), 0.25]] },
          ),
        ]);
      return came;
    }));
});
