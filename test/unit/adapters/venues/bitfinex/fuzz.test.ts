import { BITFINEX_VENUE } from '../../../../../adapters/venues/bitfinex/index.js';
import type { MarketSink } from '../../../../../adapters/venues/mapping/sink.js';
import type { VenueMapper } from '../../../../../adapters/venues/venue.js';
import { bitfinexChecksum, BitfinexConnection } from '../../../../support/bitfinex-feed.js';
import { frameOf, type Sent } from '../../../../support/mapped.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

const BOOKS = [11, 12] as const;
const TRADES = 13;

describe('a spoiled feed of Bitfinex', () => {
  for (const [what, flags] of [
    ['with numbers', 65_536],
    // a checksum is a message of its own: until it comes a wrong digit cannot be seen
    ['with numbers and checksums', 65_536 + 131_072],
  ] as const)
    it(`never leaves a trusted book that is wrong, ${what}`, () =>
      seedOf('Bitfinex', (seed) => {
        const random = seeded(seed);
        const frames = feedOf(random, flags).map(frameOf);
        const newMapper = (sink: MarketSink): VenueMapper => BITFINEX_VENUE.newMapper(sink);
        // an amount below zero is an ask, and a venue that was asked to sends numbers as text
        const legal = ['-1', '-0.5', '"-1"'];
        return fuzzFeed({ newMapper, frames, integrity: { by: 'sequence' }, legal }, random, 500);
      }));
});

/** Two books on one connection; with checksums, one follows each message of a book. */
function feedOf(random: () => number, flags: number): Sent[] {
  const feed = new BitfinexConnection(0, flags);
  const known = BOOKS.map(() => [new Map<number, number>(), new Map<number, number>()] as const);
  const sent: Sent[] = [feed.greeting(), feed.conf()];
  const entry = (which: number, isNew: boolean): [number, number, number] => {
    const isAsk = random() < 0.5;
    const price = (isAsk ? 20 : 10) + Math.floor(random() * 9);
    const side = known[which]![isAsk ? 1 : 0];
    const amount = (isAsk ? -1 : 1) * (1 + Math.floor(random() * 4));
    if (!isNew && side.has(price) && random() < 0.4) {
      side.delete(price);
      return [price, 0, isAsk ? -1 : 1];
    }
    side.set(price, amount);
    return [price, 1, amount];
  };
  const check = (which: number): void => {
    if ((flags & 131_072) === 0) return;
    const [bids, asks] = known[which]!;
    const sorted = (side: Map<number, number>, sign: number): [number, number][] =>
      [...side].sort(([a], [b]) => sign * (a - b));
    sent.push(feed.data(BOOKS[which]!, 'cs', bitfinexChecksum(sorted(bids, -1), sorted(asks, 1))));
  };
  BOOKS.forEach((id, which) => {
    sent.push(feed.subscribed('book', id, which === 0 ? 'tBTCUSD' : 'tAVAX:USD'));
    sent.push(feed.book(id, entry(which, true)));
    check(which);
  });
  sent.push(feed.subscribed('trades', TRADES, 'tBTCUSD'));
  for (let index = 0; index < 30; index++) {
    if (index % 7 === 3) sent.push(feed.data(TRADES, 'te', [index, START / 1_000 + index, 1, 15]));
    if (index % 9 === 4) sent.push(feed.beat(BOOKS[1]));
    const which = index % 2;
    sent.push(feed.level(BOOKS[which]!, entry(which, false)));
    check(which);
  }
  return sent;
}
