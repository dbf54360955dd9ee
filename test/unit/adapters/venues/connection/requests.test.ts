import { expect } from 'chai';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import { MICROS } from '../../../../../core/time.js';
import { after, FeedStage } from '../../../../support/feed-stage.js';
import { binanceRules, depths, plainRules, plainVenue } from '../../../../support/fake-venue.js';
import { binance } from '../../../../support/mini-recording.js';

const BINANCE = VENUES.get('binance')!;
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const { depth, rest } = binance;

describe('the REST of a live feed', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
  });
  afterEach(() => stage.close());
  const requested = (part: string): number[] =>
    stage.network.requests.filter(({ url }) => url.includes(part)).map(({ at }) => after(at));

  it('is left alone for as long as it says, and by all books', async () => {
    stage.network.answers.push(
      binanceRules('AAABTC', 'BBBBTC'),
      depths([429, 'slow down', 7], [200, rest(9, BID, ASK)], [200, rest(9, BID, ASK)]),
    );
    await stage.open(BINANCE, ['AAABTC', 'BBBBTC'], { maxSilence: MICROS.h });
    stage.socket.say(depth(8, 9));
    await stage.pass(1_000);
    stage.socket.say(depth(8, 9, [], [], {}, 'BBBBTC'));
    await stage.pass(10_000);
    expect(requested('/depth?')).to.deep.equal([0, 7_000, 7_000]);
    expect(stage.told[0]).to.equal(
      'binance, connection 1: the book of AAABTC: https://api.binance.com/api/v3/depth?symbol=AAABTC&limit=1000 was answered with 429: "slow down"; asked for again',
    );
    expect(await stage.heard()).to.have.length(4);
  });

  for (const [status, pause] of [
    [418, 120_000],
    [429, 10_000],
    [503, 5_000],
    [500, 250],
  ] as const)
    it(`is asked again ${pause} ms after a ${status} that does not say when`, async () => {
      stage.network.answers.push(binanceRules('AAABTC'), depths([status, ''], [200, rest(9, BID, ASK)]));
      await stage.open(BINANCE, ['AAABTC'], { maxSilence: MICROS.h });
      stage.socket.say(depth(8, 9));
      await stage.pass(200_000);
      expect(requested('/depth?')).to.deep.equal([0, pause]);
    });

  it('is asked again and again where nobody answers, each time after a longer wait', async () => {
    stage.network.answers.push(binanceRules('AAABTC'), (url) =>
      url.includes('/depth?') ? new Error('ECONNRESET') : undefined,
    );
    await stage.open(BINANCE, ['AAABTC'], { maxSilence: MICROS.h });
    stage.socket.say(depth(8, 9));
    await stage.pass(100_000);
    expect(requested('/depth?')).to.deep.equal([0, 250, 750, 1_750, 3_750, 7_750, 15_750, 31_750, 61_750, 91_750]);
  });

  it('is asked no more often than the venue allows', async () => {
    const limits = { ...BINANCE.connection!.limits, requests: { count: 3, within: MICROS.m } };
    stage.network.answers.push(binanceRules('AAABTC', 'BBBBTC', 'CCCBTC'), (url) =>
      url.includes('/depth?') ? [200, rest(9, BID, ASK)] : undefined,
    );
    await stage.open({ ...BINANCE, connection: { ...BINANCE.connection!, limits } }, ['AAABTC', 'BBBBTC', 'CCCBTC'], {
      maxSilence: MICROS.h,
    });
    await stage.pass(1_000);
    for (const symbol of ['AAABTC', 'BBBBTC', 'CCCBTC']) stage.socket.say(depth(8, 9, [], [], {}, symbol));
    await stage.pass(61_000);
    expect(requested('')).to.deep.equal([0, 1_000, 1_000, 60_000]);
  });

  it('brings nothing to a connection that has ended meanwhile', async () => {
    let answer!: (reply: readonly [number, object]) => void;
    const pending = new Promise<readonly [number, object]>((resolve) => (answer = resolve));
    stage.network.answers.push(binanceRules('AAABTC'), depths(pending));
    await stage.open(BINANCE, ['AAABTC']);
    stage.socket.say(depth(8, 9));
    await stage.settle();
    stage.socket.drop();
    answer([200, rest(9, BID, ASK)]);
    expect(await stage.heard()).to.deep.equal(['0 FeedInterrupted disconnected']);
  });

  describe('tells the rules of instruments', () => {
    it('of those that were asked for, in their order', async () => {
      stage.network.answers.push(plainRules('AAA', 'BBB', 'CCC'));
      await stage.open(plainVenue(), ['CCC', 'AAA']);
      expect(stage.feed.instruments.map(({ instrument }) => instrument)).to.deep.equal(['CCC@plain', 'AAA@plain']);
    });

    it('whatever the case of letters, where the venue has one', async () => {
      stage.network.answers.push(plainRules('AAA'));
      await stage.open(plainVenue({ letters: 'lower' }), ['AAA', 'aaa']);
      expect(stage.socket.sent).to.deep.equal(['{"ask":"aaa","id":1}']);
      expect(stage.feed.instruments).to.have.length(1);
    });

    it('or that there is no such one, and which may have been meant', async () => {
      stage.network.answers.push(plainRules('BTC-USD', 'ETH-USD'));
      const refused = await stage.open(plainVenue(), ['BTC-USDT']).catch((error: unknown) => error);
      expect(refused).to.include({
        name: 'NoSuchInstrument',
        message: 'plain has no instrument BTC-USDT; did you mean BTC-USD?',
      });
    });

    it('also where the venue only says that the request is wrong', async () => {
      stage.network.answers.push(
        (url) => (url.includes('symbols=') ? [400, { code: -1121, msg: 'Invalid symbol.' }] : undefined),
        binanceRules('BTCUSDT', 'ETHUSDT'),
      );
      const refused = await stage.open(BINANCE, ['BTCUSD']).catch((error: unknown) => error);
      expect(refused).to.include({ message: 'binance has no instrument BTCUSD; did you mean BTCUSDT?' });
    });

    it('or not, and is tried for a while before it is given up', async () => {
      stage.network.answers.push(() => new Error('ENOTFOUND'));
      const opening = stage.open(plainVenue(), ['AAA']).catch((error: unknown) => error);
      await stage.pass(120_000);
      expect(await opening).to.include({
        name: 'VenueUnreachable',
        message:
          'plain does not tell its instruments: no answer from https://plain.test/instruments: ENOTFOUND; look at the network, or name other addresses as "venues" in the settings file',
      });
      expect(requested('')).to.deep.equal([
        0,
        500,
        1_500,
        3_500,
        7_500,
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => 7_500 + n * 5_000),
      ]);
      expect(stage.told[0]).to.equal(
        'plain does not tell its instruments: no answer from https://plain.test/instruments: ENOTFOUND; asked again in 500ms',
      );
    });

    it('each hour, and what has changed is told', async () => {
      let tick = '0.5';
      stage.network.answers.push((url) =>
        url.endsWith('/instruments')
          ? [
              200,
              ['AAA', 'BBB'].map((symbol) => ({
                instrument: `${symbol}@plain`,
                ...(symbol === 'BBB' ? { tickSize: tick } : {}),
              })),
            ]
          : undefined,
      );
      await stage.open(plainVenue(), ['AAA', 'BBB'], { maxSilence: MICROS.d });
      await stage.pass(3_600_000);
      expect(await stage.heard()).to.deep.equal([]);
      tick = '0.1';
      await stage.pass(7_200_000);
      expect(await stage.heard()).to.deep.equal(['7200000 InstrumentDefined BBB@plain']);
      expect(stage.events[0]!.data).to.include({ tickSize: '0.1' });
      await stage.pass(10_800_000);
      expect(await stage.heard()).to.deep.equal([]);
      expect(requested('')).to.deep.equal([0, 3_600_000, 7_200_000, 10_800_000]);
    });
  });
});
