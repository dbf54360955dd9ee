import { expect } from 'chai';
import { GEMINI } from '../../../../../adapters/venues/gemini/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { frameOf, Mapped, TestSource, type Sent } from '../../../../support/mapped.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

type Change = readonly [side: string, price: string, quantity: string];

const updates = (changes: readonly Change[], symbol = 'BTCUSD', more: object = {}): object => ({
  type: 'l2_updates',
  symbol,
  changes,
  ...more,
});
const trade = (side: string, more: object = {}): object => ({
  type: 'trade',
  symbol: 'BTCUSD',
  event_id: 45_465_818_387,
  timestamp: START / 1_000 + 7,
  price: '10.5',
  quantity: '0.25',
  side,
  ...more,
});
const BOOK: readonly Change[] = [
  ['buy', '10', '1'],
  ['sell', '11', '2.5'],
];
const whole = (symbol = 'BTCUSD'): object => updates(BOOK, symbol, { trades: [trade('buy')], auction_events: [] });

async function told(sent: readonly Sent[], source = new TestSource()): Promise<string[]> {
  const mapped = new Mapped(GEMINI, source);
  await mapped.take(sent);
  return mapped.told();
}

describe('the Gemini mapper', () => {
  it('takes the message with trades of before as the whole book, without these trades, and changes after it', async () => {
    expect(
      await told([
        [0, whole()],
        [
          10,
          updates([
            ['buy', '10', '0'],
            ['sell', '10.9', '3'],
            ['buy', '9', '4'],
          ]),
        ],
        [20, whole()],
      ]),
    ).to.deep.equal([
      '0 BookSnapshot - b 10x1 a 11x2.5',
      '10 BookDelta - b 10x0 9x4 a 10.9x3',
      '20 BookSnapshot - b 10x1 a 11x2.5',
    ]);
  });

  it('lets the book of a recording that was cut start empty', async () => {
    const mapped = new Mapped(GEMINI);
    await mapped.take([[0, updates([['buy', '10', '1']])]]);
    expect(mapped.told()).to.deep.equal(['0 BookDelta - b 10x1']);
    expect(mapped.mapper.finish()[0]).to.include({ startsEmpty: true, noTrades: true });
  });

  it('knows that the channel has trades, if none ever comes', async () => {
    const mapped = new Mapped(GEMINI);
    await mapped.take([[0, whole()]]);
    expect(mapped.mapper.finish()[0]).to.not.have.property('noTrades');
  });

  it('takes the first message of a live connection as the whole book in any case', async () => {
    const mapped = new Mapped(GEMINI, new TestSource(true));
    await mapped.take([
      [0, updates(BOOK)],
      [1, updates([['buy', '9', '1']])],
    ]);
    mapped.mapper.interrupt(mapped.source, START + 2_000, 'disconnected', 'gone');
    await mapped.take([[3, updates([['sell', '12', '1']])]]);
    expect(mapped.told()).to.deep.equal([
      '0 BookSnapshot - b 10x1 a 11x2.5',
      '1 BookDelta - b 9x1',
      '2 FeedInterrupted disconnected',
      '3 BookSnapshot - a 12x1',
    ]);
  });

  it('gives trades with their number, time and the taker’s side; the book has no time', async () => {
    const mapped = new Mapped(GEMINI);
    await mapped.take([
      [0, whole()],
      [8, trade('sell')],
      [9, trade('buy', { tid: 2_840_140_800_042_677 })],
    ]);
    expect(mapped.events[0]!.data).to.not.have.property('venueAt');
    expect(mapped.events[1]!.data).to.deep.include({ venueAt: START + 7_000 });
    expect(mapped.events.slice(1).map(({ data }) => ('trades' in data ? data.trades[0] : undefined))).to.deep.equal([
      { side: 'sell', price: '10.5', quantity: '0.25', tradeId: 45_465_818_387 },
      { side: 'buy', price: '10.5', quantity: '0.25', tradeId: 2_840_140_800_042_677 },
    ]);
  });

  it('ignores heartbeats, candles and auctions', async () => {
    const mapped = new Mapped(GEMINI);
    const taken = await mapped.take([
      [0, { type: 'heartbeat', timestamp: 1 }],
      [1, { type: 'candles_1m_updates', symbol: 'BTCUSD', changes: [] }],
      [2, { type: 'auction_indicative', symbol: 'BTCUSD' }],
    ]);
    expect(taken).to.deep.equal([false, false, false]);
  });

  it('reads the rules of its instruments: the step of a quantity is what it calls tick size', () => {
    const url = 'https://api.gemini.com/v1/symbols/details/ltcbch';
    const row = {
      symbol: 'LTCBCH',
      base_currency: 'LTC',
      quote_currency: 'BCH',
      tick_size: 0.00001,
      quote_increment: 1e-7,
      min_order_size: '0.01',
      status: 'open',
    };
    const mapped = new Mapped(GEMINI);
    expect(mapped.defined(url, row)).to.deep.equal({
      'LTCBCH@gemini': {
        instrument: 'LTCBCH@gemini',
        kind: 'spot',
        base: 'LTC',
        quote: 'BCH',
        settlement: 'BCH',
        multiplier: '1',
        tickSize: '0.0000001',
        lotSize: '0.00001',
        minQuantity: '0.01',
        minNotional: '0',
        rules: 'recording',
        fees: { maker: '0.002', taker: '0.004' },
      },
    });
    const perpetual = { ...row, symbol: 'BTCGUSDPERP', quote_currency: 'GUSD', contract_price_currency: 'GUSD' };
    expect(mapped.defined(url, perpetual)['BTCGUSDPERP@gemini']).to.include({ kind: 'linear', settlement: 'GUSD' });
    expect(mapped.defined('https://api.gemini.com/v1/symbols', ['btcusd'])).to.deep.equal({});
    expect(() => mapped.defined(url, { ...row, tick_size: null })).to.throw('"tick_size"');
  });

  it('tells base and quote of a symbol', () => {
    for (const [symbol, kind, base, quote] of [
      ['btcgbp', 'spot', 'BTC', 'GBP'],
      ['LINKETH', 'spot', 'LINK', 'ETH'],
      ['BTCGUSD', 'spot', 'BTC', 'GUSD'],
      ['ETHGUSDPERP', 'linear', 'ETH', 'GUSD'],
    ] as const)
      expect(GEMINI.describe!(symbol), symbol).to.include({ kind, base, quote, settlement: quote });
  });

  it('recognises its messages', () => {
    expect(GEMINI.recognise!(whole())).to.deep.equal({ symbol: 'BTCUSD' });
    expect(GEMINI.recognise!(trade('buy'))).to.deep.equal({ symbol: 'BTCUSD' });
    for (const other of [null, [], { type: 'trade', symbol: 'A' }, { type: 'heartbeat' }])
      expect(GEMINI.recognise!(other)).to.equal(undefined);
  });

  for (const [what, message] of [
    ['text', '{'],
    ['a list', []],
    ['no changes', updates(undefined as never)],
    ['a change that is none', updates([7 as never])],
    ['a change of no side', updates([['bid', '10', '1']])],
    ['a price that is a number', updates([['buy', 10 as never, '1']])],
    ['a negative quantity', updates([['buy', '10', '-1']])],
    ['a price of nothing', updates([['buy', '0', '1']])],
    ['no symbol', updates([['buy', '9', '1']], undefined, { symbol: undefined })],
    ['a trade of no side', trade('auction')],
    ['a trade without time', trade('buy', { timestamp: undefined })],
    ['a trade whose price is none', trade('buy', { price: 'x' })],
  ] as const)
    it(`refuses what the venue cannot have sent: ${what}`, async () => {
      const mapped = new Mapped(GEMINI);
      await mapped.take([[0, whole()]]);
      mapped.told();
      const fault = await mapped.take([[1, message]]).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(MessageFault);
      expect(mapped.events).to.deep.equal([]);
    });

  it('never crashes on a spoiled feed, and is whole once opened anew', () =>
    seedOf('Gemini', (seed) => {
      const random = seeded(seed);
      const sent: Sent[] = [
        [0, whole()],
        [1, whole('ETHUSD')],
      ];
      for (let at = 2; at < 40; at++)
        sent.push([
          at,
          random() < 0.3
            ? trade('buy')
            : updates(
                [
                  ['sell', String(12 + at), '1'],
                  ['buy', '10', String(at)],
                ],
                random() < 0.5 ? 'BTCUSD' : 'ETHUSD',
              ),
        ]);
      const frames = sent.map(frameOf);
      return fuzzFeed({ newMapper: (sink) => GEMINI.newMapper(sink), frames, integrity: { by: 'none' } }, random, 300);
    }));
});
