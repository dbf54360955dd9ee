import { expect } from 'chai';
import { COINBASE } from '../../../../../adapters/venues/coinbase/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';

const read = (reply: unknown, url?: string): readonly InstrumentDefinition[] | undefined =>
  COINBASE.readInstruments!({
    at: 0,
    kind: 'reply',
    text: JSON.stringify(reply),
    ...(url === undefined ? {} : { url }),
  });

const product = {
  product_id: 'AAA-USD',
  product_type: 'SPOT',
  base_currency_id: 'AAA',
  quote_currency_id: 'USD',
  base_increment: '0.00000001',
  quote_increment: '0.01',
  price_increment: '0.05',
  base_min_size: '0.001',
  quote_min_size: '1',
};

describe("Coinbase's instruments", () => {
  it('are those of Advanced Trade, futures with what a contract is', () => {
    const future = {
      ...product,
      product_id: 'BIT-24APR26-CDE',
      product_type: 'FUTURE',
      base_currency_id: '',
      base_increment: '1',
      future_product_details: { contract_root_unit: 'BTC', contract_size: '0.01' },
    };
    const [spot, dated] = read({ products: [product, future], num_products: 2 })!;
    expect(spot).to.deep.equal({
      instrument: 'AAA-USD@coinbase',
      kind: 'spot',
      base: 'AAA',
      quote: 'USD',
      settlement: 'USD',
      tickSize: '0.05',
      lotSize: '0.00000001',
      minQuantity: '0.001',
      minNotional: '1',
      multiplier: '1',
      rules: 'recording',
      fees: { maker: '0.006', taker: '0.012' },
    });
    expect(dated).to.include({ kind: 'linear', base: 'BTC', quote: 'USD', lotSize: '1', multiplier: '0.01' });
  });
  it("are those of the exchange's list of 2021", () => {
    const old = {
      id: 'AAA-EUR',
      base_currency: 'AAA',
      quote_currency: 'EUR',
      base_min_size: '5',
      quote_increment: '0.0001',
      base_increment: '0.1',
      min_market_funds: '5.0',
    };
    expect(read([old], 'https://api.pro.coinbase.com/products')![0]).to.include({
      instrument: 'AAA-EUR@coinbase',
      tickSize: '0.0001',
      lotSize: '0.1',
      minQuantity: '5',
      minNotional: '5',
    });
  });
  it('are told by no other reply', () => {
    for (const reply of [[], {}, [{ id: 'x' }], { bids: [], asks: [] }]) expect(read(reply)).to.equal(undefined);
    expect(read({ products: [product] }, 'https://api.coinbase.com/v2/time')).to.equal(undefined);
  });
  it('are refused where a step is none', () => {
    expect(() => read({ products: [{ ...product, base_increment: 'x' }] })).to.throw(MessageFault);
  });
  it('say by their symbol what they are', () => {
    expect(COINBASE.describe!('AAA-GBP')).to.include({ kind: 'spot', base: 'AAA', quote: 'GBP', settlement: 'GBP' });
    expect(COINBASE.describe!('BTC-PERP-INTX')).to.include({ kind: 'linear', base: 'BTC', quote: 'USDC' });
  });
  it('are subscribed to with one message for each channel', () => {
    const asked = COINBASE.connection!.subscribe(['AAA-USD', 'BBB-USD'], 1).map((text) => JSON.parse(text) as object);
    expect(asked).to.deep.equal([
      { type: 'subscribe', channel: 'heartbeats' },
      { type: 'subscribe', product_ids: ['AAA-USD', 'BBB-USD'], channel: 'level2' },
      { type: 'subscribe', product_ids: ['AAA-USD', 'BBB-USD'], channel: 'market_trades' },
    ]);
  });
});
