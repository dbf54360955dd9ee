import { expect } from 'chai';
import { GATEIO_VENUE } from '../../../../../adapters/venues/gateio/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { frameOf, Mapped, TestSource, type Sent } from '../../../../support/mapped.js';
import { START, type Pairs } from '../../../../support/mini-recording.js';

const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const ADDRESS = 'https://api.gateio.ws/api/v4/spot/order_book?currency_pair=NEO_BTC&limit=100&with_id=true';

const update = (channel: string, result: unknown): object => ({ time: 1, channel, event: 'update', result });
const book = (afterMs: number, first: unknown, last: unknown, b: Pairs = [], a: Pairs = []): Sent => [
  afterMs,
  update('spot.order_book_update', {
    t: START / 1_000 + afterMs,
    e: 'depthUpdate',
    E: 1,
    s: 'NEO_BTC',
    U: first,
    u: last,
    b,
    a,
  }),
];
const rest = (afterMs: number, id: number, more: object = {}): Sent => [
  afterMs,
  { id, bids: BID, asks: ASK, ...more },
  ADDRESS,
];
const trade = (afterMs: number, more: object = {}): Sent => [
  afterMs,
  update('spot.trades', {
    id: 9,
    create_time: 1,
    create_time_ms: `${START / 1_000 + afterMs}.1239`,
    side: 'buy',
    currency_pair: 'NEO_BTC',
    amount: '0.5000000000',
    price: '0.0018735000',
    ...more,
  }),
];

describe('the Gate.io mapper', () => {
  it('drops what the REST book holds, and goes on with the message that holds the next update', async () => {
    const snapshot = rest(3, 20);
    const mapped = new Mapped(GATEIO_VENUE, new TestSource(false, [frameOf(snapshot)]));
    await mapped.take([book(0, 10, 20, BID), book(1, 18, 22, [['10', '5']]), snapshot, book(4, 23, 23, [], ASK)]);
    expect(mapped.told()).to.deep.equal([
      '3 BookSnapshot 20 b 10x1 a 11x2',
      '3 BookDelta 20 dropped',
      '3 BookDelta 22 b 10x5',
      '4 BookDelta 23 a 11x2',
    ]);
  });

  it('trusts a REST book that nothing follows', async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    await mapped.take([rest(0, 20), book(1, 19, 20)]);
    expect(mapped.told()).to.deep.equal(['0 BookSnapshot 20 b 10x1 a 11x2', '1 BookDelta 20 dropped']);
  });

  it('has a gap where updates are missing, said once, and asks for a REST book', async () => {
    const source = new TestSource(true);
    const mapped = new Mapped(GATEIO_VENUE, source);
    await mapped.take([rest(0, 20), book(1, 21, 21), book(2, 23, 23, BID), book(3, 25, 25), rest(4, 25)]);
    await mapped.take([book(5, 27, 27), rest(6, 24), book(7, 28, 28)]);
    expect(mapped.told()).to.deep.equal([
      '0 BookSnapshot 20 b 10x1 a 11x2',
      '1 BookDelta 21',
      '2 FeedInterrupted gap',
      '2 BookDelta 23 b 10x1',
      '3 BookDelta 25',
      '4 BookSnapshot 25 b 10x1 a 11x2',
      '5 FeedInterrupted gap',
      '5 BookDelta 27',
      '6 BookDelta 24 dropped', // that book was older than what is missing
      '7 BookDelta 28',
    ]);
    expect(source.asked).to.deep.equal(['NEO_BTC', 'NEO_BTC', 'NEO_BTC']);
  });

  it('waits for a new REST book once the connection was lost', async () => {
    const source = new TestSource(true);
    const mapped = new Mapped(GATEIO_VENUE, source);
    await mapped.take([rest(0, 20), book(1, 21, 21)]);
    mapped.mapper.interrupt(source, START + 2_000, 'disconnected', 'gone');
    await mapped.take([book(3, 30, 31), book(4, 32, 32, [['10', '7']]), rest(5, 31)]);
    expect(mapped.told().slice(2)).to.deep.equal([
      '2 FeedInterrupted disconnected',
      '5 BookSnapshot 31 b 10x1 a 11x2',
      '5 BookDelta 31 dropped',
      '5 BookDelta 32 b 10x7',
    ]);
  });

  it('resumes after a silence where the updates go on', async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    await mapped.take([rest(0, 20), book(1, 21, 21)]);
    mapped.mapper.interrupt(mapped.source, START + 6_000_000, 'silent', 'no line');
    await mapped.take([book(7_000, 22, 22)]);
    expect(mapped.told().slice(2)).to.deep.equal([
      '6000 FeedInterrupted silent',
      '7000 FeedResumed trusted',
      '7000 BookDelta 22',
    ]);
  });

  it("reads trades with the taker's side, and their milliseconds with a fraction", async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    await mapped.take([trade(5), trade(6, { side: 'sell', create_time_ms: START / 1_000 + 6 })]);
    expect(mapped.events.map(({ data }) => ('venueAt' in data ? data.venueAt : 0))).to.deep.equal([
      START + 5_123,
      START + 6_000,
    ]);
    expect(mapped.told()).to.deep.equal(['5 Traded buy 0.5@0.0018735', '6 Traded sell 0.5@0.0018735']);
  });

  it('takes the time of a REST book from when it was last changed, where it says so', async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    await mapped.take([rest(9, 20, { current: START / 1_000 + 8, update: START / 1_000 + 7 })]);
    expect(mapped.events[0]!.data).to.include({ venueAt: START + 7_000 });
  });

  it('refuses what the venue cannot have sent, and changes nothing', async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    await mapped.take([rest(0, 20), book(1, 21, 21)]);
    mapped.told();
    const refused: Sent[] = [
      [2, '"text"'],
      [2, '{"channel":'],
      [2, update('spot.order_book_update', [])],
      book(2, 23, 22),
      book(2, undefined, 22),
      book(2, 22, '22.5'),
      book(2, 22, 22, [['0', '1']]),
      book(2, 22, 22, [], [['-1', '1']]),
      trade(2, { side: 'bid' }),
      trade(2, { create_time_ms: '1.2.3' }),
      trade(2, { amount: null }),
      rest(2, -1),
      rest(2, 22, { bids: null }),
    ];
    for (const one of refused) {
      const error: unknown = await mapped.take([one]).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(one)).to.be.instanceOf(MessageFault);
    }
    expect(mapped.told()).to.deep.equal([]);
    await mapped.take([book(3, 22, 22)]);
    expect(mapped.told()).to.deep.equal(['3 BookDelta 22']);
  });

  it('makes nothing of other channels, confirmations and requests', async () => {
    const mapped = new Mapped(GATEIO_VENUE);
    const taken = await mapped.take([
      [0, { time: 1, channel: 'spot.trades', event: 'subscribe', result: { status: 'success' } }],
      [1, update('spot.tickers', { currency_pair: 'NEO_BTC' })],
      [2, update('spot.candlesticks', {})],
      [3, { time: 1, channel: 'spot.pong', event: '', result: null }],
      [4, { bids: BID, asks: ASK }, ADDRESS], // without its id
      [5, [], 'https://api.gateio.ws/api/v4/spot/tickers'],
    ]);
    expect(taken).to.deep.equal([false, false, false, false, false, false]);
    expect(mapped.told()).to.deep.equal([]);
  });

  it('reads its instruments: decimal places, least amounts, a fee in percent', () => {
    const body = [
      {
        id: 'NEO_BTC',
        base: 'NEO',
        quote: 'BTC',
        fee: '0.2',
        min_quote_amount: '0.0001',
        amount_precision: 3,
        precision: 7,
      },
      {
        id: 'BTC_USDC',
        base: 'BTC',
        quote: 'USDC',
        fee: '0.02',
        min_base_amount: '0.0001',
        amount_precision: 4,
        precision: 2,
      },
    ];
    const mapped = new Mapped(GATEIO_VENUE);
    const known = { kind: 'spot', multiplier: '1', rules: 'recording', publishedDepth: 100 };
    const url = 'https://api.gateio.ws/api/v4/spot/currency_pairs';
    expect(mapped.defined(url, body)).to.deep.equal({
      'NEO_BTC@gateio': {
        ...known,
        instrument: 'NEO_BTC@gateio',
        base: 'NEO',
        quote: 'BTC',
        settlement: 'BTC',
        tickSize: '0.0000001',
        lotSize: '0.001',
        minQuantity: '0',
        minNotional: '0.0001',
        fees: { maker: '0.002', taker: '0.002' },
      },
      'BTC_USDC@gateio': {
        ...known,
        instrument: 'BTC_USDC@gateio',
        base: 'BTC',
        quote: 'USDC',
        settlement: 'USDC',
        tickSize: '0.01',
        lotSize: '0.0001',
        minQuantity: '0.0001',
        minNotional: '0',
        fees: { maker: '0.0002', taker: '0.0002' },
      },
    });
    expect(Object.keys(mapped.defined(`${url}/NEO_BTC`, body[0]))).to.deep.equal(['NEO_BTC@gateio']);
    expect(mapped.defined(ADDRESS, { id: 1 })).to.deep.equal({});
    expect(GATEIO_VENUE.describe!('NEO_BTC')).to.include({ base: 'NEO', quote: 'BTC', publishedDepth: 100 });
  });

  it('knows its own messages', () => {
    const recognise = (message: unknown): unknown => GATEIO_VENUE.recognise!(message);
    expect(recognise(book(0, 1, 1)[1])).to.deep.equal({ symbol: 'NEO_BTC' });
    expect(recognise(trade(0)[1])).to.deep.equal({ symbol: 'NEO_BTC' });
    expect(recognise(update('futures.trades', []))).to.equal(undefined);
    expect(recognise(null)).to.equal(undefined);
  });
});
