import { expect } from 'chai';
import { systemClock } from '../../../../adapters/clock/system-clock.js';
import { VENUES } from '../../../../adapters/venues/venues.js';
import { readEndpoints } from '../../../../api/cli/endpoints.js';
import { judged } from '../../../../api/cli/failures.js';
import { readMarketSpec } from '../../../../api/live/market-specs.js';
import { openVenues } from '../../../../api/live/venue-feeds.js';
import { refusalOf } from '../../../support/log-events.js';

describe('a market SPEC', () => {
  it('names a venue and a symbol as the venue writes it', () => {
    expect(readMarketSpec('binance:BTCUSDT')).to.deep.equal({ kind: 'venue', venue: 'binance', symbol: 'BTCUSDT' });
    expect(readMarketSpec('kraken:BTC/USD')).to.deep.equal({ kind: 'venue', venue: 'kraken', symbol: 'BTC/USD' });
    expect(readMarketSpec('session:a:b@2')).to.deep.equal({ kind: 'session', path: 'a:b', speed: 2 });
    expect(readMarketSpec('sample')).to.deep.equal({ kind: 'sample' });
  });

  for (const [text, sentence] of [
    ['binanse:BTCUSDT', /no venue binanse; did you mean binance\? Live are binance, /],
    ['binance:', /a symbol is missing/],
    ['binance:BTCUSDT@binance', /a symbol is missing, or has an "@"/],
    ['binance', /write VENUE:SYMBOL/],
  ] as const)
    it(`is refused with a sentence: ${text}`, () => expect(() => readMarketSpec(text)).to.throw(sentence));

  it('is refused for a venue that is known from recordings only', function () {
    const known = [...VENUES.values()].find(({ connection }) => connection === undefined);
    if (known === undefined) this.skip();
    else expect(() => readMarketSpec(`${known.name}:X`)).to.throw(/known from recordings only.*reprise import/);
  });

  it('of a venue that cannot be reached ends the command with 3, saying what, where and how to mend it', async () => {
    const endpoints = new Map([['binance', { rest: 'http://127.0.0.1:1' }]]);
    const network = { endpoints, patience: 0, tell: () => undefined, signal: new AbortController().signal };
    const failed = await refusalOf(openVenues([readMarketSpec('binance:BTCUSDT')], systemClock(), network));
    const { code, message } = judged(failed);
    expect(code).to.equal(3);
    expect(message).to.match(/^binance does not tell its instruments: no answer from http:\/\/127\.0\.0\.1:1\/api/);
    expect(message).to.match(/look at the network, or name other addresses as "venues" in the settings file$/);
  });
});

describe('the addresses of venues in a settings file', () => {
  it('are read, without a slash at the end', () => {
    const told = { binance: { socket: 'ws://127.0.0.1:9001/', rest: 'https://proxy.test/binance/' } };
    expect(readEndpoints(told, 's.json').get('binance')).to.deep.equal({
      socket: 'ws://127.0.0.1:9001',
      rest: 'https://proxy.test/binance',
    });
    expect(readEndpoints({}, 's.json').size).to.equal(0);
  });

  for (const [value, sentence] of [
    [[], /^s\.json: "venues" is no object/],
    [{ binanse: {} }, /"venues"\."binanse" is no venue; did you mean "binance"\?/],
    [{ binance: 'ws://x' }, /"venues"\."binance" is no object/],
    [{ binance: { sockets: 'ws://x' } }, /unknown key "sockets"; known are socket, rest/],
    [{ binance: { socket: 'http://x' } }, /"venues"\."binance"\."socket" is no address; write it like ws:/],
    [{ binance: { rest: 'x' } }, /"rest" is no address; write it like http:/],
    [{ binance: { rest: 7 } }, /"rest" is no address/],
  ] as const)
    it(`are refused with a sentence: ${JSON.stringify(value)}`, () =>
      expect(() => readEndpoints(value, 's.json')).to.throw(sentence));
});
