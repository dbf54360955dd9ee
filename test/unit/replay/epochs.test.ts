import { expect } from 'chai';
import { memoryLog } from '../../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import type { EventLog, LogEvent } from '../../../core/ports.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { verifyLog } from '../../../replay/verify.js';
import { LiveStage } from '../../support/live-stage.js';
import { snapshot, T0 } from '../../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;

/** The same log as an engine of another version would have left it: its fills are at another price. */
async function madeByAnother(log: EventLog): Promise<EventLog> {
  const other = memoryLog();
  for await (const page of log.readAll())
    for (const { stream, event } of page) await other.append([{ stream, expected: 'any', events: [retold(event)] }]);
  return other;
}

function retold(event: LogEvent): LogEvent {
  if (event.type === 'RunStarted') return { ...event, data: { ...(event.data as object), engineVersion: '0.0.1' } };
  if (event.type === 'ChildFilled') return { ...event, data: { ...(event.data as object), price: '100.5' } };
  return event;
}

describe('an epoch of another engine version', () => {
  async function older(): Promise<LiveStage> {
    const stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(snapshot(s(1), [['100', '50']], [['101', '50']]));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '4', duration: '40s', slices: 4 });
    await stage.pass(s(15)); // two of four slices
    await stage.run.stop();
    const next = new LiveStage({ latency: 0 });
    return Object.assign(next, { log: await madeByAnother(stage.log) });
  }

  it('is folded as it was stored, and the order goes on under the new version', async () => {
    const stage = await (await older()).start(s(16));
    const before = await stage.run.order('o1');
    expect(before).to.deep.include({ state: 'running', filled: '2', averagePrice: '100.5' });
    expect(stage.run.account('default')).to.have.nested.property('balances.BTC', '1000002');
    stage.feed.say(snapshot(s(17), [['100', '50']], [['101', '50']]));
    await stage.pass(s(45));
    expect(await stage.run.order('o1')).to.deep.include({ state: 'completed', filled: '4', averagePrice: '100.75' });
    await stage.run.stop();
    const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
    expect(verified).to.deep.include({ same: true, difference: null });
    expect(verified.notes.join()).to.include(`made by 0.0.1, run by ${ENGINE_VERSION}`);
  });
});
