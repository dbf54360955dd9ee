import { expect } from 'chai';
import { KUCOIN } from '../../../../../adapters/venues/kucoin/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';

const read = (data: unknown, url?: string): readonly InstrumentDefinition[] | undefined =>
  KUCOIN.readInstruments!({
    at: 0,
    kind: 'reply',
    text: JSON.stringify({ code: '200000', data }),
    ...(url === undefined ? {} : { url }),
  });

const entry = {
  symbol: 'AAA-USDT',
  name: 'AAA-USDT',
  baseCurrency: 'AAA',
  quoteCurrency: 'USDT',
  baseMinSize: '0.001',
  baseIncrement: '0.00000001',
  priceIncrement: '0.10',
};
const connection = KUCOIN.connection!;

describe("KuCoin's instruments", () => {
  it('have the fee of their class, and a discount where there is one', () => {
    const [plain, dear, cheap] = read([
      entry,
      { ...entry, feeCategory: 2, minFunds: '0.1' },
      { ...entry, feeCategory: 1, makerFeeCoefficient: '0.50', takerFeeCoefficient: '0' },
    ])!;
    expect(plain).to.deep.equal({
      instrument: 'AAA-USDT@kucoin',
      kind: 'spot',
      base: 'AAA',
      quote: 'USDT',
      settlement: 'USDT',
      tickSize: '0.1',
      lotSize: '0.00000001',
      minQuantity: '0.001',
      minNotional: '0',
      multiplier: '1',
      rules: 'recording',
      fees: { maker: '0.001', taker: '0.001' },
      publishedDepth: 100,
    });
    expect(dear).to.deep.include({ minNotional: '0.1', fees: { maker: '0.002', taker: '0.002' } });
    expect(cheap).to.deep.include({ fees: { maker: '0.0005', taker: '0' } });
  });
  it('are told one by one too, and by no other reply', () => {
    expect(read(entry, 'https://api.kucoin.com/api/v2/symbols/AAA-USDT')).to.have.length(1);
    for (const data of [[], null, { sequence: '1' }, [{ symbol: 'x' }]]) expect(read(data)).to.equal(undefined);
    expect(read([entry], 'https://api.kucoin.com/api/v1/market/allTickers')).to.equal(undefined);
  });
  it('are refused where a step is none', () => {
    expect(() => read([{ ...entry, baseIncrement: '-1' }])).to.throw(MessageFault);
  });
});

describe("KuCoin's address", () => {
  const bullet = (data: object): string => JSON.stringify({ code: '200000', data });
  const server = { endpoint: 'wss://ws-api-spot.kucoin.com/', pingInterval: 18_000, pingTimeout: 10_000 };
  const read = (reply: string): unknown => connection.address!.read(reply, connection.endpoints);

  it('is what the venue says, with its token', () => {
    expect(connection.address!.request).to.include({ method: 'POST', path: '/api/v1/bullet-public' });
    expect(read(bullet({ token: 'a+b/c==', instanceServers: [server] }))).to.deep.equal({
      url: 'wss://ws-api-spot.kucoin.com/?token=a%2Bb%2Fc%3D%3D',
      pingEvery: 18_000_000,
    });
  });
  it('is refused where it is none', () => {
    for (const reply of [
      '',
      '[]',
      bullet({ token: 'x', instanceServers: [] }),
      bullet({ instanceServers: [server] }),
      bullet({ token: 'x', instanceServers: [{ ...server, endpoint: 'https://elsewhere' }] }),
      bullet({ token: 'x', instanceServers: [{ ...server, pingInterval: 'soon' }] }),
    ])
      expect(() => read(reply), reply).to.throw(MessageFault);
  });
  it('is asked for a hundred instruments at a time', () => {
    const symbols = Array.from({ length: 130 }, (_, index) => `A${index}-USDT`);
    const topics = connection.subscribe(symbols, 1).map((text) => (JSON.parse(text) as { topic: string }).topic);
    expect(topics.map((topic) => [topic.split(':')[0], topic.split(',').length])).to.deep.equal([
      ['/market/level2', 100],
      ['/market/level2', 30],
      ['/market/match', 100],
      ['/market/match', 30],
    ]);
    expect(connection.snapshot!('A1-USDT').path).to.equal('/api/v1/market/orderbook/level2_100?symbol=A1-USDT');
  });
});
