import { expect } from 'chai';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { MICROS } from '../../core/time.js';
import { verifyLog } from '../../replay/verify.js';
import { LiveStage } from '../support/live-stage.js';
import { snapshot, T0 } from '../support/market.js';

const at = (minutes: number): number => T0 + minutes * MICROS.m;

describe('a server that runs for hours', () => {
  it('drops market data that are older than it keeps, and what is left is verified from a checkpoint on', async () => {
    const stage = await new LiveStage({ latency: 0 }, 30 * MICROS.m).start();
    stage.feed.say(snapshot(at(0) + 1, [['100', '50']], [['101', '50']]));
    await stage.settled();
    await stage.submit('o1', { quantity: '12', duration: '2h', slices: 12 });
    await stage.pass(at(65));
    stage.feed.say(snapshot(at(65), [['100', '50']], [['101', '50']]));
    await stage.pass(at(130));
    await stage.run.stop();

    const streams: string[] = [];
    for await (const { stream } of stage.log.streams(DEFAULT_LOG_NAME))
      streams.push(stream.slice(DEFAULT_LOG_NAME.length));
    expect(streams).to.include.members([
      'market-BTC-USD@test-2024010101',
      'clock-2024010102',
      'order-o1',
      'execution-o1',
    ]);
    expect(streams).not.to.include('market-BTC-USD@test-2024010100');
    // ticks behind the oldest checkpoint stay as long as the day's checkpoints do
    expect(streams).to.include('clock-2024010100');

    const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
    expect(verified.same).to.equal(true);
    expect(verified.notes.join()).to.match(/are gone: verified from the checkpoint at input \d+ on/);

    const again = await stage.start(at(131));
    expect(await again.run.order('o1')).to.deep.include({ state: 'completed', filled: '12' });
    await again.run.stop();
  });
});
