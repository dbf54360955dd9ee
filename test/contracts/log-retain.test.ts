import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { dropPlanned, retentionPlan } from '../../api/live/upkeep.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import { verifyLog } from '../../replay/verify.js';
import { cli, json, succeed } from '../support/cli.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { LiveStage } from '../support/live-stage.js';
import { BTC, snapshot, T0 } from '../support/market.js';

const at = (hours: number): number => T0 + hours * MICROS.h;
const book = (when: number) => snapshot(when, [['100', '50']], [['101', '50']]);

/** A server that ran over midnight and, a day later, for ten minutes. */
async function days(): Promise<LiveStage> {
  const stage = await new LiveStage({ latency: 0 }).start(at(23.75));
  stage.feed.say(book(at(23.75) + 1));
  await stage.settled();
  await stage.submit('o1', { quantity: '4', duration: '20m', slices: 4 });
  await stage.pass(at(24) + 1);
  stage.feed.say(book(at(24) + 1));
  await stage.pass(at(24.25));
  await stage.crash();
  await stage.start(at(50));
  stage.feed.say(book(at(50) + 1));
  await stage.pass(at(50.2));
  await stage.run.stop();
  return stage;
}

async function streamsOf(log: EventLog): Promise<string[]> {
  const names: string[] = [];
  for await (const { stream } of log.streams(DEFAULT_LOG_NAME)) names.push(stream.slice(DEFAULT_LOG_NAME.length));
  return names.sort();
}

async function copy(from: EventLog, to: EventLog): Promise<void> {
  for await (const { stream } of from.streams()) {
    const events: LogEvent[] = [];
    for await (const page of from.readStream(stream)) for (const { event } of page) events.push(event);
    for (let i = 0; i < events.length; i += 500)
      await to.append([{ stream, expected: i === 0 ? 'no_stream' : i - 1, events: events.slice(i, i + 500) }]);
  }
}

const OLD = [
  'checkpoints-20240101',
  'checkpoints-20240102',
  'clock-2024010123',
  'clock-2024010200',
  `market-${BTC}-2024010123`,
  `market-${BTC}-2024010200`,
];
const KEPT = [
  'account-default',
  'checkpoints-20240103',
  'clock-2024010302',
  'execution-o1',
  `market-${BTC}-2024010302`,
  'order-o1',
  'runs',
  `trust-${BTC}`,
];

describe('old data of a log', () => {
  let stage: LiveStage;
  before(async () => (stage = await days()));

  it('are whole streams of market data, ticks and days of checkpoints, and what is left runs on', async () => {
    const run = await days();
    const { log } = run;
    const plan = await retentionPlan(log, DEFAULT_LOG_NAME, at(49));
    expect(plan.staying.map(({ because }) => because)).to.deep.equal(['recent', 'recent']);
    await dropPlanned(log, plan);
    expect(await streamsOf(log)).to.deep.equal(KEPT);
    const verified = await verifyLog(log, DEFAULT_LOG_NAME);
    expect(verified.same).to.equal(true);
    expect(verified.notes.join()).to.match(/are gone: verified from the checkpoint at input \d+ on/);
    await run.start(at(51));
    expect(await run.run.order('o1')).to.deep.include({ state: 'completed', filled: '4' });
    await run.run.stop();
  });

  it('never are what the newest checkpoint needs, however old that is', async () => {
    const log = memoryLog();
    await copy(stage.log, log);
    await log.drop([`${DEFAULT_LOG_NAME}checkpoints-20240103`]);
    const plan = await retentionPlan(log, DEFAULT_LOG_NAME, at(1_000));
    expect(plan.days.map(({ stream }) => stream)).to.deep.equal([`${DEFAULT_LOG_NAME}checkpoints-20240101`]);
    const needed = plan.staying.map(({ stream }) => stream.slice(DEFAULT_LOG_NAME.length));
    expect(needed).to.deep.equal([
      `market-${BTC}-2024010200`,
      `market-${BTC}-2024010302`,
      'clock-2024010200',
      'clock-2024010302',
    ]);
    expect(plan.droppable.map(({ stream }) => stream.slice(DEFAULT_LOG_NAME.length))).to.deep.equal([
      `market-${BTC}-2024010123`,
      'clock-2024010123',
    ]);
    await dropPlanned(log, plan);
    expect((await verifyLog(log, DEFAULT_LOG_NAME)).same).to.equal(true);
  });

  it('are none in a log without a checkpoint', async () => {
    const log = memoryLog();
    await copy(stage.log, log);
    await log.drop(['01', '02', '03'].map((day) => `${DEFAULT_LOG_NAME}checkpoints-202401${day}`));
    const plan = await retentionPlan(log, DEFAULT_LOG_NAME, at(1_000));
    expect([plan.days, plan.droppable, plan.oldestKept]).to.deep.equal([[], [], undefined]);
    expect(plan.staying).to.have.length(6);
  });

  describe('by `reprise log retain`', () => {
    let folder: string;
    let store: EventStore | undefined;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-retain-'))));
    afterEach(async () => {
      await store?.stop();
      store = undefined;
      rmSync(folder, { recursive: true });
    });

    const places = {
      'in a folder': async () => {
        const log = await openEmbeddedLog(join(folder, 'log'));
        await copy(stage.log, log);
        await log.close();
        return folder;
      },
      'in a store': async () => {
        store = await startEventStore();
        const log = await openEventStoreLog(store.connection);
        await copy(stage.log, log);
        await log.close();
        return store.connection;
      },
    };
    const listed = async (data: string): Promise<string[]> => {
      const streams = (await json('log', 'streams', '--data', data)) as unknown as { stream: string }[];
      return streams.map(({ stream }) => stream.slice(DEFAULT_LOG_NAME.length)).sort();
    };

    for (const [where, made] of Object.entries(places))
      it(`are shown, and dropped when asked to, ${where}`, async () => {
        const data = await made();
        const shown = await json('log', 'retain', '--older-than', '1h', '--data', data);
        expect(shown).to.deep.include({ dropped: false, olderThan: '1h', before: '2024-01-03T01:12:00Z' });
        const names = (shown['streams'] as { stream: string }[]).map(({ stream }) =>
          stream.slice(DEFAULT_LOG_NAME.length),
        );
        expect(names.sort()).to.deep.equal(OLD);
        expect(await listed(data)).to.deep.equal([...OLD, ...KEPT].sort());
        const { stdout } = await succeed('log', 'retain', '--older-than', '1h', '--data', data);
        expect(stdout).to.match(/6 streams with \d+ events.* may go; nothing was dropped: add --yes to drop them\n/);
        expect(stdout).to.match(/2 streams of market data and ticks stay: their hour ended less than 1h before/);

        const done = await succeed('log', 'retain', '--older-than', '1h', '--yes', '--data', data);
        expect(done.stdout).to.match(/dropped 6 streams with \d+ events/);
        expect(await listed(data)).to.deep.equal(KEPT);
        expect(await json('verify', data)).to.include({ same: true });
        const after = await json('log', 'retain', '--older-than', '1h', '--yes', '--data', data);
        expect(after).to.deep.include({ dropped: true, streams: [], events: 0 });
      });

    it('are shown and not dropped while a server has the folder', async () => {
      const data = await places['in a folder']();
      const log = await openEmbeddedLog(join(data, 'log'));
      try {
        await succeed('log', 'retain', '--older-than', '1h', '--data', data);
        const refused = await cli('log', 'retain', '--older-than', '1h', '--yes', '--data', data);
        expect([refused.code, refused.stdout]).to.deep.equal([3, '']);
        expect(refused.stderr).to.match(/in use.*a server drops old data of its log itself, see `serve --keep-market`/);
      } finally {
        await log.close();
      }
      expect(await listed(data)).to.deep.equal([...OLD, ...KEPT].sort());
    });

    for (const [args, sentence] of [
      [[], /--older-than/],
      [['--older-than', '30'], /--older-than: "30" is no duration/],
      [['--older-than', '0s'], /--older-than: "0s" is no duration/],
      [['--older-than', '1h', '--data', 'nowhere'], /nowhere holds no log/],
      [['--older-than', '1h', '--yes', '--data', 'nowhere'], /nowhere holds no log/],
    ] as const)
      it(`are not looked for with ${args.join(' ') || 'no span'}`, async () => {
        const refused = await cli('log', 'retain', ...args);
        expect([refused.code, refused.stdout]).to.deep.equal([2, '']);
        expect(refused.stderr).to.match(sentence);
      });
  });
});
