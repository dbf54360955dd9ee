import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { describe as describeSymbol, readInstruments } from '../../../../../adapters/venues/okx/instruments.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';
import { sayNoShared, sharedDir } from '../../../../support/shared.js';

const reply = (...data: readonly object[]): Frame => ({
  at: 1,
  kind: 'reply',
  url: 'https://www.okx.com/api/v5/public/instruments?instType=SWAP',
  text: JSON.stringify({ code: '0', data, msg: '' }),
});

const SPOT = {
  instType: 'SPOT',
  instId: 'BTC-USDT',
  uly: '',
  baseCcy: 'BTC',
  quoteCcy: 'USDT',
  settleCcy: '',
  ctType: '',
  ctVal: '',
  ctMult: '',
  tickSz: '0.1',
  lotSz: '0.00000001',
  minSz: '0.00001',
};
const SWAP = {
  ...SPOT,
  instType: 'SWAP',
  instId: 'BTC-USDT-SWAP',
  uly: 'BTC-USDT',
  settleCcy: 'USDT',
  ctType: 'linear',
  ctVal: '0.01',
  ctMult: '1',
  lotSz: '0.01',
  minSz: '0.01',
};

describe('the instruments of OKX', () => {
  it('are spot, contracts of either kind and options, each in the currency that it is settled in', () => {
    const common: Pick<InstrumentDefinition, 'minNotional' | 'rules' | 'publishedDepth'> = {
      minNotional: '0',
      rules: 'recording',
      publishedDepth: 400,
    };
    expect(
      readInstruments(
        reply(
          SPOT,
          SWAP,
          {
            ...SWAP,
            instType: 'FUTURES',
            instId: 'BTC-USD-240927',
            uly: 'BTC-USD',
            ctType: 'inverse',
            settleCcy: 'BTC',
            ctVal: '100',
            lotSz: '1',
            minSz: '1',
          },
          {
            ...SWAP,
            instType: 'OPTION',
            instId: 'BTC-USD-240927-60000-C',
            uly: 'BTC-USD',
            ctType: '',
            settleCcy: 'BTC',
            ctVal: '1',
            ctMult: '0.01',
            tickSz: '0.0001',
            lotSz: '1',
            minSz: '1',
          },
        ),
      ),
    ).to.deep.equal([
      {
        ...common,
        instrument: 'BTC-USDT@okx',
        kind: 'spot',
        base: 'BTC',
        quote: 'USDT',
        settlement: 'USDT',
        tickSize: '0.1',
        lotSize: '0.00000001',
        minQuantity: '0.00001',
        multiplier: '1',
        fees: { maker: '0.0008', taker: '0.001' },
      },
      {
        ...common,
        instrument: 'BTC-USDT-SWAP@okx',
        kind: 'linear',
        base: 'BTC',
        quote: 'USDT',
        settlement: 'USDT',
        tickSize: '0.1',
        lotSize: '0.01',
        minQuantity: '0.01',
        multiplier: '0.01',
        fees: { maker: '0.0002', taker: '0.0005' },
      },
      {
        ...common,
        instrument: 'BTC-USD-240927@okx',
        kind: 'inverse',
        base: 'BTC',
        quote: 'USD',
        settlement: 'BTC',
        tickSize: '0.1',
        lotSize: '1',
        minQuantity: '1',
        multiplier: '100',
        fees: { maker: '0.0002', taker: '0.0005' },
      },
      {
        ...common,
        instrument: 'BTC-USD-240927-60000-C@okx',
        kind: 'linear',
        base: 'BTC',
        quote: 'BTC',
        settlement: 'BTC',
        tickSize: '0.0001',
        lotSize: '1',
        minQuantity: '1',
        multiplier: '0.01',
        fees: { maker: '0.0002', taker: '0.0003' },
      },
    ]);
  });

  it('that are not open yet, or have no book of their own, are passed over', () => {
    expect(readInstruments(reply({ ...SWAP, tickSz: '' }, { ...SPOT, instType: 'MARGIN' }))).to.deep.equal([]);
  });

  it('are none where the venue says that there is none, and are not read out of other replies', () => {
    const text = '{"code":"51001","data":[],"msg":"Instrument ID doesn\'t exist"}';
    expect(readInstruments({ ...reply(), text })).to.deep.equal([]);
    expect(readInstruments({ ...reply(), text: '{"code":"50011","data":[],"msg":"Too Many Requests"}' })).to.equal(
      undefined,
    );
    expect(readInstruments({ ...reply(SPOT), url: 'https://www.okx.com/api/v5/market/tickers' })).to.equal(undefined);
    expect(readInstruments({ ...reply(), text: '{"code":"0","data":[{"ts":"1"}],"msg":""}' })).to.equal(undefined);
  });

  for (const [what, broken] of [
    ['a kind that is none', { ctType: 'quanto' }],
    ['a tick that is none', { tickSz: 'a' }],
    ['no contract value', { ctVal: '' }],
    ['a name that is none', { instId: 'BTCUSDT', uly: 'BTC-USDT' }],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(() => readInstruments(reply({ ...SWAP, ...broken }))).to.throw(MessageFault);
    });

  it('that nobody told of are described by their name', () => {
    expect(describeSymbol('BTC-USD-SWAP')).to.include({ kind: 'inverse', settlement: 'BTC', multiplier: '100' });
    expect(describeSymbol('XRP-USD-240927')).to.include({ kind: 'inverse', settlement: 'XRP', multiplier: '10' });
    expect(describeSymbol('BTC-USDT-SWAP')).to.include({ kind: 'linear', settlement: 'USDT', multiplier: '0.01' });
    expect(describeSymbol('ETH-USD-240927-3000-P')).to.include({
      kind: 'linear',
      base: 'ETH',
      quote: 'ETH',
      multiplier: '0.1',
    });
    expect(describeSymbol('ADA-BTC')).to.include({ kind: 'spot', quote: 'BTC', multiplier: '1', publishedDepth: 400 });
  });

  it('of a real recording are read whole', function () {
    const shared = sharedDir();
    if (shared === undefined) {
      sayNoShared();
      this.skip();
    }
    const lines = gunzipSync(readFileSync(join(shared, 'captures/okx/OKX.0.gz')))
      .toString()
      .split('\n');
    const all = new Map<string, InstrumentDefinition>();
    for (const line of lines.filter((one) => one.startsWith('https://')).slice(0, 5))
      for (const definition of readInstruments({ ...reply(), text: line.slice(line.indexOf('{')) })!)
        all.set(definition.instrument, definition);
    expect(all.get('UNI-USD-SWAP@okx')).to.include({ kind: 'inverse', multiplier: '10', settlement: 'UNI' });
    expect(all.get('BTC-USD-220527@okx')).to.include({ kind: 'inverse', multiplier: '100', tickSize: '0.1' });
    expect(all.get('BTC-USDT@okx')).to.include({ kind: 'spot', lotSize: '0.00000001', minQuantity: '0.00001' });
    expect(all.get('BTC-USD-220514-22000-C@okx')).to.include({ kind: 'linear', multiplier: '0.1', quote: 'BTC' });
    expect(all.size).to.equal(513 + 166 + 104 + 346 + 350);
  });
});
