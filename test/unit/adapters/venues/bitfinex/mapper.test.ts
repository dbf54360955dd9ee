import { expect } from 'chai';
import { BITFINEX_VENUE } from '../../../../../adapters/venues/bitfinex/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { BitfinexConnection } from '../../../../support/bitfinex-feed.js';
import { Mapped, TestSource, type Sent } from '../../../../support/mapped.js';
import { START } from '../../../../support/mini-recording.js';

const BOOK = 11;
const OTHER = 12;
const TRADES = 13;

/** Opens the books of two instruments. */
const opened = (connection: BitfinexConnection): Sent[] => [
  connection.greeting(),
  connection.conf(),
  connection.beat(BOOK), // it may come before its channel is told
  connection.subscribed('book', BOOK, 'tBTCUSD'),
  connection.book(BOOK, [100, 1, 2.5], [101, 2, -1]),
  connection.subscribed('book', OTHER, 'tAVAX:USD'),
  connection.book(OTHER, [10, 1, 1e-7]),
];

async function begun(
  source = new TestSource(),
  connection = new BitfinexConnection(0),
): Promise<[Mapped, BitfinexConnection]> {
  const mapped = new Mapped(BITFINEX_VENUE, source);
  await mapped.take(opened(connection));
  return [mapped, connection];
}

describe('the Bitfinex mapper', () => {
  it('takes the first array of a channel for its snapshot, then changes by count and sign', async () => {
    const [mapped, feed] = await begun();
    await mapped.take([
      feed.level(BOOK, [99, 3, 7]),
      feed.level(BOOK, [101, 0, -1]),
      feed.level(BOOK, [100, 0, 1]),
      feed.level(OTHER, [11, 1, -0.5]),
    ]);
    expect(mapped.told()).to.deep.equal([
      'TBTCUSD 4 BookSnapshot - b 100x2.5 a 101x1',
      'TAVAX:USD 6 BookSnapshot - b 10x0.0000001',
      'TBTCUSD 7 BookDelta - b 99x7',
      'TBTCUSD 8 BookDelta - a 101x0',
      'TBTCUSD 9 BookDelta - b 100x0',
      'TAVAX:USD 10 BookDelta - a 11x0.5',
    ]);
  });

  it('takes an empty first array for an empty book', async () => {
    const [mapped, feed] = await begun();
    mapped.told();
    await mapped.take([feed.subscribed('book', 14, 'tXAUT:UST'), feed.book(14), feed.level(14, [1, 1, 1])]);
    expect(mapped.told()).to.deep.equal(['8 BookSnapshot -', '9 BookDelta - b 1x1']);
  });

  describe('the numbers of a connection', () => {
    it('break every book where one is missing, once, before the message that shows it', async () => {
      const [mapped, feed] = await begun();
      mapped.told();
      await mapped.take([
        feed.skip().level(BOOK, [99, 1, 1]),
        feed.level(OTHER, [9, 1, 1]),
        feed.skip().beat(BOOK),
        feed.level(OTHER, [8, 1, 1]),
      ]);
      expect(mapped.told()).to.deep.equal([
        'TBTCUSD 7 FeedInterrupted gap',
        'TAVAX:USD 7 FeedInterrupted gap',
        'TBTCUSD 7 BookDelta - b 99x1',
        'TAVAX:USD 8 BookDelta - b 9x1',
        'TAVAX:USD 10 BookDelta - b 8x1',
      ]);
    });
    it('count tickers and heartbeats too', async () => {
      const [mapped, feed] = await begun();
      mapped.told();
      await mapped.take([feed.beat(99), feed.data(98, [1, 2, 3]), feed.level(BOOK, [99, 1, 1])]);
      expect(mapped.told()).to.deep.equal(['9 BookDelta - b 99x1']);
      await mapped.take([feed.skip().data(98, [1, 2, 3])]);
      expect(mapped.told()).to.deep.equal(['TBTCUSD 10 FeedInterrupted gap', 'TAVAX:USD 10 FeedInterrupted gap']);
    });
    it('show a repeated message', async () => {
      const [mapped, feed] = await begun();
      mapped.told();
      const message = feed.level(BOOK, [99, 1, 1]);
      await mapped.take([message, message]);
      expect(mapped.told()).to.have.members([
        'TBTCUSD 7 BookDelta - b 99x1',
        'TBTCUSD 7 FeedInterrupted gap',
        'TAVAX:USD 7 FeedInterrupted gap',
        'TBTCUSD 7 BookDelta - b 99x1',
      ]);
    });
    it('are a message short where one could not be read', async () => {
      const [mapped, feed] = await begun();
      mapped.told();
      const error: unknown = await mapped.take([feed.data(BOOK, [99, 1, 0])]).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(MessageFault);
      await mapped.take([feed.beat(BOOK)]);
      expect(mapped.told()).to.deep.equal(['TBTCUSD 8 FeedInterrupted gap', 'TAVAX:USD 8 FeedInterrupted gap']);
    });
    it('are those of each connection by itself, and begin anew with it', async () => {
      const source = new TestSource();
      const [mapped] = await begun(source);
      const other = new BitfinexConnection(20);
      await mapped.take(
        [other.greeting(), other.conf(), other.subscribed('book', BOOK, 'tETHUSD'), other.book(BOOK, [5, 1, 1])],
        new TestSource(),
      );
      mapped.told();
      mapped.mapper.interrupt(source, START + 30_000, 'disconnected', 'gone');
      await mapped.take(opened(new BitfinexConnection(40)));
      expect(mapped.told()).to.deep.equal([
        'TBTCUSD 30 FeedInterrupted disconnected',
        'TAVAX:USD 30 FeedInterrupted disconnected',
        'TBTCUSD 44 BookSnapshot - b 100x2.5 a 101x1',
        'TAVAX:USD 46 BookSnapshot - b 10x0.0000001',
      ]);
    });
    it('are not asked for where the connection has none', async () => {
      const [mapped, feed] = await begun(new TestSource(), new BitfinexConnection(0, 0));
      mapped.told();
      await mapped.take([feed.skip().level(BOOK, [99, 1, 1])]);
      expect(mapped.told()).to.deep.equal(['7 BookDelta - b 99x1']);
    });
  });

  it('heals a book by a new subscription, and asks a live line for it', async () => {
    const source = new TestSource(true);
    const [mapped, feed] = await begun(source);
    await mapped.take([feed.skip().beat(BOOK)]);
    expect(source.asked).to.deep.equal(['tBTCUSD', 'tAVAX:USD']);
    mapped.told();
    await mapped.take([
      feed.event({ event: 'unsubscribed', status: 'OK', chanId: BOOK }),
      feed.level(BOOK, [1, 1, 1]), // on its way when the channel was closed
      feed.subscribed('book', 21, 'tBTCUSD'),
      feed.book(21, [100, 1, 1]),
      feed.level(21, [99, 1, 1]),
    ]);
    expect(mapped.told()).to.deep.equal([
      '8 FeedInterrupted disconnected',
      '11 BookSnapshot - b 100x1',
      '12 BookDelta - b 99x1',
    ]);
  });

  it('loses its books at a greeting that nothing announced, at a restart and at maintenance', async () => {
    const source = new TestSource(true);
    const [mapped, feed] = await begun(source);
    mapped.told();
    await mapped.take([feed.event({ event: 'info', code: 20_060, msg: '' })]);
    expect(mapped.told()).to.deep.equal([
      'TBTCUSD 7 FeedInterrupted disconnected',
      'TAVAX:USD 7 FeedInterrupted disconnected',
    ]);
    await mapped.take([feed.event({ event: 'info', code: 20_061, msg: '' })]);
    expect(source.asked).to.deep.equal(['tBTCUSD', 'tAVAX:USD']);
    await mapped.take(opened(new BitfinexConnection(20)));
    mapped.told();
    const again = new BitfinexConnection(40);
    await mapped.take([again.event({ event: 'info', code: 20_051, msg: '' })]);
    await mapped.take(opened(again)); // what was said of the restart is not said again
    expect(mapped.told()).to.deep.equal([
      'TBTCUSD 40 FeedInterrupted disconnected',
      'TAVAX:USD 40 FeedInterrupted disconnected',
      'TBTCUSD 45 BookSnapshot - b 100x2.5 a 101x1',
      'TAVAX:USD 47 BookSnapshot - b 10x0.0000001',
    ]);
    await mapped.take([new BitfinexConnection(60).greeting()]);
    expect(mapped.told()).to.deep.equal([
      'TBTCUSD 60 FeedInterrupted disconnected',
      'TAVAX:USD 60 FeedInterrupted disconnected',
    ]);
  });

  describe('after a silence', () => {
    const silent = async (flags: number): Promise<[Mapped, BitfinexConnection]> => {
      const [mapped, feed] = await begun(new TestSource(), new BitfinexConnection(0, flags));
      mapped.told();
      mapped.mapper.interrupt(mapped.source, START + 6_000_000, 'silent', 'no line');
      feed.at = 7_000;
      return [mapped, feed];
    };
    const said = ['TBTCUSD 6000 FeedInterrupted silent', 'TAVAX:USD 6000 FeedInterrupted silent'];
    it('every book resumes where the numbers of the connection go on, with a heartbeat too', async () => {
      const [mapped, feed] = await silent(65_536);
      await mapped.take([feed.beat(BOOK), feed.level(BOOK, [99, 1, 1])]);
      expect(mapped.told()).to.deep.equal([
        ...said,
        'TBTCUSD 7000 FeedResumed trusted',
        'TAVAX:USD 7000 FeedResumed trusted',
        'TBTCUSD 7001 BookDelta - b 99x1',
      ]);
    });
    it('none does where they do not', async () => {
      const [mapped, feed] = await silent(65_536);
      await mapped.take([feed.skip().beat(BOOK), feed.level(BOOK, [99, 1, 1])]);
      expect(mapped.told()).to.deep.equal([
        ...said,
        'TBTCUSD 7000 FeedInterrupted gap',
        'TAVAX:USD 7000 FeedInterrupted gap',
        'TBTCUSD 7001 BookDelta - b 99x1',
      ]);
    });
    it('none does without numbers, before its next snapshot', async () => {
      const [mapped, feed] = await silent(0);
      await mapped.take([feed.level(BOOK, [99, 1, 1])]);
      expect(mapped.told()).to.deep.equal([...said, 'TBTCUSD 7000 BookDelta - b 99x1']);
    });
  });

  it('reads executed trades once, and no history', async () => {
    const [mapped, feed] = await begun();
    mapped.told();
    const time = START / 1_000 + 5;
    const taken = await mapped.take([
      feed.subscribed('trades', TRADES, 'tBTCUSD'),
      feed.data(TRADES, [[1, time, 1, 100]]),
      feed.data(TRADES, 'te', [2, time, -0.25, 100.5]),
      feed.data(TRADES, 'tu', [2, time, -0.25, 100.5]),
      feed.data(TRADES, 'te', [3, time, 3, 101]),
      feed.data(TRADES, 'hb'),
    ]);
    expect(taken).to.deep.equal([false, false, true, false, true, false]);
    expect(mapped.events[0]!.data)
      .to.include({ venueAt: START + 5_000 })
      .and.have.nested.property('trades[0].tradeId', 2);
    expect(mapped.told()).to.deep.equal(['9 Traded sell 0.25@100.5', '11 Traded buy 3@101']);
  });

  it('loses no digit of a number that a double does not carry', async () => {
    const [mapped, feed] = await begun();
    mapped.told();
    const [afterMs] = feed.beat(BOOK);
    await mapped.take([[afterMs, `[${BOOK},[99,1,12345678.12345679],4]`]]);
    expect(mapped.told()).to.deep.equal(['7 BookDelta - b 99x12345678.12345679']);
  });

  it('reads batches as changes where they were asked for, else a list of levels as a snapshot', async () => {
    const batches = new BitfinexConnection(0, 65_536 + 536_870_912);
    const [mapped] = await begun(new TestSource(), batches);
    mapped.told();
    await mapped.take([batches.book(BOOK, [99, 1, 1], [101, 0, -1])]);
    expect(mapped.told()).to.deep.equal(['7 BookDelta - b 99x1 a 101x0']);
    const [plain, feed] = await begun();
    plain.told();
    await plain.take([feed.book(BOOK, [99, 1, 1])]);
    expect(plain.told()).to.deep.equal(['7 BookSnapshot - b 99x1']);
  });

  it('reads the book that was opened last where an instrument has two, and none that is coarse or of orders', async () => {
    const [mapped, feed] = await begun();
    mapped.told();
    await mapped.take([
      feed.subscribed('book', 21, 'tBTCUSD', { len: '100' }),
      feed.book(21, [98, 1, 1]),
      feed.level(BOOK, [1, 1, 1]),
      feed.subscribed('book', 22, 'tBTCUSD', { prec: 'P1' }),
      feed.book(22, [90, 1, 1]),
      feed.subscribed('book', 23, 'tBTCUSD', { prec: 'R0' }),
      feed.data(23, [[1, 90, 1]]),
      feed.subscribed('book', 24, 'fUSD'),
      feed.data(24, [[0.1, 2, 1, 5]]),
      feed.level(21, [97, 1, 1]),
    ]);
    expect(mapped.told()).to.deep.equal(['8 BookSnapshot - b 98x1', '16 BookDelta - b 97x1']);
  });

  it('refuses what the venue cannot have sent', async () => {
    const refused: ((feed: BitfinexConnection) => Sent)[] = [
      () => [7, '7'],
      () => [7, '[11,'],
      () => [7, '[]'],
      () => [7, `[${BOOK},[99,1,1]]`], // without its number
      (feed) => feed.data(BOOK, 'xx'),
      (feed) => feed.data(BOOK, [99, 1]),
      (feed) => feed.data(BOOK, [99, -1, 1]),
      (feed) => feed.data(BOOK, [99, 1, 0]),
      (feed) => feed.data(BOOK, [-99, 1, 1]),
      (feed) => feed.data(BOOK, [0, 1, 1]),
      (feed) => feed.data(BOOK, [99, 0, 2]),
      (feed) => feed.book(BOOK, [99, 0, 1]),
      (feed) => feed.event({ event: 'subscribed', channel: 'book', symbol: 'tBTCUSD' }),
      (feed) => feed.event({ event: 'conf', status: 'OK', flags: -1 }),
    ];
    for (const one of refused) {
      const [mapped, feed] = await begun();
      mapped.told();
      const error: unknown = await mapped.take([one(feed)]).catch((thrown: unknown) => thrown);
      expect(error, String(one)).to.be.instanceOf(MessageFault);
      expect(mapped.told()).to.deep.equal([]);
    }
  });

  describe('its instruments', () => {
    it('have the depth that was asked for, and inferred rules with the least size where one was told', async () => {
      const [mapped, feed] = await begun();
      const api = 'https://api-pub.bitfinex.com/v2/conf/pub:';
      await mapped.take([
        [20, [['BTCUSD', 'AVAX:USD']], `${api}list:pair:exchange`],
        [
          21,
          [
            [
              ['BTCUSD', [null, null, null, '0.0002', '2000.0']],
              ['ODD', null],
            ],
          ],
          `${api}info:pair`,
        ],
        feed.subscribed('book', BOOK, 'tBTCUSD', { len: '100' }),
      ]);
      const [btc, avax] = mapped.mapper.finish();
      expect(btc).to.include({
        instrument: 'TBTCUSD@bitfinex',
        kind: 'spot',
        base: 'BTC',
        quote: 'USD',
        minQuantity: '0.0002',
        publishedDepth: 100,
        rules: 'inferred',
      });
      expect(avax).to.include({ instrument: 'TAVAX:USD@bitfinex', base: 'AVAX', minQuantity: '0', publishedDepth: 25 });
    });
    it('have the step of five significant digits where a reply tells the price', () => {
      const ticker = (symbol: string, last: unknown): unknown[] => [symbol, 1, 1, 1, 1, 0, 0, last, 1, 1, 1];
      const read = new Mapped(BITFINEX_VENUE).defined('https://api-pub.bitfinex.com/v2/tickers?symbols=ALL', [
        ticker('tBTCUSD', 60_417),
        ticker('tDOGUSD', 277_730),
        ticker('tETHUSD', 3802.9),
        ticker('tMNABTC', 0.00002516),
        ticker('tBTCF0:USTF0', 60_000),
        ticker('tNEW:USD', null),
        ['fUSD', 0.0001, 1, 1],
      ]);
      expect(Object.values(read).map(({ instrument, tickSize, kind }) => [instrument, tickSize, kind])).to.deep.equal([
        ['TBTCUSD@bitfinex', '1', 'spot'],
        ['TDOGUSD@bitfinex', '10', 'spot'],
        ['TETHUSD@bitfinex', '0.1', 'spot'],
        ['TMNABTC@bitfinex', '0.000000001', 'spot'],
        ['TBTCF0:USTF0@bitfinex', '1', 'linear'],
      ]);
    });
  });

  it('knows the opening of its channels', () => {
    const recognise = (message: unknown): unknown => BITFINEX_VENUE.recognise!(message);
    const [, message] = new BitfinexConnection(0).subscribed('book', BOOK, 'tBTCUSD');
    expect(recognise(message)).to.deep.equal({ symbol: 'tBTCUSD' });
    expect(recognise([BOOK, [1, 1, 1]])).to.equal(undefined);
    expect(recognise({ event: 'subscribed', chanId: '1', symbol: 'tBTCUSD' })).to.equal(undefined);
  });
});
