import { expect } from 'chai';
import { KRAKEN_FUTURES } from '../../../../../adapters/venues/kraken-futures/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { frame } from '../../../../support/frame.js';
import { START, story } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { FoldedFeed, fuzzFeed } from '../../../../support/venue-fuzz.js';

const TIME = 1_704_067_200_123;
const snapshot = (seq: number, product = 'PI_XBTUSD'): object => ({
  feed: 'book_snapshot',
  product_id: product,
  timestamp: TIME,
  seq,
  tickSize: null,
  bids: [{ price: 32183.5, qty: 50 }],
  asks: [{ price: 32200.5, qty: 1200 }],
});
const change = (seq: number, side: string, price: number, qty: number, product = 'PI_XBTUSD'): object => ({
  feed: 'book',
  product_id: product,
  side,
  seq,
  price,
  qty,
  timestamp: TIME,
});
const trade = (type: string, more: object = {}): object => ({
  feed: 'trade',
  product_id: 'PI_XBTUSD',
  uid: '8b3e7e72-950c-4c4e-8ab8-24aebcab80d2',
  side: 'sell',
  type,
  seq: 7,
  time: TIME,
  qty: 50,
  price: 32183.5,
  ...more,
});

describe('the Kraken Futures mapper', () => {
  let feed: FoldedFeed;
  beforeEach(() => {
    feed = new FoldedFeed((sink) => KRAKEN_FUTURES.newMapper(sink));
  });
  const hear = (...messages: readonly (object | string)[]): string[] => {
    messages.forEach((message, index) => void feed.mapper.accept(frame(10 * index, message), feed.source));
    return story(feed.events);
  };
  const whole = 'b 32183.5x50 a 32200.5x1200';

  it('applies changes of one level each, in a row without holes', () => {
    expect(hear(snapshot(5), change(6, 'buy', 32183.5, 0), change(7, 'sell', 32200, 3))).to.deep.equal([
      `0 BookSnapshot 5 ${whole}`,
      '10 BookDelta 6 b 32183.5x0',
      '20 BookDelta 7 a 32200x3',
    ]);
    expect(feed.events[0]!.data).to.include({ venueAt: START + 123_000 });
  });

  it('says a gap once, asks for a snapshot, and is whole again with it', () => {
    expect(
      hear(
        snapshot(5),
        change(7, 'buy', 1, 1),
        change(9, 'buy', 2, 1),
        snapshot(20),
        change(20, 'buy', 3, 1),
        change(21, 'buy', 4, 1),
      ),
    ).to.deep.equal([
      `0 BookSnapshot 5 ${whole}`,
      '10 FeedInterrupted gap',
      '10 BookDelta 7 b 1x1',
      '20 BookDelta 9 b 2x1',
      `30 BookSnapshot 20 ${whole}`,
      '40 BookDelta 20 dropped',
      '50 BookDelta 21 b 4x1',
    ]);
    expect(feed.source.asked).to.deep.equal(['PI_XBTUSD']);
  });

  it('leaves out changes that come live before the first snapshot', () => {
    expect(hear(change(5, 'buy', 1, 1), snapshot(5))).to.deep.equal([
      '0 BookDelta 5 dropped',
      `10 BookSnapshot 5 ${whole}`,
    ]);
  });

  it('goes on after a silence where the numbers do', () => {
    hear(snapshot(5));
    feed.mapper.interrupt(feed.source, START + 9_000, 'silent', 'nothing for 5s');
    expect(hear(change(6, 'buy', 1, 1)).slice(1)).to.deep.equal([
      '9 FeedInterrupted silent',
      '0 FeedResumed trusted',
      '0 BookDelta 6 b 1x1',
    ]);
  });

  it('marks trades that never were in the book, and leaves out those of before the subscription', () => {
    expect(
      hear(
        { feed: 'trade_snapshot', product_id: 'PI_XBTUSD', trades: [trade('fill')] },
        ...['fill', 'liquidation', 'termination', 'assignment', 'block'].map((type) => trade(type)),
      ),
    ).to.deep.equal([
      '10 Traded sell 50@32183.5',
      '20 Traded sell 50@32183.5',
      '30 Traded sell 50@32183.5 no market',
      '40 Traded sell 50@32183.5 no market',
      '50 Traded sell 50@32183.5 no market',
    ]);
  });

  it('reads over answers and tickers', () => {
    expect(
      hear(
        { event: 'info', version: 1 },
        { event: 'subscribed', feed: 'book', product_ids: ['PI_XBTUSD'] },
        { feed: 'ticker_lite', product_id: 'PI_XBTUSD' },
        { feed: 'heartbeat', time: TIME },
      ),
    ).to.deep.equal([]);
  });

  describe('refuses what the venue cannot have sent, and no book is any the worse:', () => {
    const good = JSON.stringify(change(6, 'buy', 32183.5, 50));
    for (const [what, message] of [
      ['no JSON', '{'],
      ['a list', '[1]'],
      ['a number that is none', good.replace('"seq":6', '"seq":6.5')],
      ['a number that is missing', good.replace('"seq":6,', '')],
      ['a side that is none', good.replace('buy', 'bid')],
      ['a price that is none', good.replace('32183.5', 'null')],
      ['a price of 0', good.replace('32183.5', '0')],
      ['a negative quantity', good.replace('"qty":50', '"qty":-50')],
      ['more digits than a double carries', good.replace('32183.5', '3218.123456789012345')],
      ['a quantity beyond all', good.replace('"qty":50', '"qty":1e300')],
      ['a time that is none', good.replace(String(TIME), '5')],
      ['no product', good.replace('PI_XBTUSD', '')],
      ['a snapshot without a side', JSON.stringify(snapshot(9)).replace('"bids"', '"x"')],
      ['a type of trade that is none', trade('fill', { type: 1 })],
      ['a trade without its time', trade('fill', { time: null })],
    ] as const)
      it(what, () => {
        hear(snapshot(5));
        const before = story(feed.events);
        expect(() => hear(message)).to.throw(MessageFault);
        expect(story(feed.events)).to.deep.equal(before);
        hear(good);
        expect(feed.trusted('PI_XBTUSD@kraken-futures')).to.equal('32183.5x50 | 32200.5x1200');
      });
  });

  it('reads what the products are out of the venue’s list', () => {
    const text = JSON.stringify({
      result: 'success',
      instruments: [
        { symbol: 'pi_xbtusd', type: 'futures_inverse', tickSize: 0.5, contractSize: 1, tradeable: true },
        { symbol: 'PF_XBTUSD', type: 'flexible_futures', tickSize: 1, contractSize: 1, contractValueTradePrecision: 4 },
        {
          symbol: 'PF_PUMPUSD',
          type: 'flexible_futures',
          tickSize: 1e-7,
          contractSize: 1,
          contractValueTradePrecision: -2,
        },
        { symbol: 'fv_xrpxbt_210730', type: 'futures_vanilla', tickSize: 1e-8, contractSize: 1 },
        { symbol: 'in_xbtusd', type: 'spot index', tradeable: false },
      ],
    });
    const told = KRAKEN_FUTURES.readInstruments!({
      at: START,
      kind: 'reply',
      text,
      url: 'https://futures.kraken.com/derivatives/api/v3/instruments',
    })!;
    expect(
      told.map(({ instrument, kind, settlement, tickSize, lotSize, multiplier }) => [
        instrument,
        kind,
        settlement,
        tickSize,
        lotSize,
        multiplier,
      ]),
    ).to.deep.equal([
      ['PI_XBTUSD@kraken-futures', 'inverse', 'XBT', '0.5', '1', '1'],
      ['PF_XBTUSD@kraken-futures', 'linear', 'USD', '1', '0.0001', '1'],
      ['PF_PUMPUSD@kraken-futures', 'linear', 'USD', '0.0000001', '100', '1'],
      ['FV_XRPXBT_210730@kraken-futures', 'linear', 'XBT', '0.00000001', '1', '1'],
    ]);
    expect(told[0]).to.deep.include({
      base: 'XBT',
      quote: 'USD',
      minQuantity: '1',
      fees: { maker: '0.0002', taker: '0.0005' },
    });
    expect(
      KRAKEN_FUTURES.readInstruments!({ at: START, kind: 'reply', text: '{"result":"success","tickers":[]}' }),
    ).to.equal(undefined);
  });
});

describe('a spoiled feed of Kraken Futures', () => {
  it('never leaves a trusted book that is wrong', () =>
    seedOf('Kraken Futures', (seed) => {
      const random = seeded(seed);
      const below = (count: number): number => Math.floor(random() * count);
      const frames: Frame[] = [];
      for (const product of ['PI_XBTUSD', 'FI_ETHUSD_240329']) {
        frames.push(frame(frames.length, snapshot(10, product)));
        for (let seq = 11; seq < 26; seq++) {
          const [side, price] = below(2) === 0 ? ['buy', 32_000 + below(9)] : ['sell', 33_000 + below(9)];
          frames.push(frame(frames.length, change(seq, side, price, below(4) * 10, product)));
          if (below(5) === 0) frames.push(frame(frames.length, trade('fill')));
        }
      }
      const newMapper = KRAKEN_FUTURES.newMapper.bind(KRAKEN_FUTURES);
      return fuzzFeed({ newMapper, frames, integrity: { by: 'sequence' } }, random, 300);
    }));
});
