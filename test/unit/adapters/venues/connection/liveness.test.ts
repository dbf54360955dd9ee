import { expect } from 'chai';
import { MICROS } from '../../../../../core/time.js';
import { after, FeedStage } from '../../../../support/feed-stage.js';
import { plainRules, plainVenue } from '../../../../support/fake-venue.js';

const BOOK = { book: 'AAA', n: 1, b: [['10', '1']], a: [['11', '2']] };
const LIMITS = plainVenue().connection!.limits;

describe('the connections of a live feed', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
    stage.network.answers.push(plainRules('AAA', 'BBB', 'CCC'));
  });
  afterEach(() => stage.close());
  const open = (more: Parameters<typeof plainVenue>[0] = {}, symbols = ['AAA']): Promise<FeedStage> =>
    stage.open(plainVenue(more), symbols);
  const openings = (): number[] => stage.network.openings.map(after);

  it('carry no more instruments than the venue allows', async () => {
    await open({}, ['AAA', 'BBB', 'CCC']);
    expect(stage.network.sockets.map(({ url, sent }) => [url, ...sent])).to.deep.equal([
      ['wss://plain.test/feed', '{"ask":"AAA","id":1}', '{"ask":"BBB","id":1}'],
      ['wss://plain.test/feed', '{"ask":"CCC","id":1}'],
    ]);
  });

  it('are there while somebody watches, and not before or after', async () => {
    await stage.openUnread(plainVenue(), ['AAA']);
    await stage.settle();
    expect(stage.network.openings).to.deep.equal([]);
    const stopping = new AbortController();
    const watching = stage.feed.watch(stopping.signal)[Symbol.asyncIterator]();
    const first = watching.next();
    await stage.settle();
    expect(stage.socket.isOpen).to.equal(true);
    stopping.abort();
    expect((await first).done).to.equal(true);
    expect(stage.socket.isOpen).to.equal(false);
    await stage.pass(100_000);
    expect(stage.network.openings).to.have.length(1);
    expect(stage.clock.waiting).to.equal(0);
  });

  it('hears it when one closes, takes the trust of its books, and opens it again', async () => {
    await open();
    stage.socket.say(BOOK);
    await stage.pass(2_000);
    stage.socket.drop('code 1006');
    await stage.pass(2_499);
    expect(await stage.heard()).to.deep.equal(['0 BookSnapshot 1 b 10x1 a 11x2', '2000 FeedInterrupted disconnected']);
    expect(stage.status('AAA@plain')).to.include({ connected: false, interruptions: 1 });
    expect(stage.told).to.deep.equal([
      'plain, connection 1: closed: code 1006',
      'plain, connection 1: opened again in 500ms',
    ]);
    await stage.pass(2_500);
    stage.socket.say({ ...BOOK, n: 7 });
    expect(await stage.heard()).to.deep.equal(['2500 BookSnapshot 7 b 10x1 a 11x2']);
    expect(stage.status('AAA@plain')).to.include({ connected: true, reconnects: 1 });
  });

  it('says a break once, however often the next connection fails', async () => {
    await open();
    stage.socket.say(BOOK);
    stage.socket.drop();
    await stage.pass(500);
    stage.socket.drop();
    await stage.pass(1_500);
    stage.socket.drop();
    expect((await stage.heard()).slice(1)).to.deep.equal(['0 FeedInterrupted disconnected']);
  });

  it('waits twice as long after each failure, up to a minute, spread by chance', async () => {
    stage.network.refusal = 'ECONNREFUSED';
    await open();
    await stage.pass(150_000);
    const waits = openings().map((at, index, all) => at - (all[index - 1] ?? 0));
    expect(waits).to.deep.equal([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(stage.told.slice(0, 2)).to.deep.equal([
      'plain, connection 1 cannot be opened: ECONNREFUSED',
      'plain, connection 1: opened again in 500ms',
    ]);
  });

  it('waits a short time again once a connection was well', async () => {
    await open();
    for (const at of [0, 500, 1_500, 3_500]) {
      await stage.pass(at);
      stage.socket.drop();
    }
    await stage.pass(7_500);
    stage.socket.say(BOOK);
    await stage.pass(37_400);
    stage.socket.alive();
    await stage.pass(37_500);
    stage.socket.drop();
    await stage.pass(38_000);
    expect(openings()).to.deep.equal([0, 500, 1_500, 3_500, 7_500, 38_000]);
  });

  it('opens no more connections than the venue allows, of all together', async () => {
    const connects = { count: 2, within: MICROS.m };
    await open({ limits: { ...LIMITS, instrumentsPerConnection: 1, connects } }, ['AAA', 'BBB', 'CCC']);
    expect(openings()).to.deep.equal([0, 0]);
    await stage.pass(20_000);
    for (const socket of stage.network.sockets) socket.alive();
    await stage.pass(40_000);
    for (const socket of stage.network.sockets) socket.alive();
    await stage.pass(60_000);
    expect(openings()).to.deep.equal([0, 0, 60_000]);
  });

  it('gives up one that does not open', async () => {
    stage.network.open = () => {
      stage.network.openings.push(stage.clock.now());
      return new Promise(() => undefined);
    };
    await open();
    await stage.pass(15_500);
    expect(openings()).to.deep.equal([0, 15_500]);
    expect(stage.told[0]).to.equal(
      'plain, connection 1 cannot be opened: wss://plain.test/feed did not open within 15 s',
    );
  });

  it('is dead after its silence, and opened again', async () => {
    await open();
    stage.socket.say(BOOK);
    await stage.pass(20_000);
    stage.socket.alive();
    await stage.pass(49_999);
    expect(await stage.heard()).to.have.length(1);
    const old = stage.socket;
    await stage.pass(50_000);
    expect(await stage.heard()).to.deep.equal(['50000 FeedInterrupted silent', '50000 FeedInterrupted disconnected']);
    expect(old.isOpen).to.equal(false);
    await stage.pass(50_500);
    stage.socket.say({ ...BOOK, n: 5 });
    expect(await stage.heard()).to.deep.equal(['50500 BookSnapshot 5 b 10x1 a 11x2']);
  });

  it('hears nothing any more from one that it has given up', async () => {
    await open();
    stage.socket.say(BOOK);
    const old = stage.socket;
    await stage.pass(30_000);
    old.listener.message(JSON.stringify({ change: 'AAA', n: 2, b: [['10', '5']], a: [] }), stage.clock.now());
    expect((await stage.heard()).slice(1)).to.deep.equal([
      '30000 FeedInterrupted silent',
      '30000 FeedInterrupted disconnected',
    ]);
  });

  it('takes a silence that was asked for instead of the venue’s', async () => {
    await stage.open(plainVenue(), ['AAA'], { maxSilence: 5 * MICROS.s });
    stage.socket.say(BOOK);
    await stage.pass(5_000);
    expect((await stage.heard())[1]).to.equal('5000 FeedInterrupted silent');
  });

  it('pings when it has sent nothing for so long, and answers pings', async () => {
    await open();
    stage.socket.say(BOOK);
    await stage.pass(19_999);
    expect(stage.socket.sent.slice(1)).to.deep.equal([]);
    await stage.pass(20_000);
    expect(stage.socket.sent.slice(1)).to.deep.equal(['ping 2']);
    await stage.pass(29_000);
    stage.socket.say('ping?');
    expect(stage.socket.sent.slice(2)).to.deep.equal(['pong!']);
    await stage.pass(48_999);
    expect(stage.socket.sent).to.have.length(3);
    await stage.pass(49_000);
    expect(stage.socket.sent.slice(3)).to.deep.equal(['ping 3']);
    expect(await stage.heard()).to.have.length(1);
  });

  it('sends no more messages than the venue allows, answers first', async () => {
    const limits = { ...LIMITS, instrumentsPerConnection: 5, messages: { count: 2, within: MICROS.s } };
    await open({ limits }, ['AAA', 'BBB', 'CCC']);
    const { socket } = stage;
    expect(socket.sent).to.deep.equal(['{"ask":"AAA","id":1}', '{"ask":"BBB","id":1}']);
    for (let ping = 0; ping < 100; ping++) socket.say('ping?');
    await stage.pass(999);
    expect(socket.sent).to.have.length(2);
    await stage.pass(1_000);
    expect(socket.sent.slice(2)).to.deep.equal(['pong!', 'pong!']);
    await stage.pass(12_000);
    expect(socket.sent.slice(4)).to.deep.equal([...Array<string>(14).fill('pong!'), '{"ask":"CCC","id":1}']);
  });

  it('opens another one before the venue ends it, and changes over at once', async () => {
    await open({ limits: { ...LIMITS, life: MICROS.m } });
    const old = stage.socket;
    old.say(BOOK);
    for (const at of [25_000, 50_000]) {
      await stage.pass(at);
      old.alive();
    }
    await stage.pass(53_999);
    expect(stage.network.sockets).to.have.length(1);
    await stage.pass(54_000);
    expect(old.isOpen).to.equal(false);
    stage.socket.say({ ...BOOK, n: 9 });
    expect((await stage.heard()).slice(1)).to.deep.equal([
      '54000 FeedInterrupted disconnected',
      '54000 BookSnapshot 9 b 10x1 a 11x2',
    ]);
    expect(openings()).to.deep.equal([0, 54_000]);
    expect(stage.status('AAA@plain')).to.include({ reconnects: 1, connected: true });
  });

  it('keeps a connection while another one that is to take its place cannot be opened', async () => {
    await open({ limits: { ...LIMITS, life: MICROS.m } });
    const old = stage.socket;
    old.say(BOOK);
    await stage.pass(29_000);
    old.alive();
    stage.network.refusal = 'ECONNREFUSED';
    await stage.pass(54_200);
    old.say({ change: 'AAA', n: 2, b: [['10', '5']], a: [] });
    expect((await stage.heard()).slice(1)).to.deep.equal(['54200 BookDelta 2 b 10x5']);
    stage.network.refusal = undefined;
    await stage.pass(55_500);
    expect(old.isOpen).to.equal(false);
    expect(openings()).to.deep.equal([0, 54_000, 54_500]);
  });

  it('asks the venue for the address, each time anew', async () => {
    let tokens = 0;
    stage.network.answers.push((url) => (url.endsWith('/token') ? [200, `t${++tokens}`] : undefined));
    await open({
      address: {
        request: { method: 'POST', path: '/token' },
        read: (reply) => ({ url: `wss://there.test/?token=${reply}`, pingEvery: 7 * MICROS.s }),
      },
    });
    expect(stage.socket.url).to.equal('wss://there.test/?token=t1');
    await stage.pass(7_000);
    expect(stage.socket.sent.at(-1)).to.equal('ping 2');
    stage.socket.drop();
    await stage.pass(7_500);
    expect(stage.socket.url).to.equal('wss://there.test/?token=t2');
  });

  describe('where trades come over one of their own', () => {
    const apart = {
      tradesApart: { path: () => '/trades', subscribe: () => ['trades!'] },
      resubscribe: (symbol: string) => [`again ${symbol}`],
    };

    it('takes the trust of the books while the trades are missing, and asks for them when they are back', async () => {
      await open(apart);
      const [books, trades] = stage.network.sockets;
      expect([books!.sent, trades!.sent]).to.deep.equal([['{"ask":"AAA","id":1}'], ['trades!']]);
      books!.say(BOOK);
      trades!.say({ trade: 'AAA', p: '10', q: '1' });
      trades!.drop('gone');
      await stage.pass(400);
      expect(await stage.heard()).to.deep.equal([
        '0 BookSnapshot 1 b 10x1 a 11x2',
        '0 Traded buy 1@10',
        '0 FeedInterrupted disconnected',
      ]);
      expect(stage.status('AAA@plain').connected).to.equal(false);
      expect(books!.sent).to.have.length(1);
      await stage.pass(500);
      expect(books!.sent.slice(1)).to.deep.equal(['again AAA']);
      expect(stage.status('AAA@plain').connected).to.equal(true);
    });
  });
});
