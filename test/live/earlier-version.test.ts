import { expect } from 'chai';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { sampleInstrument } from '../../adapters/venues/sample/instruments.js';
import { logFolder as inData } from '../../api/cli/data.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { verifyLog } from '../../replay/verify.js';
import { cli } from '../support/cli.js';
import { earlierLog } from '../support/earlier-log.js';
import { LiveStage } from '../support/live-stage.js';
import { logFolder } from '../support/log-folder.js';

const NAMES = ['BTC-USD@sample', 'BTC-PERP@sample'];
/** 2024-01-01T04:00:00Z, when the old log begins; it breaks off at 317.1 s. */
const BEGIN = 1_704_081_600_000_000;
const s = (seconds: number): number => BEGIN + seconds * 1_000_000;

/** A live run of this version on what 0.1.0 left behind. */
async function onTheOldLog(): Promise<LiveStage> {
  const stage = new LiveStage(
    { latency: 400_000 },
    undefined,
    NAMES.map((name) => sampleInstrument(name).definition),
  );
  stage.log = await earlierLog('0.1.0');
  return await stage.start(s(319));
}

/** Lets time pass with a market in it, which begins with snapshots. */
async function trade(stage: LiveStage, from: number, to: number): Promise<void> {
  const duration = (to - from) * 1_000_000;
  const market = { seed: from, from: s(from), duration, instruments: NAMES, messagesPerSecond: 2 };
  const events = [...generateSample(market)].filter(({ type }) => type !== 'InstrumentDefined');
  for (let second = from + 1; second <= to; second++) {
    await stage.pass(s(second));
    stage.feed.say(...events.splice(0, events.filter(({ at }) => at <= s(second)).length));
    await stage.settled();
  }
}

async function states(stage: LiveStage): Promise<Record<string, unknown>> {
  const { orders } = await stage.run.orders({ limit: 100 });
  return Object.fromEntries(
    orders.map(({ orderId, state, filled }) => [orderId as string, `${state as string} ${filled as string}`]),
  );
}

describe('a data folder of 0.1.0', () => {
  it('starts under this version with every order that was acknowledged', async () => {
    const stage = await onTheOldLog();
    expect(await states(stage)).to.deep.equal({
      early: 'running 0.0141',
      running: 'running 0.0251',
      inverse: 'running 42',
      fixed: 'paused 0.0065',
      flexible: 'paused 0.0067',
      stopped: 'stopped 0.0027',
      manual: 'new 0',
      later: 'new 0',
      moved: 'new 0',
      cancelled: 'cancelled 0.0031',
      filled: 'completed 0.001',
      limited: 'running 0',
      narrow: 'running 5',
      dear: 'running 0',
      large: 'completed 20',
      small: 'running 0.0009', // its take was on its way, and arrived before the engine counts as dead,
      refused: 'refused 0',
      window: 'completed 0',
      broken: 'running 0.0043',
      last: 'running 0.0025', // its command was the last thing on the disk, and nothing that followed from it
    });
    await stage.run.stop();
  });

  it('goes on trading, and a fresh run of the whole log concludes the same', async () => {
    const stage = await onTheOldLog();
    await trade(stage, 319, 330);
    await stage.crash(); // there is no newer checkpoint than the old one yet
    await stage.start(s(331));
    await trade(stage, 331, 340);
    const order = { account: 'default' };
    const command = async (type: string, orderId: string, more: object = {}): Promise<void> => {
      const answer = stage.run.command({ type, version: 1, data: { orderId, ...order, ...more } } as never);
      await stage.settled();
      expect(await answer, `${type} ${orderId}`).not.to.have.property('refusal');
    };
    await command('ResumeOrder', 'fixed');
    await command('ResumeOrder', 'flexible');
    await command('StartOrder', 'stopped');
    await command('StartOrder', 'manual');
    await command('AmendOrder', 'running', { changes: { aggressionFloor: '20', quote: 'join', guaranteed: true } });
    await command('AmendOrder', 'early', { account: 'a2', changes: { maxParticipation: '0.5' } });
    await stage.submit('fresh', { instrument: NAMES[0], quantity: '0.01', duration: '10s', slices: 5 });
    await trade(stage, 340, 460);
    expect(await states(stage)).to.include({
      running: 'completed 0.07',
      inverse: 'completed 90',
      fixed: 'completed 0.03',
      stopped: 'completed 0.01',
      manual: 'completed 0.01',
      later: 'completed 0.01',
      last: 'completed 0.01',
      fresh: 'completed 0.01',
      broken: 'running 0.0043',
    });
    await stage.run.stop();
    const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
    expect(verified).to.deep.include({ same: true, difference: null });
    expect(verified.notes.join()).to.include(`made by 0.1.0, run by ${ENGINE_VERSION}`);
    const halts: string[] = [];
    for await (const page of stage.log.readAll())
      for (const { stream, event } of page) if (event.type === 'DeskHalted') halts.push(stream);
    expect(halts).to.deep.equal(['reprise.desk-broken']);
  });

  it('is shown as it was then, in what 0.1.0 had concluded', async () => {
    const stage = await onTheOldLog();
    await trade(stage, 319, 325);
    const { past } = stage.run;
    for (const at of [s(293.5), s(299), s(305.5), s(317), s(318.5), s(322)]) {
      const traders = new Set<string>();
      for (const { orderId, account } of (await stage.run.orders({ limit: 100 })).orders) {
        const history = (await stage.run.history(orderId as string)) ?? [];
        const fills = history.filter(({ event }) => event.type === 'ChildFilled' && event.at <= at);
        const then = await past.order(orderId as string, { at });
        expect(then?.['fills'] ?? 0, `fills of ${orderId as string} as of ${at}`).to.equal(fills.length);
        if (fills.length > 0) traders.add(account as string);
      }
      expect(traders, `as of ${at}`).to.not.be.empty;
      for (const account of traders) expect(await past.account(account, { at })).to.include({ account });
      expect((await past.book(NAMES[0]!, 5, { at }))?.at).to.be.within(at - 2_000_000, at);
    }
    await stage.run.stop();
  });

  it('measures the costs of orders that this version accepted, and of no other', async () => {
    const stage = await onTheOldLog();
    await trade(stage, 319, 325);
    expect((await stage.run.order('running'))?.['costs']).to.equal(null);
    expect((await stage.run.order('filled'))?.['costs']).to.equal(null);
    expect((await stage.run.order('last'))?.['costs']).to.include({ arrivalPrice: '60000.5' });
    await stage.run.stop();
  });

  it('is no failure for verify, unless it is to be strict', async () => {
    const folder = logFolder();
    try {
      const log = await openEmbeddedLog(inData(folder.path));
      await earlierLog('0.1.0', log);
      await log.close();
      const verified = await cli('verify', folder.path);
      expect(verified, verified.stderr).to.include({ code: 0 });
      expect(verified.stderr).to.include(`made by 0.1.0, run by ${ENGINE_VERSION}; folded as stored`);
      const strict = await cli('verify', folder.path, '--strict');
      expect(strict.code).to.equal(1);
      expect(strict.stderr).to.include('made by 0.1.0');
    } finally {
      folder.remove();
    }
  });
});
