import { expect } from 'chai';
import { BITMEX } from '../../../../../adapters/venues/bitmex/index.js';
import { bitmex, bitmexPartial } from '../../../../support/bitmex-feed.js';
import { Mapped } from '../../../../support/mapped.js';

const REPLY = 'https://www.bitmex.com/api/v1/instrument/active';
const row = (symbol: string, more: object): object => ({
  symbol,
  typ: 'FFWCSX',
  underlying: 'XBT',
  quoteCurrency: 'USD',
  lotSize: 100,
  tickSize: 0.5,
  multiplier: -100_000_000,
  settlCurrency: 'XBt',
  isInverse: true,
  makerFee: -0.00025,
  takerFee: 0.00075,
  ...more,
});
const quanto = { underlying: 'ETH', lotSize: 1, tickSize: 0.05, multiplier: 100, isInverse: false, isQuanto: true };
const dollars = { quoteCurrency: 'USDT', isInverse: false, settlCurrency: 'USDt', lotSize: 1000 };

describe('what a BitMEX contract is worth', () => {
  const mapped = new Mapped(BITMEX);
  it('is read from the venue’s instruments', () => {
    const told = mapped.defined(REPLY, [
      row('XBTUSD', {}),
      row('ETHUSD', quanto),
      row('XRPU21', { ...quanto, typ: 'FFCCSX', quoteCurrency: 'XBT', tickSize: 1e-8, multiplier: 100_000_000 }),
      row('XBTUSDT', { ...dollars, multiplier: 1 }),
      row('XRPUSDT', { ...dollars, underlying: 'XRP', multiplier: 10_000, tickSize: 0.0001, makerFee: null }),
      row('XBT_USDT', {
        ...dollars,
        typ: 'IFXXXP',
        settlCurrency: '',
        multiplier: 1,
        underlyingToPositionMultiplier: 1e8,
      }),
      row('.BXBT', { typ: 'MRCXXX', multiplier: null, settlCurrency: '' }),
      row('ODD', { settlCurrency: 'Pts' }),
    ]);
    expect(told['XBTUSD@bitmex']).to.deep.equal({
      instrument: 'XBTUSD@bitmex',
      kind: 'inverse',
      base: 'XBT',
      quote: 'USD',
      settlement: 'XBT',
      multiplier: '1',
      tickSize: '0.5',
      lotSize: '100',
      minQuantity: '100',
      minNotional: '0',
      rules: 'recording',
      fees: { maker: '-0.00025', taker: '0.00075' },
    });
    // a quanto contract is worth its price times a fixed amount of bitcoin
    expect(told['ETHUSD@bitmex']).to.include({
      kind: 'linear',
      settlement: 'XBT',
      multiplier: '0.000001',
      quote: 'USD',
    });
    expect(told['XRPU21@bitmex']).to.include({
      kind: 'linear',
      settlement: 'XBT',
      multiplier: '1',
      tickSize: '0.00000001',
    });
    expect(told['XBTUSDT@bitmex']).to.include({ kind: 'linear', settlement: 'USDT', multiplier: '0.000001' });
    expect(told['XRPUSDT@bitmex']).to.deep.include({ multiplier: '0.01', fees: { maker: '0.0005', taker: '0.00075' } });
    expect(told['XBT_USDT@bitmex']).to.include({ kind: 'linear', settlement: 'USDT', multiplier: '0.00000001' });
    expect(Object.keys(told)).to.have.length(6);
  });

  it('is read from the channel of the same name, too', async () => {
    const live = new Mapped(BITMEX);
    await live.take([
      [0, { table: 'instrument', action: 'partial', data: [row('XBTUSD', {})] }],
      [1, { table: 'instrument', action: 'update', data: [{ symbol: 'XBTUSD', lastPrice: 5 }] }],
      bitmexPartial(2),
    ]);
    expect(live.mapper.finish()[0]).to.include({ rules: 'recording', lotSize: '100' });
  });

  it('is told by a trade where nothing else tells it, exactly', async () => {
    const cases = [
      ['UNIUSDT', 219, 17.292, 3_786_948, 1_217.6681672, { kind: 'linear', settlement: 'XBT', multiplier: '0.00001' }],
      ['XRPU21', 15, 0.00001819, 27_285, 0.00027285, { kind: 'linear', settlement: 'XBT', multiplier: '1' }],
      ['XRPUSDT', 1000, 3.1, 31_000_000, 31, { kind: 'linear', settlement: 'USDT', multiplier: '0.01' }],
      ['XBTUSD', 100, 32_180.5, 310_747, 100, { kind: 'inverse', settlement: 'XBT', multiplier: '1' }],
      // no whole multiplier gives this
      ['SOLUSDT', 3, 27.5, 1_000, 1, { kind: 'linear', settlement: 'USDT', multiplier: '1' }],
    ] as const;
    for (const [symbol, size, price, grossValue, foreignNotional, worth] of cases) {
      const recorded = new Mapped(BITMEX);
      await recorded.take([
        [0, bitmex.trade('Buy', size, price, { grossValue, foreignNotional }, symbol, 'partial')],
        [1, bitmex.trade('Buy', size, price, {}, symbol)],
      ]);
      expect(recorded.mapper.finish()[0], symbol).to.include(worth);
    }
  });

  it('is guessed from the symbol last', () => {
    const guess = (symbol: string): object => BITMEX.describe!(symbol);
    expect(guess('XBTU21')).to.include({ kind: 'inverse', base: 'XBT', quote: 'USD', multiplier: '1' });
    expect(guess('XBTEURU21')).to.include({ kind: 'inverse', quote: 'EUR', settlement: 'XBT' });
    expect(guess('ETHUSD')).to.include({ kind: 'linear', base: 'ETH', settlement: 'XBT', multiplier: '0.000001' });
    expect(guess('LTCU21')).to.include({ kind: 'linear', base: 'LTC', quote: 'XBT', settlement: 'XBT' });
    expect(guess('ETHUSDTH22')).to.include({ kind: 'linear', base: 'ETH', quote: 'USDT', settlement: 'USDT' });
    expect(guess('XBT_USDT')).to.include({ base: 'XBT', quote: 'USDT' });
  });

  it('is no reply of another kind', () => {
    expect(mapped.defined('https://www.bitmex.com/api/v1/trade', [row('XBTUSD', {})])).to.deep.equal({});
    expect(mapped.defined(REPLY, { error: 'no' })).to.deep.equal({});
    expect(() => mapped.defined(REPLY, [row('XBTUSD', { tickSize: 'x' })])).to.throw('"tickSize"');
    expect(() => mapped.defined(REPLY, [row('XBTUSD', { makerFee: 'x' })])).to.throw('"makerFee"');
  });
});
