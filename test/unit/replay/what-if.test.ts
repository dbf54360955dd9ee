import { expect } from 'chai';
import type { TwapParameters } from '../../../core/orders/parameters.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import type { EventLog } from '../../../core/ports.js';
import { engineAsOf } from '../../../replay/as-of.js';
import { nearestCheckpoint } from '../../../replay/nearest-checkpoint.js';
import { NoSuchOrder, whatIfInLog, type WhatIf, type WhatIfAsked } from '../../../replay/what-if.js';
import { altered } from '../../support/kept-log.js';
import { refusalOf } from '../../support/log-events.js';
import { LiveStage } from '../../support/live-stage.js';
import { snapshot, T0, traded } from '../../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;

/** Seven minutes, so that a checkpoint stands before the order `late`; the price rises all the time. */
async function lived(): Promise<LiveStage> {
  const stage = await new LiveStage({ latency: 0 }).start();
  const book = (second: number): ReturnType<typeof snapshot> => {
    const mid = 100 + Math.floor(second / 10);
    return snapshot(s(second), [[String(mid), '50']], [[String(mid + 1), '50']]);
  };
  const pass = async (from: number, to: number): Promise<void> => {
    for (let second = from; second < to; second += 10) {
      stage.feed.say(book(second), traded(s(second), { side: 'sell', price: '90', quantity: '2' }));
      await stage.pass(s(second + 10));
    }
  };
  await stage.settled();
  await pass(10, 20);
  await stage.submit('early', { quantity: '4', duration: '1m', slices: 4 });
  await pass(20, 340);
  await stage.submit('late', { quantity: '6', duration: '1m', slices: 6 });
  await stage.submit('beside', { quantity: '1', duration: '30s', slices: 2, side: 'sell' });
  await pass(340, 360);
  const amend = { orderId: 'late', account: 'default', changes: { maxSpreadTicks: 9 } };
  const answer = stage.run.command({ type: 'AmendOrder', version: 1, data: amend });
  await Promise.all([answer, stage.settled()]);
  await pass(360, 760);
  await stage.run.stop();
  return stage;
}

describe('an order of the past, run again', () => {
  let stage: LiveStage;
  let log: EventLog;
  before(async () => {
    stage = await lived();
    log = stage.log;
  });
  const again = (orderId: string, changes: WhatIfAsked['changes'], more: Partial<WhatIfAsked> = {}): Promise<WhatIf> =>
    whatIfInLog(log, DEFAULT_LOG_NAME, { orderId, changes, ...more });

  for (const orderId of ['early', 'late'])
    it(`is ${orderId} itself where nothing is changed, to the last cost`, async () => {
      const told = await again(orderId, {});
      expect(told.reproduced).to.equal(true);
      expect(told.parameters).to.deep.equal([]);
      expect(told.amended).to.deep.equal(told.original);
      const served = (await stage.run.order(orderId))!;
      expect(told.original).to.deep.include({ state: 'completed', costs: served['costs'] });
    });

  it('begins behind a checkpoint, where one stands before it', async () => {
    const { seq } = await again('late', {});
    expect((await nearestCheckpoint(log, DEFAULT_LOG_NAME, { seq: seq - 1 }))?.seq).to.be.above(100);
    expect((await engineAsOf(log, DEFAULT_LOG_NAME, { seq: seq - 1 }, seq - 1)).seq).to.equal(seq - 1);
  });

  it('costs something else with a larger floor, and nothing else about it differs', async () => {
    const told = await again('late', { aggressionFloor: '50' });
    expect(told.parameters).to.deep.equal([{ key: 'aggressionFloor', original: null, amended: '50' }]);
    expect(told.reproduced).to.equal(true);
    const costs = [told.original, told.amended].map((order) => order!['costs'] as Record<string, unknown>);
    expect(costs[0]!['slippageBps']).not.to.equal(costs[1]!['slippageBps']);
    expect(costs[0]!['arrivalPrice']).to.equal(costs[1]!['arrivalPrice']);
    expect((told.amended!['parameters'] as unknown as TwapParameters).aggressionFloor).to.equal('50');
  });

  it('pays by other settings from its submission on, and says which', async () => {
    const told = await again(
      'late',
      {},
      {
        settings: (recorded) => ({ ...recorded, venue: { ...recorded.venue, fees: { maker: '0', taker: '0.002' } } }),
      },
    );
    expect(told.settings.map(({ key }) => key)).to.deep.equal(['fees']);
    expect(Number(told.amended!['fees'])).to.equal(2 * Number(told.original!['fees']));
  });

  it('meets the commands that came to it, and names them and the orders beside it', async () => {
    const { notes } = await again('late', { maxSpreadTicks: 1 });
    expect(notes.join('\n')).to.match(/AmendOrder of input \d+ .*from then on its maxSpreadTicks holds/);
    expect(notes.join('\n')).to.match(/1 other order of account default shared its balances/);
    expect((await again('late', { maxSpreadTicks: 1 })).amended).to.deep.include({ state: 'completed' });
  });

  it('is told where its stored outcomes do not follow from the inputs', async () => {
    const other = altered(log, (one) =>
      one.event.type === 'ChildFilled' && one.stream.endsWith('late')
        ? { ...one, event: { ...one.event, data: { ...(one.event.data as object), price: '1' } } }
        : one,
    );
    const told = await whatIfInLog(other, DEFAULT_LOG_NAME, { orderId: 'late', changes: {} });
    expect(told.reproduced).to.equal(false);
    expect(told.notes[0]).to.match(/does not give what is stored: outcome \d+ of the order is ChildFilled/);
    expect(told.original!['averagePrice']).to.equal('1');
  });

  it('shows what a rule says against it', async () => {
    const { amended } = await again('late', { aggressionFloor: '10', aggressionCap: '20' });
    expect(amended).to.deep.include({ state: 'refused' });
    expect(amended!['refusal']).to.have.property('mend');
  });

  it('must be there', async () => {
    expect(await refusalOf(again('nobody', {}))).to.be.instanceOf(NoSuchOrder);
  });
});
