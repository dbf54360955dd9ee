import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { importRecordings } from '../../../../../adapters/recordings/import.js';
import { rawFilesOf } from '../../../../../adapters/recordings/raw/of-session.js';
import { RawLines } from '../../../../../adapters/recordings/recorder/raw-lines.js';
import { openSession } from '../../../../../adapters/recordings/session/session.js';
import { Draws } from '../../../../../core/draws.js';
import { SPOT } from '../../../../support/market.js';
import { binance, eventsOf, START, story } from '../../../../support/mini-recording.js';
import { HeldDisk, SmallDisk } from '../../../../support/odd-disks.js';
import { RecordingStage } from '../../../../support/recording-stage.js';
import { seedOf } from '../../../../support/seed.js';
import { TappedVenue } from '../../../../support/tapped-venue.js';

const { depth, rest } = binance;
const MIB = 1_048_576;
const ms = (after: number): number => START + after * 1_000;
const AAA = { ...SPOT, instrument: 'AAABTC@binance' };

describe('a recorder on a disk', () => {
  const stage = new RecordingStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.close());

  /** So many messages each 50 ms, of some width, until the recorder is over. */
  async function sayMuch(feed: TappedVenue, draws: Draws, rounds: number): Promise<void> {
    feed.opens(stage.clock.now());
    feed.replies(stage.clock.now(), '/api/v3/depth?symbol=AAABTC', rest(1, [['1', '1']], [['200', '1']]));
    let id = 1;
    for (let round = 0; round < rounds && !stage.isOver; round++) {
      for (let n = 0; n < 50; n++) {
        const levels = Array.from(
          { length: 20 },
          () => [String(1 + draws.below(100)), String(draws.below(1e9))] as const,
        );
        id++;
        feed.says(stage.clock.now(), depth(id, id, levels));
      }
      await stage.pass(ms(50 + round * 50));
    }
  }

  it('that is full keeps a whole session of what came before, and says of each instrument why it ends', () =>
    seedOf('a full disk', async (seed) => {
      const draws = new Draws(seed, 'full disk');
      const small = new SmallDisk(18 * MIB + draws.below(MIB));
      const feed = new TappedVenue([AAA]);
      await stage.start([feed], { disk: small.disk });
      await sayMuch(feed, draws, 1_000);
      const { sessions, end } = await stage.ended();
      expect(end).to.equal('disk_full');
      expect(small.used).to.be.at.most(small.capacity);
      expect(await readdir(stage.path())).to.deep.equal(['s']);
      const session = await openSession(stage.path('s'));
      expect(session.meta.contentHash).to.equal(sessions[0]!.session.contentHash);
      const told = story(await eventsOf(stage.path('s')));
      expect(told.at(-1)).to.match(/FeedInterrupted disk_full$/);
      expect(told.length).to.be.greaterThan(100);
      // from its frames it is the same, up to its end
      const { files } = await rawFilesOf([stage.path('s')]);
      await importRecordings(files, { out: stage.path('again'), engineVersion: 'test' });
      expect(story(await eventsOf(stage.path('again')))).to.deep.equal(told);
    }));

  it('that is full from the start records nothing, and says so', async () => {
    const small = new SmallDisk(100);
    await stage.start([new TappedVenue([AAA])], { disk: small.disk });
    const outcome = await stage.ended().then(
      ({ end }) => end,
      (error: unknown) => String(error),
    );
    expect(outcome).to.match(/disk_full|ENOSPC.*make room/);
  });

  it('that is slow makes the feed wait, and leaves out of the frames what cannot wait', async () => {
    const held = new HeldDisk();
    const feed = new TappedVenue([AAA]);
    await stage.start([feed], { disk: held.disk });
    feed.opens(ms(1));
    feed.replies(ms(2), '/api/v3/depth?symbol=AAABTC', rest(1, [['1', '1']], []));
    await stage.pass(ms(1_200));
    let release!: () => void;
    held.held = new Promise((resolve) => (release = resolve));
    const asked = feed.snapshotsAsked;
    await stage.advanceUnsettled(ms(2_500));
    const wide = 'x'.repeat(100_000);
    for (let n = 2; n <= 600; n++) feed.says(ms(2_600), depth(n, n, [['1', String(n)]], [], { wide }));
    release();
    held.held = undefined;
    await stage.pass(ms(5_000));
    await stage.stop();
    expect(feed.snapshotsAsked, 'what is missing is asked for').to.be.greaterThan(asked);
    const live = story(await eventsOf(stage.path('s')));
    expect(live).to.have.length(2 + 599); // the market data could wait
    const { files } = await rawFilesOf([stage.path('s')]);
    await importRecordings(files, { out: stage.path('again'), engineVersion: 'test' });
    const fromRaw = story(await eventsOf(stage.path('again')));
    expect(fromRaw.at(-1)).to.equal('2600 FeedInterrupted recorder_behind');
    expect(fromRaw.length).to.be.within(300, 400);
  });

  it('has a bound on the frames that wait for it, and says how many it left out, where they are missing', () => {
    const lines = new RawLines(120);
    const say = (at: number): void => lines.message({ at, nanos: 7 }, 1, `{"n":${at}}`);
    for (let n = 1; n <= 10; n++) say(START + n);
    expect(lines.isBehind).to.equal(true);
    const first = lines.take();
    expect(first.map((line) => line.slice(16))).to.deep.equal([1, 2, 3].map((n) => `007 1 message {"n":${START + n}}`));
    say(START + 11);
    expect(lines.take()).to.deep.equal([
      `${START + 4}007 0 leftout {"frames":7}`,
      `${START + 11}007 1 message {"n":${START + 11}}`,
    ]);
    expect(lines.isBehind).to.equal(false);
  });
});
