import { expect } from 'chai';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import type { FrameTap } from '../../../../../adapters/venues/connection/ports.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { FeedStage } from '../../../../support/feed-stage.js';
import { binanceRules, depths, plainRules, plainVenue } from '../../../../support/fake-venue.js';
import { binance, START, story } from '../../../../support/mini-recording.js';

const BINANCE = VENUES.get('binance')!;
const BOOK = { book: 'AAA', n: 1, b: [['10', '1']], a: [['11', '2']] };
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const { depth, trade, rest } = binance;
const change = (n: number): object => ({ change: 'AAA', n, b: [['10', String((n % 7) + 1)]], a: [] });

describe('a live feed that nobody reads', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
    stage.network.answers.push(plainRules('AAA', 'BBB'));
  });
  afterEach(() => stage.close());

  it('keeps so much and no more, interrupts its books, and asks for them when there is room again', async () => {
    await stage.openUnread(plainVenue(), ['AAA', 'BBB']);
    const reading = stage.feed.watch(stage.stop)[Symbol.asyncIterator]();
    const first = reading.next();
    await stage.settle();
    stage.socket.say(BOOK, { ...BOOK, book: 'BBB' });
    expect((await first).value).to.have.length(2); // what came at once is read, and nothing since
    const { sent } = stage.socket;
    for (let n = 2; n < 30_000; n++) stage.socket.say(change(n));
    stage.socket.say('gibberish'); // nothing is read, and nothing is wrong
    await stage.settle();
    expect(sent).to.have.length(2);

    const kept: MarketEvent[] = [];
    const read = async (): Promise<void> => {
      kept.push(...((await reading.next()).value as readonly MarketEvent[]));
      await stage.settle();
    };
    await read();
    await read();
    expect(sent).to.have.length(2);
    await read();
    expect(sent.slice(2)).to.deep.equal([
      '{"leave":"AAA","id":2}',
      '{"ask":"AAA","id":2}',
      '{"leave":"BBB","id":3}',
      '{"ask":"BBB","id":3}',
    ]);
    stage.socket.say(change(30_000), { ...BOOK, n: 30_001 }, change(30_002));
    while (kept.length < 20_006) await read();
    expect(kept).to.have.length(20_006);
    expect(kept.slice(0, 20_000).filter(({ type }) => type === 'BookDelta')).to.have.length(20_000);
    expect(story(kept.slice(-6))).to.deep.equal([
      '0 FeedInterrupted log_behind',
      '0 FeedInterrupted log_behind',
      '0 BookDelta 30000 dropped',
      '0 BookSnapshot 30001 b 10x1 a 11x2',
      '0 FeedResumed trusted',
      '0 BookDelta 30002 b 10x1',
    ]);
    expect(kept.at(-2)!.data).to.include({ detail: 'nobody read what came; 9999 frames of its venue were left out' });
  });
});

describe('the events of a live feed', () => {
  let stage: FeedStage;
  beforeEach(() => {
    stage = new FeedStage();
  });
  afterEach(() => stage.close());

  it('stand in the order in which their frames came, of whatever connection, and no time runs backwards', async () => {
    stage.network.answers.push(plainRules('AAA', 'BBB', 'CCC'));
    await stage.open(plainVenue(), ['AAA', 'BBB', 'CCC']);
    const [one, two] = stage.network.sockets;
    one!.say(BOOK);
    await stage.pass(5);
    two!.say({ ...BOOK, book: 'CCC' });
    one!.listener.message(JSON.stringify(change(2)), START + 4_000); // stamped before, told after
    two!.say({ trade: 'CCC', p: '10', q: '1' });
    expect(await stage.heard()).to.deep.equal([
      '0 BookSnapshot 1 b 10x1 a 11x2',
      '5 BookSnapshot 1 b 10x1 a 11x2',
      '5 BookDelta 2 b 10x3',
      '5 Traded buy 1@10',
    ]);
  });

  it('tell how far our clock is from the venue’s, by the messages that came just so', async () => {
    stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK, { E: 1_700_000_000_000 })]));
    await stage.open(BINANCE, ['AAABTC']);
    expect(stage.status('AAABTC@binance')).to.deep.equal({
      connected: true,
      lastFrameAt: 0,
      interruptions: 0,
      reconnects: 0,
    });
    const at = (ms: number): object => ({ E: START / 1_000 + ms });
    stage.socket.say(depth(8, 9, [], [], at(-90_000)), depth(10, 10, [], [], at(-90_000)));
    await stage.pass(100);
    stage.socket.say(depth(11, 11, [], [], at(90)), depth(12, 12, [], [], at(60)), trade(1, '1', '1', true, at(103)));
    await stage.settle();
    expect(stage.status('AAABTC@binance')).to.deep.include({
      lastFrameAt: START + 100_000,
      skewMs: { min: -3, median: 10, max: 40 },
    });
  });

  it('are told beside the raw frames, with what no frame shows', async () => {
    const kept: string[] = [];
    const tap: FrameTap = {
      frame: ({ kind, url, text }, number) => kept.push(`${number} ${kind} ${url ?? ''} ${text.slice(0, 20)}`),
      interrupted: (at, number, reason) => kept.push(`${number} ${(at - START) / 1_000} ${reason}`),
    };
    stage.network.answers.push(binanceRules('AAABTC'), depths([200, rest(9, BID, ASK)]));
    await stage.open(BINANCE, ['AAABTC'], { tap });
    stage.socket.say({ result: null, id: 1 }, depth(8, 9));
    await stage.pass(10);
    stage.socket.drop();
    expect(kept).to.deep.equal([
      '0 reply https://api.binance.com/api/v3/exchangeInfo?symbols=%5B%22AAABTC%22%5D {"symbols":[{"symbol',
      '1 message wss://stream.binance.com:9443/stream {"result":null,"id":',
      '1 message wss://stream.binance.com:9443/stream {"stream":"aaabtc@de',
      '1 reply https://api.binance.com/api/v3/depth?symbol=AAABTC&limit=1000 {"lastUpdateId":9,"b',
      '1 10 disconnected',
    ]);
  });
});
