import { expect } from 'chai';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { verifyLog } from '../../replay/verify.js';
import { LiveStage } from '../support/live-stage.js';
import { snapshot, T0 } from '../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;
const book = (at: number): ReturnType<typeof snapshot> => snapshot(at, [['100', '50']], [['101', '50']]);

describe('a restart ten minutes later', () => {
  it('says engine_down for every slice of the hole, catches up by the stated rule, and goes on', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '15', duration: '15m', slices: 15 });
    await stage.pass(s(70));
    await stage.crash();

    await stage.start(s(670));
    expect(stage.feed.snapshotsAsked).to.equal(1);
    expect((await stage.run.order('o1'))?.['state']).to.equal('running');
    stage.feed.say(book(s(671)));
    await stage.pass(s(905));

    const story = await stage.story('o1');
    // due at 2, 62, [122 … 662 in the hole], 722, 782, 842
    expect(story.filter((line) => line === 'SliceSkipped engine_down')).to.have.length(10);
    expect(story.slice(-2)).to.deep.equal(['OrderCompleted filled', 'OrderMeasured']);
    const order = await stage.run.order('o1');
    expect(order).to.deep.include({ filled: '15', leaves: '0', slices: { released: 5, skipped: 10 } });
    // one lot of ten before, twice; each miss is spread over the slices behind it, odd lots when they come due
    const fills = ((await stage.run.history('o1')) ?? [])
      .filter(({ event }) => event.type === 'ChildFilled')
      .map(({ event }) => (event.data as { quantity: string }).quantity);
    expect(fills).to.deep.equal(['1', '1', '4.3', '4.1', '4.6']);
    await stage.run.stop();
    expect((await verifyLog(stage.log, DEFAULT_LOG_NAME)).same).to.equal(true);
  });

  it('ends an order whose window closed in the hole', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '1', duration: '1m', slices: 2 });
    await stage.crash();
    await stage.start(s(600));
    const order = await stage.run.order('o1');
    expect(order).to.deep.include({
      state: 'completed',
      reason: 'window_over',
      filled: '0.5',
      endedAt: '2024-01-01T00:01:02Z',
    });
    await stage.run.stop();
  });

  it('leaves quotes in the book, where the next snapshot finds them', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '3', duration: '1h', slices: 1, aggressionFloor: '100', quote: 'join' });
    await stage.pass(s(3));
    await stage.crash();

    await stage.start(s(670));
    stage.feed.say(
      snapshot(
        s(671),
        [['99', '50']],
        [
          ['99.5', '1.2'],
          ['101', '50'],
        ],
      ),
    );
    await stage.pass(s(672));
    const fills = ((await stage.run.history('o1')) ?? []).filter(({ event }) => event.type === 'ChildFilled');
    expect(fills.map(({ event }) => event.data)).to.have.length(1);
    expect(fills[0]!.event.data).to.deep.include({ quantity: '1.2', price: '100', rule: 'gap', liquidity: 'maker' });
    await stage.run.stop();
    expect((await verifyLog(stage.log, DEFAULT_LOG_NAME)).same).to.equal(true);
  });

  it('trusts no book before its next snapshot', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    expect(stage.run.book('BTC-USD@test', 1)?.trust).to.equal('trusted');
    await stage.crash();
    await stage.start(s(4));
    expect(stage.run.book('BTC-USD@test', 1)).to.include({ trust: 'untrusted', reason: 'engine_down' });
    stage.feed.say(book(s(4)));
    await stage.settled();
    expect(stage.run.book('BTC-USD@test', 1)?.trust).to.equal('trusted');
    await stage.run.stop();
  });

  it('trusts no book whose feed has nothing more to say', async () => {
    const stage = await new LiveStage().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    stage.feed.end();
    await stage.pass(s(3));
    expect(stage.run.book('BTC-USD@test', 1)).to.include({ trust: 'untrusted', reason: 'feed_ended' });
    await stage.run.stop();
  });
});
