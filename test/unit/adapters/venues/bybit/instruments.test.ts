import { expect } from 'chai';
import { BYBIT } from '../../../../../adapters/venues/bybit/index.js';
import { canBeOf, readTopic } from '../../../../../adapters/venues/bybit/venue.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { Venue } from '../../../../../adapters/venues/venue.js';
import { venueAt, venuesAt } from '../../../../../adapters/venues/venues.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';

const [linear, spot, inverse] = BYBIT as [Venue, Venue, Venue];
const read = (venue: Venue, reply: object, url?: string): readonly InstrumentDefinition[] | undefined =>
  venue.readInstruments!({ at: 0, kind: 'reply', text: JSON.stringify(reply), ...(url === undefined ? {} : { url }) });

const OLD_URL = 'https://api.bybit.com/v2/public/symbols';
const old = (name: string, quote: string, lot: number): object => ({
  name,
  alias: name,
  status: 'Trading',
  base_currency: 'AAA',
  quote_currency: quote,
  price_scale: 2,
  taker_fee: '0.00075',
  maker_fee: '-0.00025',
  price_filter: { min_price: '0.5', max_price: '999999.5', tick_size: '0.5' },
  lot_size_filter: { max_trading_qty: 100, min_trading_qty: lot, qty_step: lot },
});
const today = (category: string, entry: object): object => ({
  retCode: 0,
  retMsg: 'OK',
  result: { category, list: [{ symbol: 'AAAUSDT', baseCoin: 'AAA', quoteCoin: 'USDT', ...entry }], nextPageCursor: '' },
});

describe("Bybit's instruments", () => {
  it('are told together in 2021, each market taking its own', () => {
    const reply = { ret_code: 0, result: [old('AAAUSD', 'USD', 1), old('AAAUSDT', 'USDT', 0.001)] };
    const common = {
      tickSize: '0.5',
      minNotional: '0',
      multiplier: '1',
      rules: 'recording',
      fees: { maker: '-0.00025', taker: '0.00075' },
      base: 'AAA',
    };
    expect(read(linear, reply, OLD_URL)).to.deep.equal([
      {
        ...common,
        instrument: 'AAAUSDT@bybit-linear',
        kind: 'linear',
        quote: 'USDT',
        settlement: 'USDT',
        lotSize: '0.001',
        minQuantity: '0.001',
      },
    ]);
    expect(read(inverse, reply, OLD_URL)).to.deep.equal([
      {
        ...common,
        instrument: 'AAAUSD@bybit-inverse',
        kind: 'inverse',
        quote: 'USD',
        settlement: 'AAA',
        lotSize: '1',
        minQuantity: '1',
      },
    ]);
    expect(read(spot, reply, OLD_URL)).to.deep.equal([]);
  });
  it('are told for one market today', () => {
    const contract = {
      contractType: 'LinearPerpetual',
      settleCoin: 'USDT',
      priceFilter: { tickSize: '0.10' },
      lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.002', minNotionalValue: '5' },
    };
    const reply = today('linear', contract);
    expect(read(linear, reply)).to.deep.equal([
      {
        instrument: 'AAAUSDT@bybit-linear',
        kind: 'linear',
        base: 'AAA',
        quote: 'USDT',
        settlement: 'USDT',
        tickSize: '0.1',
        lotSize: '0.001',
        minQuantity: '0.002',
        minNotional: '5',
        multiplier: '1',
        rules: 'recording',
        fees: { maker: '0.0002', taker: '0.00055' },
        publishedDepth: 200,
      },
    ]);
    expect(read(spot, reply)).to.equal(undefined);
    expect(read(inverse, reply)).to.equal(undefined);
    const pair = {
      priceFilter: { tickSize: '0.01' },
      lotSizeFilter: { basePrecision: '0.000001', minOrderQty: '0.00001', minOrderAmt: '5' },
    };
    expect(read(spot, today('spot', pair))![0]).to.deep.include({
      instrument: 'AAAUSDT@bybit-spot',
      kind: 'spot',
      settlement: 'USDT',
      lotSize: '0.000001',
      minNotional: '5',
      fees: { maker: '0.001', taker: '0.001' },
    });
  });
  it('are none of where the venue knows none, and no other reply tells them', () => {
    const url = 'https://api.bybit.com/v5/market/instruments-info?category=linear&symbol=NONE';
    expect(read(linear, { retCode: 10001, retMsg: 'params error', result: {} }, url)).to.deep.equal([]);
    expect(read(linear, { retCode: 0, result: { list: [] } }, 'https://api.bybit.com/v5/market/tickers')).to.equal(
      undefined,
    );
  });
  it('are refused where a step is none', () => {
    const reply = { result: [{ ...old('AAAUSDT', 'USDT', 1), price_filter: { tick_size: 'x' } }] };
    expect(() => read(linear, reply, OLD_URL)).to.throw(MessageFault);
  });

  it('say by their symbol what they are', () => {
    for (const [venue, symbol, base, quote, settlement] of [
      [linear, 'BTCUSDT', 'BTC', 'USDT', 'USDT'],
      [linear, '1000PEPEUSDT', '1000PEPE', 'USDT', 'USDT'],
      [linear, 'BTCPERP', 'BTC', 'USDC', 'USDC'],
      [linear, 'BTC-27DEC24', 'BTC', 'USDC', 'USDC'],
      [linear, 'BTCUSDT-27DEC24', 'BTC', 'USDT', 'USDT'],
      [inverse, 'BTCUSD', 'BTC', 'USD', 'BTC'],
      [inverse, 'ETHUSDH25', 'ETH', 'USD', 'ETH'],
      [spot, 'BTCUSDC', 'BTC', 'USDC', 'USDC'],
      [spot, 'ETHBTC', 'ETH', 'BTC', 'BTC'],
    ] as const)
      expect(venue.describe!(symbol), symbol).to.include({ base, quote, settlement, multiplier: '1' });
  });
  it('can be of the markets that their symbol allows', () => {
    for (const [symbol, ...categories] of [
      ['BTCUSDT', 'linear', 'spot'],
      ['BTCUSD', 'inverse'],
      ['BTCUSDU24', 'inverse'],
      ['BTCPERP', 'linear'],
      ['BTC-27DEC24', 'linear'],
      ['BTCEUR', 'spot'],
    ] as const)
      expect(
        (['linear', 'spot', 'inverse'] as const).filter((category) => canBeOf(category, symbol)),
        symbol,
      ).to.deep.equal(categories);
  });
});

describe("Bybit's addresses and topics", () => {
  it('tell the market by the path of the socket', () => {
    for (const [url, name] of [
      ['wss://stream.bybit.com/v5/public/linear', 'bybit-linear'],
      ['wss://stream.bybit.com/v5/public/spot', 'bybit-spot'],
      ['wss://stream.bybit.com/v5/public/inverse', 'bybit-inverse'],
      ['wss://stream.bybit.com/realtime_public', 'bybit-linear'],
      ['wss://stream.bybit.com/realtime', 'bybit-inverse'],
      ['wss://stream.bybit.com:443/realtime?x=1', 'bybit-inverse'],
    ] as const)
      expect(
        venuesAt(url).map((venue) => venue.name),
        url,
      ).to.deep.equal([name]);
    expect(venueAt('wss://stream.bybit.com/private')).to.equal(undefined);
  });
  it('leave all markets where the address is shared', () => {
    expect(venuesAt(OLD_URL).map((venue) => venue.name)).to.have.members([
      'bybit-linear',
      'bybit-spot',
      'bybit-inverse',
    ]);
  });
  it('tell books of any depth and trades, in both forms', () => {
    expect(readTopic('orderbook.200.BTC-27DEC24')).to.deep.equal({
      kind: 'book',
      form: 'v5',
      symbol: 'BTC-27DEC24',
      depth: 200,
    });
    expect(readTopic('orderBook_200.100ms.BTCUSD')).to.include({ form: 'v2', symbol: 'BTCUSD', depth: 200 });
    expect(readTopic('orderBookL2_25.BTCUSD')).to.include({ form: 'v2', symbol: 'BTCUSD', depth: 25 });
    expect(readTopic('publicTrade.BTCUSD')).to.include({ kind: 'trade', form: 'v5' });
    expect(readTopic('trade.BTCUSD')).to.include({ kind: 'trade', form: 'v2' });
    for (const other of ['tickers.BTCUSD', 'orderbook.BTCUSD', 'orderbook.rpi.BTCUSD', 'orderbook.full.BTCUSD'])
      expect(readTopic(other), other).to.equal(undefined);
  });
  it('ask for at most ten things in a message', () => {
    const symbols = Array.from({ length: 12 }, (_, index) => `A${index}USDT`);
    const asked = spot.connection!.subscribe(symbols, 4).map((text) => JSON.parse(text) as { args: string[] });
    expect(asked.map(({ args }) => args.length)).to.deep.equal([10, 10, 4]);
    expect(asked.flatMap(({ args }) => args)).to.include.members(['orderbook.200.A0USDT', 'publicTrade.A11USDT']);
    expect(spot.connection!.path!(symbols)).to.equal('/v5/public/spot');
    expect(
      spot.connection!.resubscribe!('A1USDT', 5).map((text) => {
        const { op, args } = JSON.parse(text) as { op: string; args: string[] };
        return [op, ...args];
      }),
    ).to.deep.equal([
      ['unsubscribe', 'orderbook.200.A1USDT'],
      ['subscribe', 'orderbook.200.A1USDT'],
    ]);
  });
});
