import { expect } from 'chai';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { CannotServe } from '../../api/live/live-run.js';
import type { MarketEvent } from '../../core/market/events.js';
import type { LogEvent } from '../../core/ports.js';
import { verifyLog } from '../../replay/verify.js';
import { LiveStage } from '../support/live-stage.js';
import { refusalOf } from '../support/log-events.js';
import { BTC, defined, delta, snapshot, SPOT, T0 } from '../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;
const book = (at: number, instrument = BTC): MarketEvent => snapshot(at, [['100', '50']], [['101', '50']], instrument);
/** Enough to fill the line, and more. */
const flood = (at: number, count: number, instrument = BTC): MarketEvent[] =>
  Array.from({ length: count }, (_, i) => delta(at, [['99', String(1 + (i % 7))]], [], instrument));

/** The market data of a log that are no deltas, in their order. */
async function marks({ log }: LiveStage): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of log.readAll({ prefixes: [`${DEFAULT_LOG_NAME}market-`] }))
    for (const { event } of page) if (event.seq !== undefined && event.type !== 'BookDelta') events.push(event);
  return events.sort((a, b) => a.seq! - b.seq!);
}

const told = (events: readonly LogEvent[]): string[] =>
  events.map(({ type, data }) => {
    const { reason, leftOut } = data as { reason?: string; leftOut?: number };
    return [type, reason, leftOut].filter((word) => word !== undefined).join(' ');
  });

async function same({ log }: LiveStage): Promise<void> {
  expect((await verifyLog(log, DEFAULT_LOG_NAME)).same).to.equal(true);
}

describe('a log that is slower than the market', () => {
  it('has a feed interrupted once the line is full for a second, and goes on from a fresh snapshot when there is room', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 21_500));
    await stage.pass(s(1) + 900_000);
    expect(stage.run.health().feeds[0]).to.include({ trust: 'trusted', leftOut: 0 });
    await stage.pass(s(3));
    stage.feed.say(...flood(s(3), 300));
    await stage.settled();
    const { leftOut } = stage.run.health().feeds[0]!;
    expect(leftOut).to.be.within(800, 1_800); // up to a thousand were under way already

    flow();
    await stage.pass(s(4));
    expect(stage.feed.snapshotsAsked).to.equal(2); // at the start, and now that there is room
    expect(stage.run.book(BTC, 1)).to.include({ trust: 'untrusted', reason: 'log_behind' });
    stage.feed.say(...flood(s(4), 10), book(s(4)), ...flood(s(4), 1));
    await stage.settled();
    expect(stage.run.book(BTC, 1)).to.include({ trust: 'trusted', reason: '' });
    expect(stage.run.health().feeds[0]?.leftOut).to.equal(leftOut + 10);
    await stage.run.stop();

    expect(told(await marks(stage))).to.deep.equal([
      'InstrumentDefined',
      'BookSnapshot',
      'FeedInterrupted log_behind',
      'BookSnapshot',
      `FeedResumed ${leftOut + 10}`,
    ]);
    await same(stage);
  });

  it('keeps everything when it catches up within the second', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 25_000));
    await stage.pass(s(1) + 900_000);
    flow();
    await stage.pass(s(3));
    expect(stage.run.health().feeds[0]).to.include({ trust: 'trusted', leftOut: 0 });
    expect(stage.appends.reduce((sum, inputs) => sum + inputs)).to.be.above(25_000);
    await stage.run.stop();
    await same(stage);
  });

  it('holds no more than the line takes, however long it lasts', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 21_500));
    await stage.pass(s(3));
    for (let at = 3; at < 8; at++) {
      stage.feed.say(...flood(s(at), 20_000));
      await stage.pass(s(at + 1));
    }
    const before = stage.appends.reduce((sum, inputs) => sum + inputs);
    flow();
    await stage.pass(s(9));
    // what waited, and the turn that was under way
    expect(stage.appends.reduce((sum, inputs) => sum + inputs) - before).to.be.within(20_000, 21_020);
    expect(stage.run.health().feeds[0]?.leftOut).to.be.within(100_500, 101_500);
    await stage.run.stop();
    await same(stage);
  });

  it('interrupts every instrument of the feed, keeps the newest rules, and says what was left out when the feed ends', async () => {
    const other = { ...SPOT, instrument: 'ETH-USD@test' };
    const stage = await new LiveStage({}, undefined, [SPOT, other]).start();
    stage.feed.say(book(s(1)), book(s(1), other.instrument));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 21_500));
    await stage.pass(s(3));
    const finer = { ...other, tickSize: '0.001' };
    stage.feed.say(
      ...flood(s(3), 5, other.instrument),
      defined({ ...other, tickSize: '0.01' }, s(3)),
      defined(finer, s(3)),
    );
    await stage.settled();
    flow();
    await stage.pass(s(4));
    stage.feed.say(book(s(4)));
    await stage.pass(s(5));
    stage.feed.end();
    await stage.pass(s(6));
    await stage.run.stop();
    const all = await marks(stage);
    const of = (instrument: string): LogEvent[] =>
      all.filter(({ data }) => (data as { instrument: string }).instrument === instrument);
    expect(told(of(other.instrument))).to.deep.equal([
      'InstrumentDefined',
      'BookSnapshot',
      'FeedInterrupted log_behind',
      'InstrumentDefined',
      'FeedInterrupted feed_ended 6',
    ]);
    expect(of(other.instrument)[3]?.data).to.deep.equal(finer);
    expect(told(of(BTC)).slice(2)).to.deep.equal([
      'FeedInterrupted log_behind',
      'BookSnapshot',
      `FeedResumed ${stage.run.health().feeds[0]?.leftOut}`,
      'FeedInterrupted feed_ended',
    ]);
    await same(stage);
  });

  it('says at the stop how many messages it still left out', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 21_500));
    await stage.pass(s(3));
    stage.feed.say(...flood(s(3), 4));
    await stage.settled();
    flow();
    await stage.run.stop();
    const left = Number(/\d+$/.exec(told(await marks(stage)).at(-1)!)?.[0]);
    expect(told(await marks(stage)).slice(-2)).to.deep.equal([
      'FeedInterrupted log_behind',
      `FeedInterrupted log_behind ${left}`,
    ]);
    expect(left).to.equal(stage.run.health().feeds[0]?.leftOut);
    expect(left).to.be.above(3);
    await same(stage);
  });

  it('tells an order why its slice was skipped', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    await stage.submit('o1', { quantity: '4', duration: '8s', slices: 4 });
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 21_500));
    await stage.pass(s(3));
    flow();
    await stage.pass(s(4));
    expect(await stage.story('o1')).to.include('SliceSkipped book_untrusted');
    await stage.run.stop();
    await same(stage);
  });

  describe('and commands', () => {
    const submit = (stage: LiveStage, orderId: string): Promise<unknown> =>
      stage.run.command({
        type: 'SubmitTwap',
        version: 1,
        data: { orderId, instrument: BTC, account: 'default', side: 'buy', quantity: '1', duration: '1m' } as never,
      });

    it('are refused once it has taken nothing for 5 s; those that wait are answered when it goes on', async () => {
      const stage = await new LiveStage().start();
      stage.feed.say(book(s(1)));
      await stage.pass(s(1));
      const flow = stage.stall();
      const first = submit(stage, 'o1');
      await stage.pass(s(5));
      const second = submit(stage, 'o2');
      await stage.pass(s(8));
      const refusal = (await refusalOf(submit(stage, 'o3'))) as CannotServe;
      expect([refusal.name, refusal.code]).to.deep.equal(['CannotServe', 'overloaded']);
      expect(refusal.message).to.match(/has taken nothing for \d+ s, and this command was not taken either/);
      flow();
      await stage.settled();
      expect(await first).to.have.property('seq');
      expect(await second).to.have.property('seq');
      await submit(stage, 'o3');
      await stage.run.stop();
      await same(stage);
    });

    it('whose append failed may be in the log, and are told so', async () => {
      const stage = await new LiveStage().start();
      const flow = stage.stall();
      const answer = submit(stage, 'o1');
      await stage.settled();
      const crashed = stage.crash();
      flow();
      const refusal = (await refusalOf(answer)) as CannotServe;
      await crashed;
      expect([refusal.name, refusal.code]).to.deep.equal(['CannotServe', 'log_failed']);
      expect(refusal.message).to.match(/may or may not have taken.*GET the order.*same orderId/);
    });
  });
});

describe('an append', () => {
  it('takes no more than a thousand inputs, and no more than half a mebibyte of text', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(1));
    const flow = stage.stall();
    stage.feed.say(...flood(s(1), 2_500));
    await stage.settled();
    stage.appends.length = 0;
    flow();
    await stage.settled();
    expect(Math.max(...stage.appends)).to.be.within(1_000, 1_001); // a tick may ride along
    const levels = Array.from({ length: 5_000 }, (_, i) => [String(100 + i), '1.0000000000'] as const);
    const flowAgain = stage.stall();
    stage.feed.say(...Array.from({ length: 10 }, () => delta(s(1), [], levels)));
    await stage.settled();
    stage.appends.length = 0;
    flowAgain();
    await stage.settled();
    expect(stage.appends.slice(1).every((inputs) => inputs <= 5)).to.equal(true);
    expect(stage.appends.reduce((sum, inputs) => sum + inputs)).to.equal(10);
    await stage.run.stop();
    await same(stage);
  });

  it('lets market data gather for as long as it is told to, and nothing that somebody waits for', async () => {
    const stage = new LiveStage({ latency: 0 });
    stage.linger = 3_000;
    await stage.start();
    stage.feed.say(book(T0));
    await stage.settled();
    const before = stage.appends.length;
    stage.feed.say(...flood(T0, 3));
    await stage.settled();
    expect(stage.appends.length).to.equal(before); // it gathers
    await stage.pass(T0 + 3_000);
    expect(stage.appends.slice(before)).to.deep.equal([4]);
    stage.feed.say(...flood(T0 + 3_000, 2));
    await stage.settled();
    await stage.submit('o1', { quantity: '1', duration: '1m' }); // answered with the clock standing
    expect(stage.appends.slice(before)).to.deep.equal([4, 4]); // the account, the order, and what had gathered
    await stage.run.stop();
    await same(stage);
  });
});
