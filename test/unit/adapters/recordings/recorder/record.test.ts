import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importRecordings } from '../../../../../adapters/recordings/import.js';
import { rawFilesOf } from '../../../../../adapters/recordings/raw/of-session.js';
import { openSession } from '../../../../../adapters/recordings/session/session.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { ScriptedFeed } from '../../../../support/live-stage.js';
import { BTC, delta, SPOT, snapshot } from '../../../../support/market.js';
import { binance, eventsOf, START, story } from '../../../../support/mini-recording.js';
import { RecordingStage } from '../../../../support/recording-stage.js';
import { TappedVenue } from '../../../../support/tapped-venue.js';

const { depth, trade, rest, ticker } = binance;
const ms = (after: number): number => START + after * 1_000;
const AAA = { ...SPOT, instrument: 'AAABTC@binance' };
const CCC = { ...SPOT, instrument: 'CCCBTC@binance' };

describe('a recorder', () => {
  const stage = new RecordingStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.close());

  it('keeps what a feed says in the order of receipt, definitions first', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed]);
    const said: MarketEvent[] = [
      snapshot(ms(10), [['100', '5']], [['101', '1']]),
      delta(ms(20), [['100', '4']], []),
      delta(ms(20), [], [['101', '0']]),
    ];
    feed.say(...said);
    await stage.pass(ms(1_500));
    const { sessions, end } = await stage.stop();
    expect([end, sessions.map(({ out }) => out)]).to.deep.equal(['stopped', [stage.path('s')]]);
    expect(await eventsOf(stage.path('s'))).to.deep.equal([
      { type: 'InstrumentDefined', version: 1, at: START, data: SPOT },
      ...said,
    ]);
    expect(sessions[0]!.session).to.include({ from: '2024-01-01T00:00:00Z', name: 's', settings: null });
    expect(await readdir(stage.path())).to.deep.equal(['s']);
    expect(await readdir(stage.path('s'))).to.have.members(['session.json', 'market.arrow', 'inputs.ndjson']);
  });

  it('ends at its duration to the microsecond, and says so as its end', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed], { duration: 1_000_000 });
    feed.say(snapshot(ms(1), [['1', '1']], [['2', '1']]), delta(ms(1_000) - 1, [['1', '2']], []));
    feed.say(delta(ms(1_000), [['1', '3']], []));
    const { sessions, end } = await stage.ended();
    expect(end).to.equal('duration');
    expect(sessions[0]!.session).to.include({ from: '2024-01-01T00:00:00Z', to: '2024-01-01T00:00:01Z' });
    expect((await eventsOf(stage.path('s'))).at(-1)).to.include({ at: ms(1_000) - 1 });
  });

  it('ends when every feed has ended', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed]);
    feed.say(snapshot(ms(1), [['1', '1']], [['2', '1']]));
    feed.end();
    expect((await stage.ended()).end).to.equal('feeds_ended');
    expect(await eventsOf(stage.path('s'))).to.have.length(2);
  });

  it('keeps what it has of a feed that fails, and says that it failed', async () => {
    const feed = new ScriptedFeed();
    const failing = {
      instruments: feed.instruments,
      requestSnapshots: () => undefined,
      async *watch() {
        yield [snapshot(ms(1), [['1', '1']], [['2', '1']])];
        await Promise.resolve();
        throw new Error('the venue is gone for good');
      },
    };
    await stage.start([failing]);
    let failure: unknown;
    await stage.ended().catch((error: unknown) => (failure = error));
    expect(String(failure)).to.match(/gone for good/);
    expect(await eventsOf(stage.path('s'))).to.have.length(2);
  });

  it('keeps nothing where the feeds cannot be opened', async () => {
    await stage.start([], { open: () => Promise.reject(new Error('no network')) });
    let failure: unknown;
    await stage.ended().catch((error: unknown) => (failure = error));
    expect(String(failure)).to.match(/no network/);
    expect(await readdir(stage.path())).to.deep.equal([]);
  });

  it('gives the rules of a file to what it records', async () => {
    await stage.start([new ScriptedFeed()], { rules: { [BTC]: { tickSize: '0.5' } } });
    await stage.stop();
    expect((await openSession(stage.path('s'))).instruments[0]).to.include({ tickSize: '0.5', rules: 'file' });
  });

  it('leaves out a number that cannot be counted with those before it, and says so', async () => {
    const feed = new ScriptedFeed();
    await stage.start([feed]);
    feed.say(snapshot(ms(1), [['1', '1']], [['2', '1']]), delta(ms(2), [['9007199254740991', '1']], []));
    feed.say(delta(ms(3), [['1', '4']], []));
    await stage.pass(ms(200));
    await stage.stop();
    expect(story(await eventsOf(stage.path('s'))).slice(1)).to.deep.equal([
      '1 BookSnapshot - b 1x1 a 2x1',
      '2 FeedInterrupted increment_overflow',
      '3 BookDelta - b 1x4',
    ]);
    expect(feed.snapshotsAsked).to.equal(1);
  });

  it('merges feeds by the time of receipt, then in their order', async () => {
    const [one, two] = [new ScriptedFeed([SPOT]), new ScriptedFeed([{ ...SPOT, instrument: 'X@test' }])];
    await stage.start([one, two]);
    two.say(snapshot(ms(5), [['1', '1']], [], 'X@test'), delta(ms(7), [['1', '2']], [], 'X@test'));
    one.say(snapshot(ms(5), [['1', '1']], []), delta(ms(6), [['1', '2']], []), delta(ms(8), [['1', '3']], []));
    await stage.pass(ms(500));
    await stage.stop();
    const events = await eventsOf(stage.path('s'));
    expect(events.slice(2).map(({ at, data }) => [(at - START) / 1_000, data.instrument])).to.deep.equal([
      [5, BTC],
      [5, 'X@test'],
      [6, BTC],
      [7, 'X@test'],
      [8, BTC],
    ]);
  });

  describe('of a venue', () => {
    /** A market of two instruments over two connections, with everything that can happen to it. */
    function live(feed: TappedVenue): void {
      feed.opens(ms(1));
      feed.opens(ms(1), 2);
      feed.says(ms(10), depth(8, 9));
      feed.says(ms(11), ticker());
      feed.replies(ms(12), '/api/v3/depth?symbol=AAABTC&limit=1000', rest(9, [['10', '1']], [['11', '2']]));
      feed.says(ms(13), depth(10, 10, [['10', '3']]));
      feed.says(ms(14), depth(5, 5, [['20', '1']], [], {}, 'CCCBTC'), 2);
      feed.replies(
        ms(15),
        '/api/v3/depth?symbol=CCCBTC&limit=1000',
        `{"lastUpdateId":5,\n "bids":[["20","1"]],"asks":[]}`,
        2,
      );
      feed.says(ms(16), trade(1, '10', '0.5', true));
      feed.says(ms(20), depth(12, 12, [['10', '4']])); // a gap
      feed.replies(ms(30), '/api/v3/depth?symbol=AAABTC&limit=1000', rest(13, [['10', '5']], [['11', '2']]));
      feed.says(ms(31), depth(14, 14, [['9', '1']]));
      feed.breaks(ms(40), 'silent', 2);
      feed.says(ms(41), depth(6, 6, [['20', '2']], [], {}, 'CCCBTC'), 2);
      feed.says(ms(50), '{"stream":"aaabtc@depth@100ms","data":{"s":"AAABTC","U":"x"}}');
      feed.breaks(ms(60), 'disconnected', 1);
      feed.opens(ms(61));
      feed.says(ms(62), depth(20, 21, [['10', '6']]));
      feed.replies(ms(63), '/api/v3/depth?symbol=AAABTC&limit=1000', rest(20, [['10', '7']], [['11', '8']]));
      feed.breaks(ms(64), 'refused', 2, ['CCCBTC']);
      feed.says(ms(65), depth(22, 22, [['7', '1']], [], {}, 'ZZZBTC')); // of nothing that was asked for
      feed.replies(ms(66), '/api/v3/depth?symbol=AAABTC&limit=1000', rest(30, [['10', '7']], []));
      feed.says(ms(67), depth(31, 31, [], [['11.5', '8.25']]));
    }

    it('keeps the frames beside it, and they give the same market data, event for event', async () => {
      const feed = new TappedVenue([AAA, CCC]);
      await stage.start([feed]);
      live(feed);
      await stage.pass(ms(1_500));
      const { sessions } = await stage.stop();
      const { session } = sessions[0]!;
      expect(session.raw).to.have.length(1);
      expect(session.raw![0]).to.include({ file: 'raw/binance-1.gz', venue: 'binance' });
      const { files } = await rawFilesOf([stage.path('s')]);
      const again = await importRecordings(files, { out: stage.path('again'), engineVersion: 'test' });
      expect(story(await eventsOf(stage.path('again')))).to.deep.equal(story(await eventsOf(stage.path('s'))));
      expect(again.session.hashes.market).to.equal(session.hashes.market);
      expect([again.session.from, again.session.to]).to.deep.equal([session.from, session.to]);
      expect(again.session.gaps).to.equal(1);
    });

    it('is a session for readers who know nothing of frames, with and without them', async () => {
      const feed = new TappedVenue([AAA]);
      await stage.start([feed]);
      feed.replies(ms(2), '/api/v3/depth?symbol=AAABTC', rest(1, [['1', '1']], []));
      const { sessions } = await stage.stop();
      const meta = JSON.parse(await readFile(join(stage.path('s'), 'session.json'), 'utf8')) as Record<string, object>;
      expect(Object.keys(meta['fileHashes']!)).to.deep.equal(['market.arrow', 'inputs.ndjson']);
      await openSession(stage.path('s'));
      expect(sessions[0]!.session.contentHash).to.equal(meta['contentHash']);
    });
  });
});
