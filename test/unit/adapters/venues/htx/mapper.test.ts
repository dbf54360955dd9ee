import { expect } from 'chai';
import { HTX } from '../../../../../adapters/venues/htx/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { frameOf, Mapped, type Sent } from '../../../../support/mapped.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

const TIME = START / 1_000;

/** JSON as the venue writes it: numbers are put in as they stand. */
const depth = (bids: string, asks: string, symbol = 'dogeeth', more = ',"version":100182534697'): string =>
  `{"ch":"market.${symbol}.depth.step0","ts":${TIME + 5},"tick":{"bids":[${bids}],"asks":[${asks}]${more},"ts":${TIME + 3}}}`;
const trades = (...data: readonly string[]): string =>
  `{"ch":"market.dogeeth.trade.detail","ts":${TIME + 9},"tick":{"id":1,"ts":${TIME + 8},"data":[${data.join()}]}}`;
const trade = (direction: string, amount: string, price: string, id = 5_957_204): string =>
  `{"id":677689740255757382474787,"ts":${TIME + 7},"tradeId":${id},"amount":${amount},"price":${price},"direction":"${direction}"}`;

async function told(...messages: readonly string[]): Promise<string[]> {
  const mapped = new Mapped(HTX);
  await mapped.take(messages.map((message, index) => [index, message] as const));
  return mapped.told();
}

describe('the HTX mapper', () => {
  it('takes every book as a snapshot, and writes exponents out', async () => {
    const mapped = new Mapped(HTX);
    await mapped.take([
      [0, depth('[1.1502E-4,457.97],[1.0E-7,1.0E7]', '[1.1537E-4,3.358149508E7]')],
      [1, depth('[1.1502E-4,400.0]', '[1.1537E-4,3.358149508E7]')],
    ]);
    expect(mapped.events[0]!.data).to.include({ venueAt: START + 3_000, venueSeq: 100_182_534_697 });
    expect(mapped.told()).to.deep.equal([
      '0 BookSnapshot 100182534697 b 0.00011502x457.97 0.0000001x10000000 a 0.00011537x33581495.08',
      '1 BookSnapshot 100182534697 b 0.00011502x400 a 0.00011537x33581495.08',
    ]);
    expect(mapped.mapper.finish()[0]).to.deep.include({
      instrument: 'DOGEETH@htx',
      kind: 'spot',
      base: 'DOGE',
      quote: 'ETH',
      publishedDepth: 150,
      fees: { maker: '0.002', taker: '0.002' },
    });
  });

  it('rounds the noise of quantities to six places, half up; what rounds to nothing is no level', async () => {
    expect(
      await told(
        depth('[9,4058.1997100628932],[8,12846957.872793565],[7,1.0000005],[6,0.9999995],[5,1.0E-7]', '[10,0.0]'),
        trades(trade('buy', '7517101.405697963', '1.3303E-4')),
      ),
    ).to.deep.equal([
      '0 BookSnapshot 100182534697 b 9x4058.19971 8x12846957.872794 7x1.000001 6x1',
      '1 Traded buy 7517101.405698@0.00013303',
    ]);
  });

  it('counts what it rounded, and says so once', async () => {
    const mapped = new Mapped(HTX);
    const noise = depth('[9,4058.1997100628932]', '[10,1.5]');
    await mapped.take([
      [0, noise],
      [1, noise],
      [2, trades(trade('buy', '1.23456789', '9'))],
    ]);
    expect(mapped.mapper.notes!()).to.deep.equal(['3 quantities were rounded to 6 places: they held binary noise']);
    expect(mapped.mapper.notes!()).to.deep.equal([]);
  });

  it('gives all trades of a message, with the taker’s direction and the latest time', async () => {
    const mapped = new Mapped(HTX);
    await mapped.take([[0, trades(trade('sell', '2.5', '0.1', 7), trade('buy', '1', '0.11', 8))]]);
    expect(mapped.events[0]!.data).to.deep.include({
      venueAt: START + 7_000,
      trades: [
        { side: 'sell', price: '0.1', quantity: '2.5', tradeId: 7 },
        { side: 'buy', price: '0.11', quantity: '1', tradeId: 8 },
      ],
    });
  });

  it('ignores pings, answers, merged books and messages without trades', async () => {
    const mapped = new Mapped(HTX);
    const taken = await mapped.take([
      [0, { ping: 1_618_678_073_643 }],
      [1, { id: 1, status: 'ok', subbed: 'market.dogeeth.depth.step0', ts: 1 }],
      [2, depth('[1,1]', '[2,1]').replace('step0', 'step1')],
      [3, depth('[1,1]', '[2,1]').replace('depth.step0', 'mbp.150')],
      [4, trades()],
    ]);
    expect(taken).to.deep.equal([false, false, false, false, false]);
    expect(mapped.events).to.deep.equal([]);
  });

  it('takes a book without version and with empty sides', async () => {
    expect(await told(depth('', '', 'dogeeth', ''))).to.deep.equal(['0 BookSnapshot -']);
  });

  it('reads both replies that tell rules', () => {
    const mapped = new Mapped(HTX);
    const url = 'https://api.huobi.pro/v1/common/symbols';
    const expected = {
      instrument: 'FIL3SUSDT@htx',
      kind: 'spot',
      base: 'FIL3S',
      quote: 'USDT',
      settlement: 'USDT',
      multiplier: '1',
      tickSize: '0.00000001',
      lotSize: '0.0001',
      minQuantity: '0.01',
      minNotional: '5',
      rules: 'recording',
      publishedDepth: 150,
      fees: { maker: '0.002', taker: '0.002' },
    };
    const old = {
      'base-currency': 'fil3s',
      'quote-currency': 'usdt',
      'price-precision': 8,
      'amount-precision': 4,
      symbol: 'fil3susdt',
      'min-order-amt': 0.1,
      'limit-order-min-order-amt': 0.01,
      'min-order-value': 5,
    };
    expect(mapped.defined(url, { status: 'ok', data: [old] })['FIL3SUSDT@htx']).to.deep.equal(expected);
    const today = {
      symbol: 'fil3susdt',
      bc: 'fil3s',
      qc: 'usdt',
      pp: 8,
      ap: 4,
      minoa: 0.01,
      minov: 5,
      state: 'online',
    };
    const settings = 'https://api.huobi.pro/v1/settings/common/market-symbols';
    expect(mapped.defined(settings, { status: 'ok', data: [today] })['FIL3SUSDT@htx']).to.deep.equal(expected);
    expect(mapped.defined('https://api.huobi.pro/market/depth', { data: [old] })).to.deep.equal({});
    expect(() => mapped.defined(url, { data: [{ ...old, 'price-precision': 19 }] })).to.throw('"price-precision"');
    expect(() => mapped.defined(url, { data: [{ ...old, symbol: 7 }] })).to.throw('"symbol"');
  });

  it('recognises its messages, but not those of contracts', () => {
    expect(HTX.recognise!({ ch: 'market.btcusdt.depth.step0' })).to.deep.equal({ symbol: 'btcusdt' });
    for (const other of [null, {}, { ch: 'market.BTC-USD.depth.step0' }, { ch: 'orders.btcusdt' }])
      expect(HTX.recognise!(other)).to.equal(undefined);
  });

  for (const [what, message] of [
    ['text', 'x'],
    ['a list', '[1]'],
    ['no tick', '{"ch":"market.dogeeth.depth.step0"}'],
    ['one side', depth('[1,1]', '').replace('"asks":[],', '')],
    ['a level that is none', depth('1', '')],
    ['a level without quantity', depth('[1]', '')],
    ['a negative quantity', depth('[1,-2]', '')],
    ['a negative quantity with noise', depth('[1,-2.00000000001]', '')],
    ['a price of nothing', depth('[0,2]', '')],
    ['a price with more digits than a number carries', depth('[1.2345678901234567,2]', '')],
    ['a version that is none', depth('[1,2]', '', 'dogeeth', ',"version":-5')],
    ['no time', depth('[1,2]', '').replace(/"ts":\d+}}$/, '"ts":null}}')],
    ['a trade of no direction', trades(trade('up', '1', '1'))],
    ['a trade without amount', trades(trade('buy', 'null', '1'))],
  ] as const)
    it(`refuses what the venue cannot have sent: ${what}`, async () => {
      const mapped = new Mapped(HTX);
      await mapped.take([[0, depth('[1,1]', '[2,1]')]]);
      mapped.told();
      const fault = await mapped.take([[1, message]]).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(MessageFault);
      expect(mapped.events).to.deep.equal([]);
    });

  it('never crashes on a spoiled feed, and is whole once opened anew', () =>
    seedOf('HTX', (seed) => {
      const random = seeded(seed);
      const sent = Array.from({ length: 40 }, (_, at): Sent => {
        const level = (from: number): string => `[${from + Math.floor(random() * 5)},${random().toFixed(9)}]`;
        if (at > 1 && random() < 0.3) return [at, trades(trade('buy', '1.5', '10'))];
        return [at, depth(level(10), level(20), at % 2 === 0 ? 'dogeeth' : 'btcusdt')];
      });
      const frames = sent.map(frameOf);
      return fuzzFeed({ newMapper: (sink) => HTX.newMapper(sink), frames, integrity: { by: 'none' } }, random, 300);
    }));
});
