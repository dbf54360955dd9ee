import { COINBASE } from '../../../../../adapters/venues/coinbase/index.js';
import { frameOf, type Came } from '../../../../support/live-story.js';
import type { Pairs } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { AdvancedConnection, exchange } from '../../../../support/venue-messages/coinbase.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

describe('a spoiled feed of Coinbase', () => {
  const spoil = (what: string, by: 'sequence' | 'none', cameOf: (random: () => number) => Came[]) =>
    seedOf(`Coinbase ${what}`, (seed) => {
      const random = seeded(seed);
      const frames = cameOf(random).map(frameOf);
      return fuzzFeed({ newMapper: (sink) => COINBASE.newMapper(sink), frames, integrity: { by } }, random, 500);
    });
  const level = (random: () => number, from: number): Pairs => [
    [`${from + Math.floor(random() * 9)}`, `${Math.floor(random() * 4)}.5`],
  ];

  it('never leaves a trusted book that is wrong', () =>
    spoil('Advanced Trade', 'sequence', (random) => {
      const of = new AdvancedConnection();
      const came: Came[] = [];
      for (const symbol of ['AAA-USD', 'BBB-USD'])
        came.push([0, of.book('snapshot', level(random, 10), level(random, 20), { symbol })]);
      for (let at = 1; at < 30; at++) {
        const symbol = random() < 0.5 ? 'AAA-USD' : 'BBB-USD';
        if (at % 7 === 0) came.push([at, of.heartbeat()]);
        else if (at % 5 === 0) came.push([at, of.trades('update', [{ trade_id: String(at) }, { product_id: symbol }])]);
        else came.push([at, of.book('update', level(random, 10), level(random, 20), { symbol })]);
      }
      return came;
    }));
  it("of the exchange's own only throws what a message may be refused with", () =>
    spoil('2021', 'none', (random) => {
      const came: Came[] = [[0, exchange.snapshot(level(random, 10), level(random, 20))]];
      for (let at = 1; at < 24; at++)
        came.push([
          at,
          at % 5 === 0
            ? exchange.match()
            : exchange.update(['buy', ...level(random, 10)[0]!], ['sell', ...level(random, 20)[0]!]),
        ]);
      return came;
    }));
});
