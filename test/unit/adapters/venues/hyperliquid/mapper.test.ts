import { expect } from 'chai';
import { HYPERLIQUID } from '../../../../../adapters/venues/hyperliquid/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { frameOf, Mapped, type Sent } from '../../../../support/mapped.js';
import { MiniRecordings, START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

type Level = readonly [px: string, sz: string];

const TIME = START / 1_000;
const book = (bids: readonly Level[], asks: readonly Level[], coin: unknown = 'BTC', more: object = {}): object => ({
  channel: 'l2Book',
  data: {
    coin,
    time: TIME + 3,
    levels: [bids, asks].map((side) => side.map(([px, sz]) => ({ px, sz, n: 1 }))),
    ...more,
  },
});
const trade = (side: string, px: string, sz: string, more: object = {}): object => ({
  coin: 'BTC',
  side,
  px,
  sz,
  hash: '0x0',
  tid: 121_451_470_284_048,
  time: TIME + 7,
  users: ['0x1', '0x2'],
  ...more,
});
const trades = (...data: readonly object[]): object => ({ channel: 'trades', data });
const BOOK = book(
  [
    ['10.0', '1'],
    ['9.0', '2'],
  ],
  [['11.0', '3']],
);

describe('the Hyperliquid mapper', () => {
  it('takes every book as a snapshot of the twenty best levels', async () => {
    const mapped = new Mapped(HYPERLIQUID);
    await mapped.take([
      [0, BOOK],
      [1, book([['10.0', '4']], [])],
    ]);
    expect(mapped.events[0]!.data).to.include({ venueAt: START + 3_000 });
    expect(mapped.told()).to.deep.equal(['0 BookSnapshot - b 10x1 9x2 a 11x3', '1 BookSnapshot - b 10x4']);
    expect(mapped.mapper.finish()[0]).to.deep.include({
      instrument: 'BTC@hyperliquid',
      kind: 'linear',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USDC',
      publishedDepth: 20,
    });
  });

  it('gives all trades of a message: B is a taker who bought, A one who sold', async () => {
    const mapped = new Mapped(HYPERLIQUID);
    const late = trade('A', '10.0', '0.5', { time: TIME + 9, tid: 2 ** 60 });
    await mapped.take([[10, trades(trade('B', '10.5', '0.25'), late)]]);
    expect(mapped.events[0]!.data).to.deep.include({
      venueAt: START + 9_000,
      trades: [
        { side: 'buy', price: '10.5', quantity: '0.25', tradeId: 121_451_470_284_048 },
        { side: 'sell', price: '10', quantity: '0.5' },
      ],
    });
  });

  it('tells the coins of one message apart', async () => {
    const mapped = new Mapped(HYPERLIQUID);
    await mapped.take([[0, trades(trade('B', '1', '2'), trade('A', '3', '4', { coin: 'ETH' }), trade('B', '5', '6'))]]);
    expect(mapped.told()).to.deep.equal(['BTC 0 Traded buy 2@1 buy 6@5', 'ETH 0 Traded sell 4@3']);
  });

  it('names spot pairs that have but a number', async () => {
    const mapped = new Mapped(HYPERLIQUID);
    await mapped.take([[0, book([['1.0', '1']], [], '@107')]]);
    expect(mapped.mapper.finish()[0]).to.include({ instrument: 'SPOT-107@hyperliquid', kind: 'spot' });
    expect(HYPERLIQUID.recognise!(book([], [], '@107'))).to.deep.equal({ symbol: 'SPOT-107' });
  });

  it('ignores other channels', async () => {
    const mapped = new Mapped(HYPERLIQUID);
    const taken = await mapped.take([
      [0, { channel: 'subscriptionResponse', data: {} }],
      [1, { channel: 'pong' }],
      [2, { channel: 'allMids', data: { mids: {} } }],
      [3, trades()],
    ]);
    expect(taken).to.deep.equal([false, false, false, false]);
  });

  it('reads the lines of a collector, which it is told by', async () => {
    const mini = new MiniRecordings();
    await mini.open();
    try {
      const { meta, events } = await mini.import([
        [0, { channel: 'pong' }],
        [1, BOOK],
        [2, trades(trade('B', '10.5', '1'))],
      ]);
      expect(meta.instruments[0]).to.include({ instrument: 'BTC@hyperliquid' });
      expect(events.map(({ type }) => type)).to.deep.equal(['InstrumentDefined', 'BookSnapshot', 'Traded']);
    } finally {
      await mini.close();
    }
  });

  describe('reads the rules of its instruments', () => {
    const url = 'https://api.hyperliquid.xyz/info';
    const universe = [
      { szDecimals: 5, name: 'BTC', maxLeverage: 40 },
      { szDecimals: 0, name: 'kPEPE', maxLeverage: 10 },
      { szDecimals: 1, name: 'LOW', maxLeverage: 3 },
    ];
    const mapped = new Mapped(HYPERLIQUID);
    it('of perpetuals, whose step is the finest that there is where no price is told', () => {
      const told = mapped.defined(url, { universe });
      expect(told['BTC@hyperliquid']).to.deep.equal({
        instrument: 'BTC@hyperliquid',
        kind: 'linear',
        base: 'BTC',
        quote: 'USD',
        settlement: 'USDC',
        multiplier: '1',
        tickSize: '0.1',
        lotSize: '0.00001',
        minQuantity: '0.00001',
        minNotional: '10',
        rules: 'recording',
        publishedDepth: 20,
        fees: { maker: '0.00015', taker: '0.00045' },
      });
      expect(told['KPEPE@hyperliquid']).to.include({ tickSize: '0.000001', lotSize: '1' });
    });
    it('of perpetuals with their price, of which five digits count', () => {
      const marks = (...prices: readonly string[]): object[] => prices.map((markPx) => ({ markPx }));
      const ticks = (...prices: readonly string[]): unknown[] =>
        Object.values(mapped.defined(url, [{ universe }, marks(...prices)])).map(({ tickSize }) => tickSize);
      expect(ticks('105055.0', '0.012345', '9.5')).to.deep.equal(['1', '0.000001', '0.0001']);
      expect(ticks('1234.5', '123.4', '123456.0')).to.deep.equal(['0.1', '0.01', '1']);
    });
    it('of spot pairs', () => {
      const tokens = [
        { name: 'USDC', index: 0, szDecimals: 8 },
        { name: 'PURR', index: 1, szDecimals: 0 },
        { name: 'HYPE', index: 150, szDecimals: 2 },
      ];
      const pairs = [
        { name: 'PURR/USDC', tokens: [1, 0], index: 0 },
        { name: '@107', tokens: [150, 0], index: 107 },
        { name: '@9', tokens: [99, 0], index: 9 },
      ];
      const told = mapped.defined(url, [{ tokens, universe: pairs }, [{ coin: '@107', markPx: '25.5' }]]);
      expect(Object.keys(told)).to.deep.equal(['PURR/USDC@hyperliquid', 'SPOT-107@hyperliquid']);
      expect(told['PURR/USDC@hyperliquid']).to.deep.include({
        kind: 'spot',
        base: 'PURR',
        quote: 'USDC',
        lotSize: '1',
      });
      expect(told['SPOT-107@hyperliquid']).to.deep.include({
        kind: 'spot',
        base: 'HYPE',
        settlement: 'USDC',
        tickSize: '0.001',
        fees: { maker: '0.0004', taker: '0.0007' },
      });
    });
    it('refuses rules that are none', () => {
      for (const entry of [{ name: 'BTC' }, { szDecimals: 9, name: 'BTC' }, { szDecimals: 1 }, 7])
        expect(() => mapped.defined(url, { universe: [entry] })).to.throw(MessageFault);
      expect(mapped.defined(url, { mids: {} })).to.deep.equal({});
      expect(mapped.defined('https://api.hyperliquid.xyz/exchange', { universe })).to.deep.equal({});
    });
  });

  for (const [what, message] of [
    ['text', '{'],
    ['a list', [1]],
    ['no data', { channel: 'l2Book' }],
    ['one side', { channel: 'l2Book', data: { coin: 'BTC', time: TIME, levels: [[]] } }],
    ['three sides', { channel: 'l2Book', data: { coin: 'BTC', time: TIME, levels: [[], [], []] } }],
    ['a level that is none', { channel: 'l2Book', data: { coin: 'BTC', time: TIME, levels: [[7], []] } }],
    ['a price that is a number', book([[10 as never, '1']], [])],
    ['a negative size', book([['10', '-1']], [])],
    ['no coin', book([], [], null)],
    ['no time', book([], [], 'BTC', { time: 'now' })],
    ['a trade of no side', trades(trade('Buy', '1', '1'))],
    ['a trade without size', trades(trade('B', '1', undefined as never))],
    ['a second trade that is none', trades(trade('B', '1', '1'), trade('B', 'x', '1', { coin: 'ETH' }))],
  ] as const)
    it(`refuses what the venue cannot have sent: ${what}`, async () => {
      const mapped = new Mapped(HYPERLIQUID);
      await mapped.take([[0, BOOK]]);
      mapped.told();
      const fault = await mapped.take([[1, message]]).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(MessageFault);
      expect(mapped.events).to.deep.equal([]);
    });

  it('never crashes on a spoiled feed, and is whole once opened anew', () =>
    seedOf('Hyperliquid', (seed) => {
      const random = seeded(seed);
      const sent = Array.from({ length: 40 }, (_, at): Sent => {
        const level = (from: number): Level => [`${from + Math.floor(random() * 5)}.5`, `${at + 1}.25`];
        if (at > 1 && random() < 0.3) return [at, trades(trade('B', '10', '1'))];
        return [at, book([level(10)], [level(20)], at % 2 === 0 ? 'BTC' : 'ETH')];
      });
      const frames = sent.map(frameOf);
      return fuzzFeed(
        { newMapper: (sink) => HYPERLIQUID.newMapper(sink), frames, integrity: { by: 'none' } },
        random,
        300,
      );
    }));
});
