import { expect } from 'chai';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { importRecordings } from '../../../../../adapters/recordings/import.js';
import { rawFilesOf } from '../../../../../adapters/recordings/raw/of-session.js';
import { KnownBook } from '../../../../../adapters/venues/session/known-book.js';
import { Draws } from '../../../../../core/draws.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { ScriptedFeed } from '../../../../support/live-stage.js';
import { delta, interrupted, resumed, SPOT, snapshot } from '../../../../support/market.js';
import { binance, eventsOf, START, story } from '../../../../support/mini-recording.js';
import { RecordingStage } from '../../../../support/recording-stage.js';
import { seedOf } from '../../../../support/seed.js';
import { TappedVenue } from '../../../../support/tapped-venue.js';

const { depth, rest } = binance;
const SECOND = 1_000_000;
const ms = (after: number): number => START + after * 1_000;
const AAA = { ...SPOT, instrument: 'AAABTC@binance' };

describe('a recording in parts', () => {
  const stage = new RecordingStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.close());

  it('begins a new session each time, with what the instruments are and their books', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { rotateAfter: SECOND });
    feed.say(snapshot(ms(10), [['100', '5']], [['101', '1']]), delta(ms(999), [['100', '4']], []));
    await stage.pass(ms(1_100));
    feed.say(delta(ms(1_200), [['99', '1']], [['101', '0']]));
    await stage.pass(ms(2_500));
    const { sessions } = await stage.stop();
    expect(sessions.map(({ out }) => out)).to.deep.equal(
      ['s-0001', 's-0002', 's-0003'].map((name) => stage.path(name)),
    );
    expect(sessions.map(({ session: { from, to } }) => [from.slice(17), to.slice(17)])).to.deep.equal([
      ['00Z', '01Z'],
      ['01Z', '02Z'],
      ['02Z', '02.5Z'],
    ]);
    expect(story(await eventsOf(stage.path('s-0002')))).to.deep.equal([
      '1000 InstrumentDefined BTC-USD@test',
      '1000 BookSnapshot - b 100x4 a 101x1',
      '1200 BookDelta - b 99x1 a 101x0',
    ]);
    expect(story(await eventsOf(stage.path('s-0003')))).to.deep.equal([
      '2000 InstrumentDefined BTC-USD@test',
      '2000 BookSnapshot - b 100x4 99x1',
    ]);
    expect(await readdir(stage.path())).to.have.members(['s-0001', 's-0002', 's-0003']);
    expect(feed.snapshotsAsked).to.equal(0);
  });

  it('puts a message that was received at the very border behind it', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { rotateAfter: SECOND });
    feed.say(
      snapshot(ms(1), [['1', '1']], []),
      delta(ms(1_000) - 1, [['1', '2']], []),
      delta(ms(1_000), [['1', '3']], []),
    );
    await stage.pass(ms(1_100));
    await stage.stop();
    expect(story(await eventsOf(stage.path('s-0001'))).at(-1)).to.equal('999.999 BookDelta - b 1x2');
    expect(story(await eventsOf(stage.path('s-0002'))).slice(1)).to.deep.equal([
      '1000 BookSnapshot - b 1x2',
      '1000 BookDelta - b 1x3',
    ]);
  });

  it('gives a book that is not trusted no trust, and lets its silence end', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { rotateAfter: SECOND });
    feed.say(snapshot(ms(1), [['1', '1']], []), interrupted(ms(500), 'silent'));
    await stage.pass(ms(1_500));
    feed.say(resumed(ms(1_600), 'trusted'), delta(ms(1_600), [['1', '2']], []));
    await stage.pass(ms(2_200));
    await stage.stop();
    expect(story(await eventsOf(stage.path('s-0002'))).slice(1)).to.deep.equal([
      '1000 FeedInterrupted silent',
      '1000 BookDelta - b 1x1',
      '1600 FeedResumed trusted',
      '1600 BookDelta - b 1x2',
    ]);
    expect(story(await eventsOf(stage.path('s-0003'))).slice(1)).to.deep.equal(['2000 BookSnapshot - b 1x2']);
  });

  it('goes on with a book that began without a snapshot as what it was', async () => {
    const feed = new ScriptedFeed([{ ...SPOT, startsEmpty: true }]);
    await stage.start([feed], { rotateAfter: SECOND });
    feed.say(delta(ms(1), [['1', '1']], []));
    await stage.pass(ms(1_200));
    await stage.stop();
    expect(story(await eventsOf(stage.path('s-0002'))).slice(1)).to.deep.equal(['1000 BookDelta - b 1x1']);
  });

  it('begins a new session when the one before has grown to a size', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { rotateBytes: 20_000 });
    feed.say(snapshot(ms(1), [['1', '1']], []));
    for (let n = 0; n < 600; n++) feed.say(delta(ms(2 + n * 5), [['1', String(1 + (n % 7))]], []));
    await stage.pass(ms(5_000));
    const { sessions } = await stage.stop();
    expect(sessions.length).to.be.greaterThan(1);
    const deltas = sessions.map(({ session }) => session.counts.messages);
    expect(deltas.reduce((sum, count) => sum + count, 0)).to.equal(600 + sessions.length); // each begins with a snapshot
  });

  it('goes on behind what is there, and tells what a recorder has left', async () => {
    await mkdir(stage.path('s-0007'));
    await mkdir(stage.path('.s-0011.recording'));
    await mkdir(stage.path('.s-0012.elsewhere'));
    await mkdir(stage.path('s-other-0040'));
    await stage.start([new ScriptedFeed()], { rotateAfter: SECOND });
    const { sessions } = await stage.stop();
    expect(sessions.map(({ out }) => out)).to.deep.equal([stage.path('s-0012')]);
    expect(stage.left).to.deep.equal([stage.path('.s-0011.recording')]);
  });

  it('has, from the frames of one part alone, what comes behind the snapshot that is asked for at its border', async () => {
    const feed = new TappedVenue([AAA]);
    await stage.start([feed], { rotateAfter: SECOND });
    feed.replies(ms(1), '/api/v3/depth?symbol=AAABTC', rest(1, [['1', '1']], []));
    feed.says(ms(999), depth(2, 2, [['1', '2']]));
    feed.says(ms(1_000), depth(3, 3, [['1', '3']])); // before the recorder has looked at its clock
    await stage.pass(ms(1_200));
    expect(feed.snapshotsAsked).to.equal(1);
    feed.replies(ms(1_200), '/api/v3/depth?symbol=AAABTC', rest(3, [['1', '3']], [['2', '7']]));
    feed.says(ms(1_300), depth(4, 4, [['1', '4']]));
    await stage.pass(ms(1_500));
    await stage.stop();
    const { files } = await rawFilesOf([stage.path('s-0002')]);
    await importRecordings(files, { out: stage.path('again'), engineVersion: 'test' });
    expect(story(await eventsOf(stage.path('again')))).to.deep.equal([
      '1000 InstrumentDefined AAABTC@binance',
      '1200 BookSnapshot 3 b 1x3 a 2x7',
      '1200 BookDelta 3 dropped',
      '1300 BookDelta 4 b 1x4',
    ]);
  });

  it('keeps the part that it has where the next one cannot be begun', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { rotateAfter: SECOND });
    feed.say(snapshot(ms(1), [['1', '1']], []));
    await stage.pass(ms(500));
    await mkdir(stage.path('s-0002'));
    await writeFile(stage.path('s-0002/mine'), '');
    await stage.pass(ms(1_500));
    const said = await stage.ended().then(() => '', String);
    expect(said).to.match(/s-0002: is there already/);
    expect(await eventsOf(stage.path('s-0001'))).to.have.length(2);
    expect(await readdir(stage.path())).to.have.members(['s-0001', 's-0002']);
  });

  it('is, from the frames of all parts, the recording that it would have been as one', () =>
    seedOf('a recording in parts', async (seed) => {
      const draws = new Draws(seed, 'parts');
      /** The same market each time: what a feed says does not depend on who records it. */
      const script: ((feed: TappedVenue) => void)[] = [];
      let id = 1;
      for (let at = 5; at < 6_000; at += 1 + draws.below(60)) {
        const when = ms(at);
        const kind = draws.below(20);
        const level = [[String(10 + draws.below(5)), String(draws.below(4))]] as const;
        if (kind === 0) id += 2; // a message is lost
        const [from, last] = [id, (id += draws.below(3))];
        id++;
        if (kind === 1) script.push((feed) => feed.breaks(when, 'disconnected'));
        else if (kind === 2) script.push((feed) => feed.breaks(when, 'silent'));
        if (kind < 4 || at === 5)
          script.push((feed) =>
            feed.replies(when, '/api/v3/depth?symbol=AAABTC', rest(from - 1, [['9', '1']], [['20', '1']])),
          );
        script.push((feed) => feed.says(when, depth(from, last, level)));
      }
      const recordAs = async (name: string, rotateAfter?: number): Promise<readonly string[]> => {
        const feed = new TappedVenue([AAA]);
        const options = { out: stage.path(name), ...(rotateAfter === undefined ? {} : { rotateAfter }) };
        await stage.start([feed], options);
        for (const say of script) say(feed);
        await stage.pass(ms(6_200));
        return (await stage.stop()).sessions.map(({ out }) => out);
      };
      const whole = await recordAs('whole');
      const parts = await recordAs('part', (1 + draws.below(3)) * SECOND);
      expect(parts.length).to.be.greaterThan(2);
      const { files } = await rawFilesOf(parts);
      await importRecordings(files, { out: stage.path('again'), engineVersion: 'test' });
      const one = await eventsOf(whole[0]!);
      expect(story(await eventsOf(stage.path('again')))).to.deep.equal(story(one));
      await expectStandAlone(parts, one);
    }));

  /** Each part has the messages of its time, and its book at any end is that of the whole recording. */
  async function expectStandAlone(parts: readonly string[], whole: readonly MarketEvent[]): Promise<void> {
    const known = new KnownBook(AAA.instrument, false);
    let next = 1;
    for (const [index, part] of parts.entries()) {
      const own = new KnownBook(AAA.instrument, false);
      const events = await eventsOf(part);
      const begins = events[0]!.at;
      const first = index === 0 ? 1 : events.findIndex((event) => isSame(event, whole[next]));
      const head = first < 0 ? events.length : first; // the last part may have nothing of its own
      for (const event of events.slice(0, head)) {
        expect(event.at).to.equal(begins);
        own.apply(event);
      }
      for (const event of events.slice(head)) {
        expect(event, part).to.deep.equal(whole[next++]);
        own.apply(event);
        known.apply(event);
        expect(own.toldAt(0) === undefined, part).to.equal(known.toldAt(0) === undefined);
        expect(own.toldAt(0)?.data ?? null, part).to.deep.equal(known.toldAt(0)?.data ?? null);
      }
    }
    expect(next).to.equal(whole.length);
  }
});

const isSame = (a: MarketEvent, b: MarketEvent | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
