import { expect } from 'chai';
import { readInstruments } from '../../../../../adapters/venues/binance/instruments.js';
import { START } from '../../../../support/mini-recording.js';
import { INVERSE, SPOT } from '../../../../support/market.js';
import { LoopbackStage, recorded } from '../../../../support/loopback-stage.js';
import { turns } from '../../../../support/loopback.js';
import type { MarketEvent } from '../../../../../core/market/events.js';

const { defined, snapshot, delta, trade } = recorded;
const at = (event: MarketEvent, venueAt: number): MarketEvent =>
  ({ ...event, data: { ...event.data, venueAt } }) as MarketEvent;

describe('Binance’s side of a loopback venue', () => {
  const events = [
    defined(),
    snapshot(0, 9),
    at(delta(1_000, 12, [['10', '0']]), START + 999_000),
    at(trade(1_000, 7, { side: 'sell' }), START + 999_001),
    trade(1_000, 8, { notMarket: true }),
  ];
  const opened = async (path: string, name = 'binance'): Promise<Awaited<ReturnType<LoopbackStage['bare']>>> => {
    const stage = new LoopbackStage(events, {}, name);
    await stage.ask(
      `${name === 'binance' ? '/api/v3' : name === 'binance-usdm' ? '/fapi/v1' : '/dapi/v1'}/depth?symbol=AAABTC`,
    );
    const client = await stage.bare(path);
    await stage.pass(1_500);
    return client;
  };
  const DEPTH = { e: 'depthUpdate', s: 'AAABTC', U: 10, u: 12, b: [['10', '0']], a: [] };
  const TIME = START / 1_000 + 999;
  const FINE = START + 999_001;

  it('combines streams that the address names', async () => {
    const client = await opened('/stream?streams=aaabtc@depth@100ms/aaabtc@trade');
    const sold = { e: 'trade', E: FINE, T: FINE, s: 'AAABTC', t: 7, p: '10.5', q: '2', m: true, M: true };
    expect(client.heard()).to.deep.equal([
      { stream: 'aaabtc@depth@100ms', data: { ...DEPTH, E: TIME } },
      { stream: 'aaabtc@trade', data: sold },
      {
        stream: 'aaabtc@trade',
        data: { e: 'trade', s: 'AAABTC', t: 8, p: '10.5', q: '2', m: false, M: true, X: 'NA' },
      },
    ]);
  });
  it('sends bare events at /ws', async () => {
    expect((await opened('/ws/aaabtc@depth')).heard()).to.deep.equal([{ ...DEPTH, E: TIME }]);
  });
  it('names the message before where the venue is one of derivatives', async () => {
    const client = await opened('/stream?streams=aaabtc@depth/aaabtc@trade/aaabtc@aggTrade', 'binance-usdm');
    expect(client.heard()).to.deep.equal([
      { stream: 'aaabtc@depth', data: { ...DEPTH, E: TIME, T: TIME, U: 9, pu: 9 } },
      {
        stream: 'aaabtc@trade',
        data: { e: 'trade', E: FINE, T: FINE, s: 'AAABTC', t: 7, p: '10.5', q: '2', m: true, X: 'MARKET' },
      },
      {
        stream: 'aaabtc@aggTrade',
        data: { e: 'aggTrade', E: FINE, T: FINE, s: 'AAABTC', a: 7, p: '10.5', q: '2', f: 7, l: 7, m: true },
      },
      { stream: 'aaabtc@trade', data: { e: 'trade', s: 'AAABTC', t: 8, p: '10.5', q: '2', m: false, X: 'NA' } },
    ]);
  });

  it('opens and closes streams, and takes names that it has not', async () => {
    const stage = new LoopbackStage(events, { atEnd: 'stay' });
    await stage.ask('/api/v3/depth?symbol=AAABTC');
    const client = await stage.bare('/stream');
    const ask = async (message: object | string): Promise<unknown> => {
      client.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      await turns();
      return client.heard();
    };
    const streams = ['aaabtc@depth', 'aaabtc@bookTicker', 'nobody@depth'];
    expect(await ask({ method: 'SUBSCRIBE', params: streams, id: 1 })).to.deep.equal([{ result: null, id: 1 }]);
    expect(await ask({ method: 'LIST_SUBSCRIPTIONS', id: 'a' })).to.deep.equal([{ result: ['aaabtc@depth'], id: 'a' }]);
    expect(await ask({ method: 'UNSUBSCRIBE', params: streams, id: 2 })).to.deep.equal([{ result: null, id: 2 }]);
    await stage.pass(3_000);
    expect(client.heard()).to.deep.equal([]);
    for (const [sent, code] of [
      ['{', 3],
      ['[]', 3],
      ['', 3],
      [{ method: 'DANCE', id: 3 }, 2],
      [{ method: 'SUBSCRIBE', params: [3, null, 'x', 'x@y'], id: 4 }, undefined],
      [{ method: 'SUBSCRIBE', params: 'aaabtc@depth', id: 5 }, undefined],
    ] as const) {
      const [answer] = (await ask(sent)) as [{ error?: { code: number } }];
      expect(answer.error?.code, JSON.stringify(sent)).to.equal(code);
    }
  });

  it('tells the rules of instruments as its own reader reads them', async () => {
    for (const [name, rest, definition] of [
      ['binance', '/api/v3', SPOT],
      ['binance-us', '/api/v3', SPOT],
      ['binance-usdm', '/fapi/v1', { ...SPOT, kind: 'linear' as const }],
      ['binance-coinm', '/dapi/v1', INVERSE],
    ] as const) {
      const instrument = `AAABTC@${name}`;
      const stage = new LoopbackStage(
        [defined({ ...definition, instrument }), defined({}, 'other@elsewhere')],
        {},
        name,
      );
      const { text } = await stage.ask(`${rest}/exchangeInfo`);
      const [told, ...more] = readInstruments(name, { at: 0, kind: 'reply', text })!;
      const { fees, rules, ...same } = told!;
      expect(more).to.deep.equal([]);
      expect(same).to.deep.equal(
        Object.fromEntries(
          Object.entries({ ...definition, instrument }).filter(([key]) => key !== 'fees' && key !== 'rules'),
        ),
      );
      expect([rules, Number(fees.taker) > 0]).to.deep.equal(['recording', true]);
    }
  });

  it('answers requests as the venue does', async () => {
    const stage = new LoopbackStage([...events, defined({}, 'BBBBTC@binance')]);
    const many = async (query: string): Promise<number | undefined> => {
      const { status, text } = await stage.ask(`/api/v3/exchangeInfo${query}`);
      return status === 200 ? (JSON.parse(text) as { symbols: unknown[] }).symbols.length : undefined;
    };
    expect(await many('')).to.equal(2);
    expect(await many('?symbol=BBBBTC')).to.equal(1);
    expect(await many(`?symbols=${encodeURIComponent('["AAABTC","BBBBTC"]')}`)).to.equal(2);
    expect(await many('?symbols=AAABTC')).to.equal(undefined);
    expect(await many('?symbol=CCCBTC')).to.equal(undefined);
    expect(await stage.ask('/api/v3/ping')).to.include({ status: 200, text: '{}' });
    expect(await stage.ask('/api/v3/depth?symbol=CCCBTC')).to.include({ status: 400 });
    expect(await stage.ask('/api/v3/depth?symbol=AAABTC&limit=x')).to.include({ status: 400 });
    expect(await stage.ask('/fapi/v1/depth?symbol=AAABTC')).to.include({ status: 404 });
    const { text } = await stage.ask('/api/v3/depth?symbol=aaabtc&limit=1');
    expect(JSON.parse(text)).to.deep.equal({ lastUpdateId: 9, bids: [['10', '1']], asks: [['11', '2']] });
  });
});
