import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { describe as describePair, readInstruments } from '../../../../../adapters/venues/kraken/instruments.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';
import { sayNoShared, sharedDir } from '../../../../support/shared.js';

const reply = (result: unknown): Frame => ({
  at: 1,
  kind: 'reply',
  url: 'https://api.kraken.com/0/public/AssetPairs',
  text: JSON.stringify({ error: [], result }),
});

const PAIR = {
  wsname: 'XBT/USD',
  pair_decimals: 1,
  lot_decimals: 8,
  fees: [
    [0, 0.4],
    [10_000, 0.35],
  ],
  fees_maker: [[0, 0.25]],
  ordermin: '0.00005',
  costmin: '0.5',
  tick_size: '0.1',
};

describe('the pairs of Kraken', () => {
  it('are instruments under the names of both versions of the feed', () => {
    const definitions = readInstruments(
      reply({ XXBTZUSD: PAIR, XDGEUR: { ...PAIR, wsname: 'XDG/EUR' }, ADAETH: { ...PAIR, wsname: 'ADA/ETH' } }),
    )!;
    expect(definitions.map(({ instrument }) => instrument)).to.deep.equal([
      'XBT/USD@kraken',
      'BTC/USD@kraken',
      'XDG/EUR@kraken',
      'DOGE/EUR@kraken',
      'ADA/ETH@kraken',
    ]);
    const expected: InstrumentDefinition = {
      instrument: 'BTC/USD@kraken',
      kind: 'spot',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tickSize: '0.1',
      lotSize: '0.00000001',
      minQuantity: '0.00005',
      minNotional: '0.5',
      multiplier: '1',
      rules: 'recording',
      fees: { maker: '0.0025', taker: '0.004' },
      publishedDepth: 1000,
    };
    expect(definitions[1]).to.deep.equal(expected);
  });

  it('have the tick of their decimal places where no other is told, and the fees of takers where makers have none', () => {
    const { tick_size: _, costmin: __, fees_maker: ___, ...old } = PAIR;
    expect(readInstruments(reply({ XXBTZUSD: { ...old, pair_decimals: 5 } }))![0]).to.deep.include({
      tickSize: '0.00001',
      minNotional: '0',
      fees: { maker: '0.004', taker: '0.004' },
    });
  });

  it('are not read out of other replies, nor where there is no feed of them', () => {
    expect(readInstruments({ ...reply({}), url: 'https://api.kraken.com/0/public/Time' })).to.equal(undefined);
    expect(readInstruments(reply({ unixtime: 1 }))).to.equal(undefined);
    const { wsname: _, ...dark } = PAIR;
    expect(readInstruments(reply({ 'XBTUSD.d': dark }))).to.deep.equal([]);
  });

  for (const [what, broken] of [
    ['places that are none', { pair_decimals: -1, tick_size: undefined }],
    ['more places than there are', { lot_decimals: 40 }],
    ['fees that are none', { fees: [] }],
    ['a name that is none', { wsname: 'XBTUSD' }],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(() => readInstruments(reply({ XXBTZUSD: { ...PAIR, ...broken } }))).to.throw(MessageFault);
    });

  it('that nobody told of are described by their name', () => {
    expect(describePair('ADA/ETH')).to.deep.include({ base: 'ADA', quote: 'ETH', settlement: 'ETH', kind: 'spot' });
  });

  it('of a real recording are read whole', function () {
    const shared = sharedDir();
    if (shared === undefined) {
      sayNoShared();
      this.skip();
    }
    const text = gunzipSync(readFileSync(join(shared, 'captures/kraken/KRAKEN.0.gz'))).toString();
    const body = text.slice(text.indexOf('{'), text.indexOf('\n'));
    const definitions = readInstruments({ ...reply({}), text: body })!;
    const bitcoin = definitions.find(({ instrument }) => instrument === 'XBT/USD@kraken');
    expect(bitcoin).to.deep.include({
      tickSize: '0.1',
      lotSize: '0.00000001',
      minQuantity: '0.0002',
      fees: { maker: '0.0016', taker: '0.0026' },
    });
    expect(definitions.length).to.be.greaterThan(300);
  });
});
