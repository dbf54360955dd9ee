import { expect } from 'chai';
import { BITSTAMP_VENUE } from '../../../../../adapters/venues/bitstamp/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { frameOf, Mapped, TestSource, type Sent } from '../../../../support/mapped.js';
import { START, type Pairs } from '../../../../support/mini-recording.js';

const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const ADDRESS = 'https://www.bitstamp.net/api/v2/order_book/ethusd';

const micros = (atMs: number): string => String(START + atMs * 1_000);
const book = (afterMs: number, atMs: number, bids: Pairs = [], asks: Pairs = []): Sent => [
  afterMs,
  { event: 'data', channel: 'diff_order_book_ethusd', data: { microtimestamp: micros(atMs), bids, asks } },
];
const rest = (afterMs: number, atMs: number, bids: Pairs = BID, asks: Pairs = ASK): Sent => [
  afterMs,
  { timestamp: '1', microtimestamp: micros(atMs), bids, asks },
  ADDRESS,
];
const trade = (afterMs: number, more: object): Sent => [
  afterMs,
  {
    event: 'trade',
    channel: 'live_trades_ethusd',
    data: {
      id: 7,
      type: 0,
      price: 10.5,
      price_str: '10.50',
      amount: 2,
      amount_str: '2.00000000',
      microtimestamp: micros(afterMs - 1),
      ...more,
    },
  },
];
/** A time of a book stands for its number. */
const at = (atMs: number): number => START + atMs * 1_000;

describe('the Bitstamp mapper', () => {
  it('leaves out what is not newer than the REST book, and takes the rest as it comes', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    await mapped.take([rest(0, 100), book(1, 99, BID), book(2, 100, BID), book(3, 101, [['10', '3']]), book(4, 101)]);
    expect(mapped.told()).to.deep.equal([
      `0 BookSnapshot ${at(100)} b 10x1 a 11x2`,
      `1 BookDelta ${at(99)} dropped`,
      `2 BookDelta ${at(100)} dropped`,
      `3 BookDelta ${at(101)} b 10x3`,
      `4 BookDelta ${at(101)}`,
    ]);
  });

  it('holds what comes before the REST book that is still to come', async () => {
    const snapshot = rest(9, 2);
    const mapped = new Mapped(BITSTAMP_VENUE, new TestSource(false, [frameOf(snapshot)]));
    expect(await mapped.take([book(1, 1, BID), book(3, 3, [['10', '4']])])).to.deep.equal([true, true]);
    expect(mapped.told()).to.deep.equal([]);
    await mapped.take([snapshot]);
    expect(mapped.told()).to.deep.equal([
      `9 BookSnapshot ${at(2)} b 10x1 a 11x2`,
      `9 BookDelta ${at(1)} dropped`,
      `9 BookDelta ${at(3)} b 10x4`,
    ]);
  });

  it('has a gap where the time of the book falls, said once until the next snapshot', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    await mapped.take([rest(0, 1), book(1, 5), book(2, 4), book(3, 3), rest(4, 9), book(5, 10)]);
    expect(mapped.told().slice(2)).to.deep.equal([
      '2 FeedInterrupted gap',
      `2 BookDelta ${at(4)}`,
      `3 BookDelta ${at(3)}`,
      `4 BookSnapshot ${at(9)} b 10x1 a 11x2`,
      `5 BookDelta ${at(10)}`,
    ]);
  });

  describe('a REST book in mid recording', () => {
    it('is brought up to date with what came while it was on its way', async () => {
      const mapped = new Mapped(BITSTAMP_VENUE);
      await mapped.take([rest(0, 1), book(1, 2), book(2, 4, [['9', '5']]), rest(3, 3)]);
      expect(mapped.told().at(-1)).to.equal(`3 BookSnapshot ${at(4)} b 10x1 9x5 a 11x2`);
    });
    it('is left out where nothing shows that no message between is missing', async () => {
      const mapped = new Mapped(BITSTAMP_VENUE);
      await mapped.take([rest(0, 1), book(1, 5), book(2, 4), book(3, 8), rest(4, 3), rest(5, 9)]);
      expect(mapped.told().slice(2)).to.deep.equal([
        '2 FeedInterrupted gap',
        `2 BookDelta ${at(4)}`,
        `3 BookDelta ${at(8)}`,
        `4 BookDelta ${at(3)} dropped`,
        `5 BookSnapshot ${at(9)} b 10x1 a 11x2`,
      ]);
    });
  });

  it('resumes after a silence with the next message', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    await mapped.take([rest(0, 1), book(1, 2)]);
    mapped.mapper.interrupt(mapped.source, START + 6_000_000, 'silent', 'no line');
    await mapped.take([book(7_000, 3)]);
    expect(mapped.told().slice(2)).to.deep.equal([
      '6000 FeedInterrupted silent',
      '7000 FeedResumed trusted',
      `7000 BookDelta ${at(3)}`,
    ]);
  });

  it('waits for a new REST book once the connection was lost or the subscription ended', async () => {
    const source = new TestSource(true);
    const mapped = new Mapped(BITSTAMP_VENUE, source);
    await mapped.take([rest(0, 1), book(1, 2)]);
    mapped.mapper.interrupt(source, START + 2_000, 'disconnected', 'gone');
    await mapped.take([book(3, 3), book(4, 4, [['10', '7']]), rest(5, 3)]);
    expect(source.asked).to.deep.equal(['ethusd']);
    await mapped.take([[6, { event: 'bts:unsubscription_succeeded', channel: 'diff_order_book_ethusd', data: {} }]]);
    expect(mapped.told().slice(2)).to.deep.equal([
      '2 FeedInterrupted disconnected',
      `5 BookSnapshot ${at(3)} b 10x1 a 11x2`,
      `5 BookDelta ${at(3)} dropped`,
      `5 BookDelta ${at(4)} b 10x7`,
      '6 FeedInterrupted disconnected',
    ]);
  });

  it('reads trades as text, with the side of the taker and the time of the venue', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    await mapped.take([trade(5, {}), trade(6, { type: 1, price_str: undefined, amount_str: undefined })]);
    expect(mapped.events.map(({ data }) => ('venueAt' in data ? data.venueAt : 0))).to.deep.equal([at(4), at(5)]);
    expect(mapped.events[0]!.data).to.have.nested.property('trades[0].tradeId', 7);
    expect(mapped.told()).to.deep.equal(['5 Traded buy 2@10.5', '6 Traded sell 2@10.5']);
  });

  it('refuses what the venue cannot have sent, and changes nothing', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    await mapped.take([rest(0, 1), book(1, 2)]);
    mapped.told();
    const refused: Sent[] = [
      [2, '[]'],
      [2, 'no JSON'],
      [2, { event: 'data', channel: 'diff_order_book_ethusd', data: null }],
      [2, { event: 'data', channel: 'diff_order_book_ethusd', data: { bids: [], asks: [] } }],
      [2, { event: 'data', channel: 'diff_order_book_ethusd', data: { microtimestamp: micros(3), bids: [] } }],
      book(2, 3, [['0', '1']]),
      book(2, 3, [['10', '-1']]),
      trade(2, { type: 2 }),
      trade(2, { type: '0' }),
      trade(2, { id: -1 }),
      trade(2, { microtimestamp: '17' }),
      trade(2, { price_str: '1e3' }),
      [2, { microtimestamp: micros(3), bids: {}, asks: [] }, ADDRESS],
    ];
    for (const one of refused) {
      const error: unknown = await mapped.take([one]).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(one)).to.be.instanceOf(MessageFault);
    }
    expect(mapped.told()).to.deep.equal([]);
    await mapped.take([book(3, 3)]);
    expect(mapped.told()).to.deep.equal([`3 BookDelta ${at(3)}`]);
  });

  it('makes nothing of other channels, confirmations and requests', async () => {
    const mapped = new Mapped(BITSTAMP_VENUE);
    const taken = await mapped.take([
      [0, { event: 'bts:subscription_succeeded', channel: 'diff_order_book_ethusd', data: {} }],
      [1, { event: 'bts:heartbeat', data: { status: 'success' } }],
      [2, { event: 'bts:request_reconnect', channel: '', data: '' }],
      [3, { event: 'data', channel: 'order_book_ethusd', data: { microtimestamp: micros(3), bids: [], asks: [] } }],
      [4, { event: 'order_created', channel: 'live_orders_ethusd', data: {} }],
      [5, [], 'https://www.bitstamp.net/api/v2/transactions/ethusd/'],
      [6, { microtimestamp: micros(3), bids: [], asks: [] }, `${ADDRESS}/?group=2`], // single orders
    ]);
    expect(taken).to.deep.equal([false, false, false, false, false, false, false]);
    expect(mapped.told()).to.deep.equal([]);
  });

  describe('its instruments', () => {
    const read = (path: string, body: unknown): object =>
      new Mapped(BITSTAMP_VENUE).defined(`https://www.bitstamp.net/api/v2/${path}`, body);
    const ethusd = {
      instrument: 'ETHUSD@bitstamp',
      kind: 'spot',
      base: 'ETH',
      quote: 'USD',
      settlement: 'USD',
      tickSize: '0.01',
      lotSize: '0.00000001',
      minQuantity: '0',
      multiplier: '1',
      rules: 'recording',
      fees: { maker: '0.003', taker: '0.004' },
    };
    const decimals = { base_decimals: 8, counter_decimals: 2, name: 'ETH/USD' };
    it('come from trading-pairs-info as it was', () => {
      const entry = { ...decimals, url_symbol: 'ethusd', minimum_order: '20.0 USD' };
      expect(read('trading-pairs-info/', [entry])).to.deep.equal({
        'ETHUSD@bitstamp': { ...ethusd, minNotional: '20' },
      });
    });
    it('come from markets as it is, but for perpetual contracts', () => {
      const entry = { ...decimals, market_symbol: 'ethusd', minimum_order_value: '10', market_type: 'SPOT' };
      expect(read('markets/', [entry, { ...entry, market_type: 'PERPETUAL' }])).to.deep.equal({
        'ETHUSD@bitstamp': { ...ethusd, minNotional: '10' },
      });
    });
    it('are told by their symbols where no reply tells them', () => {
      const described = (symbol: string): unknown[] => {
        const { kind, base, quote, settlement } = BITSTAMP_VENUE.describe!(symbol);
        return [kind, base, quote, settlement];
      };
      expect(described('usdtusd')).to.deep.equal(['spot', 'USDT', 'USD', 'USD']);
      expect(described('btcusdt')).to.deep.equal(['spot', 'BTC', 'USDT', 'USDT']);
      expect(described('btcusd-perp')).to.deep.equal(['linear', 'BTC', 'USD', 'USD']);
    });
    it('are no other reply', () => {
      expect(read('currencies/', [])).to.deep.equal({});
    });
  });

  it('knows its own messages', () => {
    const recognise = (message: unknown): unknown => BITSTAMP_VENUE.recognise!(message);
    expect(recognise({ event: 'data', channel: 'diff_order_book_btcusd', data: {} })).to.deep.equal({
      symbol: 'btcusd',
    });
    expect(recognise({ event: 'data', channel: 'order_book_btcusd' })).to.equal(undefined);
    expect(recognise({ channel: 'live_trades_btcusd' })).to.equal(undefined);
    expect(recognise([1])).to.equal(undefined);
  });
});
