import { DERIBIT_VENUE } from '../../../../../adapters/venues/deribit/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

const NAMES = ['BTC-PERPETUAL', 'BTC-30JUL21-24000-P'] as const;

describe('a spoiled feed of Deribit', () => {
  it('never leaves a trusted book that is wrong', () =>
    seedOf('Deribit', (seed) => {
      const random = seeded(seed);
      const frames: Frame[] = [];
      const say = (channel: string, data: object): void => {
        const text = JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });
        frames.push({ at: START + 1_000 * frames.length, kind: 'message', text });
      };
      const level = (from: number, isNew: boolean): unknown[] => {
        const amount = isNew ? 1 + Math.floor(random() * 4) : Math.floor(random() * 4);
        return [amount === 0 ? 'delete' : isNew ? 'new' : 'change', from + Math.floor(random() * 9), amount];
      };
      const last = [100, 500];
      for (let index = 0; index < 60; index++) {
        const which = index % 2;
        const [name, timestamp] = [NAMES[which]!, START / 1_000 + index];
        if (index % 14 === 10)
          say(`trades.${name}.raw`, [
            { instrument_name: name, timestamp, trade_id: `${index}`, direction: 'buy', price: 15, amount: 1 },
          ]);
        else {
          const isNew = index < 2;
          const previous = last[which]!;
          last[which] = previous + 1 + Math.floor(random() * 3);
          say(`book.${name}.raw`, {
            type: isNew ? 'snapshot' : 'change',
            timestamp,
            instrument_name: name,
            change_id: last[which],
            ...(isNew ? {} : { prev_change_id: previous }),
            bids: [level(10, isNew)],
            asks: [level(20, isNew)],
          });
        }
      }
      return fuzzFeed(
        { newMapper: (sink) => DERIBIT_VENUE.newMapper(sink), frames, integrity: { by: 'sequence' } },
        random,
        500,
      );
    }));
});
