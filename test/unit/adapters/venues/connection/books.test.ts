import { expect } from 'chai';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import { FeedStage } from '../../../../support/feed-stage.js';
import { binanceRules, depths, plainRules, plainVenue } from '../../../../support/fake-venue.js';
import { binance } from '../../../../support/mini-recording.js';

const BINANCE = VENUES.get('binance')!;
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const { depth, trade, rest } = binance;

describe('the books of a live feed', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
  });
  afterEach(() => stage.close());
  const asked = (): string[] =>
    stage.network.requests.filter(({ url }) => url.includes('/depth?')).map(({ url }) => url);

  describe('where a snapshot is fetched over REST', () => {
    it('asks for it with the first change, and gives it before the changes that it does not hold', async () => {
      stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK)]));
      await stage.open(BINANCE, ['AAABTC']);
      expect(stage.feed.instruments.map(({ instrument }) => instrument)).to.deep.equal(['AAABTC@binance']);
      expect(asked()).to.deep.equal([]);
      await stage.pass(5);
      stage.socket.say(depth(8, 9), depth(10, 12, [['9', '4']]), trade(1, '10.5', '2', false));
      expect(await stage.heard()).to.deep.equal([
        '5 Traded buy 2@10.5',
        '5 BookSnapshot 9 b 10x1 a 11x2',
        '5 BookDelta 9 dropped',
        '5 BookDelta 12 b 9x4',
      ]);
      expect(asked()).to.deep.equal(['https://api.binance.com/api/v3/depth?symbol=AAABTC&limit=1000']);
      await stage.pass(7);
      stage.socket.say(depth(13, 13, [], [['11', '0']]));
      expect(await stage.heard()).to.deep.equal(['7 BookDelta 13 a 11x0']);
    });

    it('asks again for one that is older than the first change, and believes nothing of it', async () => {
      stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(5, BID, ASK)], [200, rest(8, BID, ASK)]));
      await stage.open(BINANCE, ['AAABTC']);
      stage.socket.say(depth(8, 9));
      expect(await stage.heard()).to.deep.equal(['0 BookDelta 5 dropped']);
      await stage.pass(250);
      expect(await stage.heard()).to.deep.equal(['250 BookSnapshot 8 b 10x1 a 11x2', '250 BookDelta 9']);
      expect(asked()).to.have.length(2);
    });

    it('asks once at a time, however many changes wait', async () => {
      let answer!: (reply: readonly [number, object]) => void;
      const pending = new Promise<readonly [number, object]>((resolve) => (answer = resolve));
      stage.network.answers.push(binanceRules('AAABTC'), depths(pending));
      await stage.open(BINANCE, ['AAABTC']);
      stage.socket.say(depth(8, 9), depth(10, 12));
      stage.feed.requestSnapshots();
      await stage.pass(4_000);
      stage.socket.say(depth(13, 13));
      stage.socket.alive();
      expect(asked()).to.have.length(1);
      answer([200, rest(9, BID, ASK)]);
      expect(await stage.heard()).to.have.length(4);
      expect(asked()).to.have.length(1);
    });

    it('asks again after a gap, and says the gap before the change that shows it', async () => {
      stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK)], [200, rest(15, BID, ASK)]));
      await stage.open(BINANCE, ['AAABTC']);
      stage.socket.say(depth(8, 9));
      await stage.heard();
      await stage.pass(1_000);
      stage.socket.say(depth(10, 11), depth(14, 15));
      expect(await stage.heard()).to.deep.equal([
        '1000 BookDelta 11',
        '1000 FeedInterrupted gap',
        '1000 BookDelta 15',
        '1000 BookSnapshot 15 b 10x1 a 11x2',
      ]);
      expect(stage.status('AAABTC@binance')).to.include({ interruptions: 1, reconnects: 0 });
    });

    it('brings a book up to date with what came while it was on its way, when the host asks for it', async () => {
      stage.network.answers.push(
        binanceRules('AAABTC'),
        depths([200, rest(9, BID, ASK)], [200, rest(7, BID, ASK)], [200, rest(11, BID, ASK)]),
      );
      await stage.open(BINANCE, ['AAABTC']);
      stage.socket.say(depth(8, 9), depth(10, 12, [['9', '4']]));
      await stage.heard();
      await stage.pass(1_000);
      stage.feed.requestSnapshots();
      expect(await stage.heard()).to.deep.equal(['1000 BookDelta 7 dropped']);
      await stage.pass(1_500);
      expect(await stage.heard()).to.deep.equal(['1500 BookSnapshot 12 b 10x1 9x4 a 11x2']);
    });

    it('gives a quiet instrument its book although nothing of it changes', async () => {
      stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK)]));
      await stage.open(BINANCE, ['AAABTC'], { maxSilence: 60_000_000 });
      await stage.pass(9_999);
      expect(await stage.heard()).to.deep.equal([]);
      await stage.pass(10_000);
      expect(await stage.heard()).to.deep.equal(['10000 BookSnapshot 9 b 10x1 a 11x2']);
    });
  });

  describe('where the feed brings it', () => {
    it('subscribes anew for it when the host asks, and not while it is on its way', async () => {
      stage.network.answers.push(plainRules('AAA'));
      await stage.open(plainVenue(), ['AAA']);
      stage.feed.requestSnapshots();
      await stage.settle();
      expect(stage.socket.sent).to.have.length(1);
      stage.socket.say({ book: 'AAA', n: 1, b: [], a: [] });
      stage.feed.requestSnapshots();
      stage.feed.requestSnapshots();
      await stage.settle();
      expect(stage.socket.sent.slice(1)).to.deep.equal(['{"leave":"AAA","id":2}', '{"ask":"AAA","id":2}']);
    });

    it('subscribes anew for it, once, when it does not come', async () => {
      stage.network.answers.push(plainRules('AAA'));
      await stage.open(plainVenue(), ['AAA']);
      expect(stage.socket.sent).to.deep.equal(['{"ask":"AAA","id":1}']);
      await stage.pass(9_999);
      expect(stage.socket.sent).to.have.length(1);
      await stage.pass(10_000);
      expect(stage.socket.sent.slice(1)).to.deep.equal(['{"leave":"AAA","id":2}', '{"ask":"AAA","id":2}']);
    });
  });
});
