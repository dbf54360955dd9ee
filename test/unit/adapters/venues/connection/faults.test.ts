import { expect } from 'chai';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import { after, FeedStage } from '../../../../support/feed-stage.js';
import { binanceRules, depths, plainRules, plainVenue } from '../../../../support/fake-venue.js';
import { binance } from '../../../../support/mini-recording.js';

const BINANCE = VENUES.get('binance')!;
const BOOK = { book: 'AAA', n: 1, b: [['10', '1']], a: [['11', '2']] };
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const { depth, rest } = binance;

describe('what a live feed cannot read', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
  });
  afterEach(() => stage.close());
  const requested = (): number[] =>
    stage.network.requests.filter(({ url }) => url.includes('/depth?')).map(({ at }) => after(at));

  it('takes the trust of every book of its connection, says what it was, and fetches them anew', async () => {
    stage.network.answers.push(
      binanceRules('AAABTC', 'BBBBTC'),
      depths([200, rest(9, BID, ASK)], [200, rest(9, BID, ASK)], [200, rest(20, BID, ASK)], [200, rest(20, BID, ASK)]),
    );
    await stage.open(BINANCE, ['AAABTC', 'BBBBTC']);
    stage.socket.say(depth(8, 9), depth(8, 9, [], [], {}, 'BBBBTC'));
    await stage.heard();
    await stage.pass(1_000);
    stage.socket.say('{"stream":"aaabtc@depth@100ms","data":{"s":"AAABTC","U":"eleven"}}');
    expect(await stage.heard()).to.deep.equal([
      '1000 FeedInterrupted bad_message',
      '1000 FeedInterrupted bad_message',
      '1000 BookSnapshot 20 b 10x1 a 11x2',
      '1000 BookSnapshot 20 b 10x1 a 11x2',
    ]);
    expect(stage.events.find(({ type }) => type === 'FeedInterrupted')!.data).to.deep.include({
      detail: '"U" is no whole number: "eleven"',
    });
    stage.socket.say(depth(21, 22));
    expect(await stage.heard()).to.deep.equal(['1000 BookDelta 22']);
  });

  it('has the books of a feed subscribed anew', async () => {
    stage.network.answers.push(plainRules('AAA', 'BBB'));
    await stage.open(plainVenue(), ['AAA', 'BBB']);
    stage.socket.say(BOOK, { ...BOOK, book: 'BBB' });
    await stage.pass(1_000);
    stage.socket.say('gibberish');
    await stage.settle();
    stage.socket.say({ change: 'AAA', n: 2, b: [['10', '5']], a: [] }, { ...BOOK, n: 7 });
    expect(stage.socket.sent.slice(2)).to.deep.equal([
      '{"leave":"AAA","id":2}',
      '{"ask":"AAA","id":2}',
      '{"leave":"BBB","id":3}',
      '{"ask":"BBB","id":3}',
    ]);
    expect((await stage.heard()).slice(2)).to.deep.equal([
      '1000 FeedInterrupted bad_message',
      '1000 FeedInterrupted bad_message',
      '1000 BookDelta 2 dropped',
      '1000 BookSnapshot 7 b 10x1 a 11x2',
    ]);
  });

  it('has a connection opened anew where books come in no other way', async () => {
    stage.network.answers.push(plainRules('AAA'));
    const venue = plainVenue();
    Reflect.deleteProperty(venue.connection!, 'resubscribe');
    await stage.open(venue, ['AAA']);
    stage.socket.say(BOOK, 'gibberish');
    expect(await stage.heard()).to.deep.equal(['0 BookSnapshot 1 b 10x1 a 11x2', '0 FeedInterrupted bad_message']);
    await stage.pass(500);
    stage.socket.say({ ...BOOK, n: 3 });
    expect(await stage.heard()).to.deep.equal(['500 BookSnapshot 3 b 10x1 a 11x2']);
  });

  it('is a message of an instrument that nobody asked for, too', async () => {
    stage.network.answers.push(plainRules('AAA'));
    await stage.open(plainVenue(), ['AAA']);
    stage.socket.say(BOOK, { ...BOOK, book: 'ZZZ' });
    expect(await stage.heard()).to.deep.equal(['0 BookSnapshot 1 b 10x1 a 11x2', '0 FeedInterrupted bad_message']);
  });

  it('is told of, but not of each in a storm, and books are asked for ever more seldom', async () => {
    stage.network.answers.push(binanceRules('AAABTC'), (url) =>
      url.includes('/depth?') ? [200, rest(9, BID, ASK)] : undefined,
    );
    await stage.open(BINANCE, ['AAABTC']);
    for (let ms = 0; ms < 60_000; ms += 100) {
      await stage.pass(ms);
      stage.socket.say(depth(8, 9), 'gibberish');
    }
    await stage.settle();
    expect(requested().length).to.be.within(6, 9);
    expect(stage.told.length).to.be.within(5, 7);
    expect(stage.told[0]).to.equal(
      'binance, connection 1: a message cannot be read: no JSON: "gibberish"; its books are asked for anew',
    );
    // each time that a book came it was taken away again, and not more often
    const books = stage.events.filter(({ type }) => type === 'BookSnapshot').length;
    expect(stage.events.filter(({ type }) => type === 'FeedInterrupted').length).to.be.within(books, books + 1);
  });

  it('is a reply that is no book: it is asked for again', async () => {
    stage.network.answers.push(
      binanceRules('AAABTC'),
      depths([200, '<html>'], [200, { lastUpdateId: 'x' }], [200, rest(9, BID, ASK)]),
    );
    await stage.open(BINANCE, ['AAABTC']);
    stage.socket.say(depth(8, 9));
    await stage.pass(3_000);
    expect(requested()).to.deep.equal([0, 250, 750]);
    stage.socket.say(depth(10, 10));
    expect((await stage.heard()).at(-1)).to.equal('3000 BookDelta 10');
  });
});

describe('what a venue turns down', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
  });
  afterEach(() => stage.close());

  it('is told, and asked for again slowly; what came of others goes on', async () => {
    stage.network.answers.push(plainRules('AAA', 'BBB'));
    await stage.open(plainVenue({ limits: { ...plainVenue().connection!.limits, silence: 1e9 } }), ['AAA', 'BBB']);
    stage.socket.say(BOOK, { refused: 'no such market BBB' });
    await stage.pass(14_999);
    expect(stage.told).to.deep.equal([
      'plain, connection 1: a subscription was refused: no such market BBB; asked for again',
    ]);
    expect(stage.socket.sent.slice(2)).to.deep.equal([]);
    await stage.pass(15_000);
    expect(stage.socket.sent.slice(2)).to.deep.equal(['{"ask":"BBB","id":2}']);
    stage.socket.say({ refused: 'no such market BBB' });
    await stage.pass(44_999);
    expect(stage.socket.sent.filter((text) => text.includes('ask'))).to.have.length(3);
    await stage.pass(45_000);
    expect(stage.socket.sent.filter((text) => text.includes('ask'))).to.have.length(4);
    expect(stage.told).to.have.length(1);
    expect(await stage.heard()).to.deep.equal(['0 BookSnapshot 1 b 10x1 a 11x2']);
  });

  it('gives no book by REST of which nothing is subscribed', async () => {
    stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK)]));
    await stage.open(BINANCE, ['AAABTC'], { maxSilence: 1e9 });
    stage.socket.say({ error: { code: 2, msg: 'Invalid request' }, id: 1 });
    await stage.pass(14_999);
    expect(await stage.heard()).to.deep.equal([]);
    await stage.pass(15_000);
    expect(stage.socket.sent).to.have.length(2);
    stage.socket.say({ result: null, id: 2 }, depth(8, 9));
    expect(await stage.heard()).to.deep.equal(['15000 BookSnapshot 9 b 10x1 a 11x2', '15000 BookDelta 9 dropped']);
  });
});
