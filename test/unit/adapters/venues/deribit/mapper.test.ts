import { expect } from 'chai';
import { DERIBIT_VENUE } from '../../../../../adapters/venues/deribit/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { Mapped, TestSource, type Sent } from '../../../../support/mapped.js';
import { START } from '../../../../support/mini-recording.js';

type Levels = readonly (readonly [action: string, price: number, amount: number])[];

const NAME = 'BTC-PERPETUAL';
const notice = (channel: string, data: unknown): object => ({
  jsonrpc: '2.0',
  method: 'subscription',
  params: { channel, data },
});
const book = (afterMs: number, data: object, channel = `book.${NAME}.raw`): Sent => [
  afterMs,
  notice(channel, { timestamp: START / 1_000 + afterMs, instrument_name: NAME, bids: [], asks: [], ...data }),
];
const snapshot = (afterMs: number, id: number): Sent =>
  book(afterMs, { type: 'snapshot', change_id: id, bids: [['new', 10.5, 30]], asks: [['new', 11, 1e-7]] });
const change = (afterMs: number, previous: number, id: number, bids: Levels = [], asks: Levels = []): Sent =>
  book(afterMs, { type: 'change', prev_change_id: previous, change_id: id, bids, asks });
const print = (more: object = {}): object => ({
  trade_seq: 1,
  trade_id: '48079254',
  timestamp: START / 1_000 + 3,
  price: 10.5,
  instrument_name: NAME,
  direction: 'buy',
  amount: 20,
  ...more,
});
const trades = (afterMs: number, ...prints: readonly object[]): Sent => [afterMs, notice(`trades.${NAME}.raw`, prints)];

describe('the Deribit mapper', () => {
  it('takes the snapshot, then changes that name the one before them', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([
      snapshot(0, 100),
      change(1, 100, 107, [['change', 10.5, 12.5]], [['delete', 11, 0]]),
      change(2, 107, 109, [], [['new', 12, 1]]),
    ]);
    expect(mapped.events[1]!.data).to.include({ venueAt: START + 1_000 });
    expect(mapped.told()).to.deep.equal([
      '0 BookSnapshot 100 b 10.5x30 a 11x0.0000001',
      '1 BookDelta 107 b 10.5x12.5 a 11x0',
      '2 BookDelta 109 a 12x1',
    ]);
  });

  it('takes an empty book for one', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([book(0, { type: 'snapshot', change_id: 5 }), change(1, 5, 6, [['new', 1, 1]])]);
    expect(mapped.told()).to.deep.equal(['0 BookSnapshot 5', '1 BookDelta 6 b 1x1']);
  });

  it('has a gap where a change is missing, said once, and is whole with the next snapshot', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([snapshot(0, 100), change(1, 101, 102), change(2, 102, 103), change(3, 1, 2)]);
    await mapped.take([snapshot(4, 200), change(5, 200, 201), change(6, 200, 201)]);
    expect(mapped.told()).to.deep.equal([
      '0 BookSnapshot 100 b 10.5x30 a 11x0.0000001',
      '1 FeedInterrupted gap',
      '1 BookDelta 102',
      '2 BookDelta 103',
      '3 BookDelta 2',
      '4 BookSnapshot 200 b 10.5x30 a 11x0.0000001',
      '5 BookDelta 201',
      '6 FeedInterrupted gap', // a repeated change
      '6 BookDelta 201',
    ]);
  });

  it('asks a live line for a snapshot after a gap, and leaves changes out once the connection was lost', async () => {
    const source = new TestSource(true);
    const mapped = new Mapped(DERIBIT_VENUE, source);
    await mapped.take([snapshot(0, 100), change(1, 101, 102)]);
    expect(source.asked).to.deep.equal([NAME]);
    mapped.mapper.interrupt(source, START + 2_000, 'disconnected', 'gone');
    await mapped.take([change(3, 102, 103, [['new', 1, 1]]), snapshot(4, 200), change(5, 200, 201)]);
    expect(mapped.told().slice(3)).to.deep.equal([
      '2 FeedInterrupted disconnected',
      '3 BookDelta 103 dropped',
      '4 BookSnapshot 200 b 10.5x30 a 11x0.0000001',
      '5 BookDelta 201',
    ]);
  });

  it('resumes after a silence where the changes go on', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([snapshot(0, 100)]);
    mapped.mapper.interrupt(mapped.source, START + 6_000_000, 'silent', 'no line');
    await mapped.take([change(7_000, 100, 101)]);
    expect(mapped.told().slice(1)).to.deep.equal([
      '6000 FeedInterrupted silent',
      '7000 FeedResumed trusted',
      '7000 BookDelta 101',
    ]);
  });

  it('is partial where a recording begins behind the snapshot', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([change(0, 99, 100, [['new', 1, 1]])]);
    expect(mapped.mapper.finish()[0]).to.include({ startsEmpty: true });
  });

  describe('its trades', () => {
    it("have the taker's side; liquidations are market trades", async () => {
      const mapped = new Mapped(DERIBIT_VENUE);
      await mapped.take([
        trades(4, print(), print({ trade_id: 'ETH-7', direction: 'sell', liquidation: 'T', block_trade_id: null })),
      ]);
      expect(mapped.events[0]!.data).to.have.nested.property('trades[0].tradeId', 48_079_254);
      expect(mapped.events[0]!.data).to.have.nested.property('trades[1].tradeId', 7);
      expect(mapped.events[0]!.data).to.include({ venueAt: START + 3_000 });
      expect(mapped.told()).to.deep.equal(['4 Traded buy 20@10.5 sell 20@10.5']);
    });
    it('that never met the book are kept and marked: blocks, legs of combos', async () => {
      const mapped = new Mapped(DERIBIT_VENUE);
      await mapped.take([
        trades(4, print({ block_trade_id: '61' }), print({ block_rfq_id: 3 }), print({ combo_trade_id: 8 })),
      ]);
      expect(mapped.told()).to.deep.equal([
        '4 Traded buy 20@10.5 no market buy 20@10.5 no market buy 20@10.5 no market',
      ]);
    });
    it('of several instruments in one message go to each, and those of combos to none', async () => {
      const mapped = new Mapped(DERIBIT_VENUE);
      const combo = print({ instrument_name: 'BTC-FS-28JUL23_PERP', price: -12.5 });
      await mapped.take([trades(4, print(), print({ instrument_name: 'BTC-30JUL21', amount: 1 }), combo)]);
      expect(mapped.told()).to.deep.equal(['BTC-PERPETUAL 4 Traded buy 20@10.5', 'BTC-30JUL21 4 Traded buy 1@10.5']);
    });
  });

  it('refuses what the venue cannot have sent, and changes nothing', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    await mapped.take([snapshot(0, 100)]);
    mapped.told();
    const refused: Sent[] = [
      [2, '[1]'],
      [2, { method: 'subscription' }],
      [2, notice(`book.${NAME}.raw`, [])],
      book(2, { type: 'other', change_id: 101 }),
      book(2, { type: 'change', change_id: 101 }),
      book(2, { type: 'change', prev_change_id: 100, change_id: '1e3' }),
      book(2, { type: 'snapshot', change_id: 101, timestamp: 17 }),
      book(2, { type: 'snapshot', change_id: 101, bids: null }),
      change(2, 100, 101, [['create', 10, 1]]),
      change(2, 100, 101, [['delete', 10, 1]]),
      change(2, 100, 101, [['new', 10, 0]]),
      change(2, 100, 101, [['new', -10, 1]]),
      change(2, 100, 101, [['new', 0, 1]]),
      change(2, 100, 101, [['new', 10, 1.2345678901234567]]),
      trades(2, print({ direction: 'short' })),
      trades(2, print({ trade_id: 5 })),
      trades(2, print({ price: 'dear' })),
    ];
    for (const one of refused) {
      const error: unknown = await mapped.take([one]).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(one)).to.be.instanceOf(MessageFault);
    }
    expect(mapped.told()).to.deep.equal([]);
    await mapped.take([change(3, 100, 101)]);
    expect(mapped.told()).to.deep.equal(['3 BookDelta 101']);
  });

  it('makes nothing of tickers, grouped books, books of combos and answers', async () => {
    const mapped = new Mapped(DERIBIT_VENUE);
    const taken = await mapped.take([
      [0, { jsonrpc: '2.0', id: 0, result: [`book.${NAME}.raw`] }],
      [1, { jsonrpc: '2.0', method: 'heartbeat', params: { type: 'test_request' } }],
      [2, notice(`ticker.${NAME}.raw`, {})],
      book(3, { type: 'snapshot', change_id: 1 }, `book.${NAME}.none.20.100ms`),
      book(4, { type: 'snapshot', change_id: 1 }, 'book.BTC-FS-28JUL23_PERP.raw'),
      [5, { result: {} }, 'https://www.deribit.com/api/v2/public/ticker?instrument_name=X'],
    ]);
    expect(taken).to.deep.equal([false, false, false, false, false, false]);
    expect(mapped.told()).to.deep.equal([]);
  });

  describe('its instruments', () => {
    const url = 'https://www.deribit.com/api/v2/public/get_instruments?currency=BTC&expired=false';
    const entry = (name: string, more: object): object => ({
      instrument_name: name,
      tick_size: 0.5,
      min_trade_amount: 10,
      contract_size: 10,
      maker_commission: -0.0001,
      taker_commission: 0.0005,
      ...more,
    });
    it('are inverse futures, linear futures, options in the coin, and pairs; amounts leave no multiplier', () => {
      const read = new Mapped(DERIBIT_VENUE).defined(url, {
        jsonrpc: '2.0',
        result: [
          entry('BTC-PERPETUAL', {}),
          entry('DOGE_USDC-PERPETUAL', { tick_size: 1e-5, min_trade_amount: 100, maker_commission: 0 }),
          entry('BTC-24SEP21-40000-P', { tick_size: 0.0005, min_trade_amount: 0.1, contract_size: 1 }),
          entry('XRP_USDC-30JUN23-0d5-C', { tick_size: 0.0001, min_trade_amount: 1000 }),
          entry('ETH_BTC', { tick_size: 0.0001, min_trade_amount: 0.0001 }),
          entry('BTC-FS-28JUL23_PERP', {}),
        ],
      });
      const shown = Object.values(read).map(
        ({ instrument, kind, base, quote, settlement, tickSize, lotSize, multiplier, fees }) =>
          [instrument, kind, base, quote, settlement, tickSize, lotSize, multiplier, fees.maker, fees.taker].join(' '),
      );
      expect(shown).to.deep.equal([
        'BTC-PERPETUAL@deribit inverse BTC USD BTC 0.5 10 1 -0.0001 0.0005',
        'DOGE_USDC-PERPETUAL@deribit linear DOGE USDC USDC 0.00001 100 1 0 0.0005',
        'BTC-24SEP21-40000-P@deribit linear BTC BTC BTC 0.0005 0.1 1 -0.0001 0.0005',
        'XRP_USDC-30JUN23-0D5-C@deribit linear XRP USDC USDC 0.0001 1000 1 -0.0001 0.0005',
        'ETH_BTC@deribit spot ETH BTC BTC 0.0001 0.0001 1 -0.0001 0.0005',
      ]);
    });
    it('come one by one too, and an error is none', () => {
      const one = 'https://www.deribit.com/api/v2/public/get_instrument?instrument_name=BTC-30JUL21';
      const mapped = new Mapped(DERIBIT_VENUE);
      expect(Object.keys(mapped.defined(one, { result: entry('BTC-30JUL21', {}) }))).to.deep.equal([
        'BTC-30JUL21@deribit',
      ]);
      expect(mapped.defined(one, { error: { code: 13020 } })).to.deep.equal({});
    });
  });

  it('knows its own messages', () => {
    const recognise = (message: unknown): unknown => DERIBIT_VENUE.recognise!(message);
    expect(recognise(snapshot(0, 1)[1])).to.deep.equal({ symbol: NAME });
    expect(recognise({ jsonrpc: '2.0', id: 0, result: [] })).to.equal(undefined);
    expect(recognise([])).to.equal(undefined);
  });
});
