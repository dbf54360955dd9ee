import { expect } from 'chai';
import { LoopbackStage, recorded } from '../../../../support/loopback-stage.js';
import { turns } from '../../../../support/loopback.js';
import { story } from '../../../../support/mini-recording.js';

const { defined, snapshot, delta, dropped, trade, interrupted } = recorded;
const DEPTH = '/api/v3/depth?symbol=AAABTC&limit=10';
const numbersIn = (reply: { text: string }): unknown =>
  (JSON.parse(reply.text) as { lastUpdateId: unknown }).lastUpdateId;

describe('a recording that is played by a loopback venue', () => {
  const plain = [defined(), snapshot(0, 9), delta(100, 12), trade(150, 1), delta(200, 13)];

  it('waits for the first subscriber, and goes at its own pace from there', async () => {
    const stage = new LoopbackStage(plain, { atEnd: 'stay' });
    await stage.pass(1_000);
    const client = await stage.client('AAABTC');
    await stage.pass(1_120);
    expect(story(client.events).map((line) => line.replace(/^\S+ /, ''))).to.deep.equal([
      'BookSnapshot 9 b 10x1 a 11x2',
      'BookDelta 12',
    ]);
    await stage.pass(1_500);
    expect(client.events).to.have.length(4);
  });
  it('waits for nobody where it is told so', async () => {
    const stage = new LoopbackStage(plain, { waitFor: 'nobody', atEnd: 'stay' });
    await stage.pass(1_000);
    expect(stage.venue.status()).to.include({ state: 'over', played: 5 });
  });
  it('waits for clients of all instruments where it is told so', async () => {
    const both = [
      defined(),
      defined({}, 'BBBBTC@binance'),
      snapshot(0, 9),
      snapshot(0, 5, [['10', '1']], 'BBBBTC@binance'),
    ];
    const stage = new LoopbackStage(both, { waitFor: 'all' });
    await stage.client('AAABTC');
    expect(stage.venue.status()).to.include({ state: 'waiting' });
    await stage.client('BBBBTC');
    expect(stage.venue.status()).to.include({ state: 'playing' });
    await stage.venue.close();
  });
  it('goes faster at a higher speed', async () => {
    const stage = new LoopbackStage(plain, { speed: 10, atEnd: 'stay' });
    const client = await stage.client('AAABTC');
    await stage.pass(30);
    expect(client.events).to.have.length(4);
  });
  it('goes step by step at speed 0', async () => {
    const stage = new LoopbackStage(plain, { speed: 0, atEnd: 'stay' });
    const client = await stage.client('AAABTC');
    await stage.pass(10_000);
    expect(client.events).to.deep.equal([]);
    await stage.venue.step(2);
    await turns();
    expect(client.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot', 'BookDelta']);
    await stage.venue.step(10);
    await turns();
    expect(client.events).to.have.length(4);
    await stage.venue.step(1); // it is at its end
  });
  it('begins with the first step where nobody has subscribed', async () => {
    const stage = new LoopbackStage(plain, { speed: 0, atEnd: 'stay' });
    await stage.venue.step(2);
    expect(stage.venue.status()).to.include({ state: 'playing', played: 3 });
    await stage.venue.close();
  });

  describe('gives the first book of the recording to whoever asks first', () => {
    it('with the messages that came before it', async () => {
      const events = [
        defined(),
        trade(0, 1),
        snapshot(50, 9),
        dropped(50, 7),
        dropped(50, 9),
        delta(50, 12),
        delta(60, 13),
      ];
      const stage = new LoopbackStage(events);
      const client = await stage.client('AAABTC');
      await stage.pass(1_000);
      expect(story(client.events).map((line) => line.replace(/^\S+ /, ''))).to.deep.equal([
        'Traded buy 2@10.5',
        'BookSnapshot 9 b 10x1 a 11x2',
        'BookDelta 7 dropped',
        'BookDelta 9 dropped',
        'BookDelta 12',
        'BookDelta 13',
      ]);
    });
    it('also before anything is played', async () => {
      const stage = new LoopbackStage(plain);
      expect(numbersIn(await stage.ask(DEPTH))).to.equal(9);
      const client = await stage.bare('/ws/aaabtc@depth');
      await stage.pass(1_000);
      expect(client.heard().map((message) => (message as { U: number }).U)).to.deep.equal([10, 13]);
    });
    it('when it comes to it, however early it was asked for', async () => {
      const stage = new LoopbackStage([defined(), trade(0, 1), snapshot(500, 9), delta(600, 12)]);
      await stage.bare('/ws/aaabtc@depth');
      const asked = stage.ask(DEPTH);
      await stage.pass(400);
      expect(await Promise.race([asked, turns().then(() => 'nothing')])).to.equal('nothing');
      await stage.pass(500);
      expect(numbersIn(await asked)).to.equal(9);
    });
    it('and does not wait long for those who never ask', async () => {
      const stage = new LoopbackStage(plain, { atEnd: 'stay' });
      const client = await stage.bare('/ws/aaabtc@depth');
      await stage.pass(3_000);
      expect(client.heard()).to.have.length(2);
      expect(numbersIn(await stage.ask(DEPTH))).to.equal(13);
    });
    it('or says that it knows none, where the recording has none', async () => {
      const stage = new LoopbackStage([defined(), trade(0, 1), trade(500, 2)], { atEnd: 'stay' });
      expect(await stage.ask(DEPTH)).to.include({ status: 503 });
      await stage.bare('/ws/aaabtc@trade');
      const asked = stage.ask(DEPTH);
      await stage.pass(1_000);
      expect(await asked).to.include({ status: 503 });
    });
  });

  it('begins with an empty book where the recording does', async () => {
    const events = [defined({ startsEmpty: true }), delta(0, 12, [['10', '1']]), delta(10, 13)];
    for (const name of ['binance', 'binance-usdm']) {
      const stage = new LoopbackStage(events, {}, name);
      const client = await stage.client('AAABTC');
      await stage.pass(1_000);
      expect(story(client.events).map((line) => line.replace(/^\S+ /, ''))).to.deep.equal([
        'BookSnapshot 11',
        'BookDelta 12 b 10x1',
        'BookDelta 13',
      ]);
    }
  });

  it('numbers messages where the recording has no numbers', async () => {
    const bare = plain.map((event) => {
      const { venueSeq: _, ...data } = event.data as { venueSeq?: number };
      return { ...event, data } as typeof event;
    });
    const stage = new LoopbackStage(bare);
    const client = await stage.client('AAABTC');
    await stage.pass(1_000);
    expect(story(client.events).map((line) => line.replace(/^\S+ /, ''))).to.deep.equal([
      'BookSnapshot 1 b 10x1 a 11x2',
      'BookDelta 2',
      'Traded buy 2@10.5',
      'BookDelta 3',
    ]);
  });

  it('lets a client of later in at once, with the book as it is now', async () => {
    for (const name of ['binance', 'binance-usdm']) {
      const stage = new LoopbackStage([...plain, delta(2_000, 20), delta(3_000, 21, [['10', '7']])], {}, name);
      await stage.client('AAABTC');
      await stage.pass(1_000);
      const late = await stage.client('AAABTC');
      await stage.pass(4_000);
      const told = story(late.events).map((line) => line.replace(/^\S+ /, ''));
      expect(told.at(-1)).to.equal('BookDelta 21 b 10x7');
      expect(told.join()).not.to.include('gap');
    }
  });

  it('breaks where messages are missing in the recording, and mends with its next snapshot', async () => {
    const events = [
      ...[defined(), snapshot(0, 9), delta(100, 12)],
      ...[interrupted(200, 'gap'), delta(200, 15), delta(300, 16), snapshot(400, 18, [['10', '5']]), delta(500, 20)],
    ];
    for (const name of ['binance', 'binance-usdm']) {
      const stage = new LoopbackStage(events, {}, name);
      const client = await stage.client('AAABTC');
      await stage.pass(2_000);
      expect(story(client.events).map((line) => line.replace(/^\S+ /, ''))).to.deep.equal([
        'BookSnapshot 9 b 10x1 a 11x2',
        'BookDelta 12',
        'FeedInterrupted gap',
        'BookDelta 15',
        'BookDelta 16',
        'BookSnapshot 18 b 10x5 a 11x2',
        'BookDelta 20',
      ]);
    }
  });

  it('never lets a client believe in a book that goes on from another one', async () => {
    // the recorder came back with another snapshot, and nobody told what was between
    const events = [
      defined(),
      snapshot(0, 9),
      delta(100, 12),
      interrupted(200, 'disconnected'),
      snapshot(400, 18),
      delta(500, 20),
    ];
    for (const name of ['binance', 'binance-usdm']) {
      const stage = new LoopbackStage(events, { atEnd: 'stay' }, name);
      const client = await stage.client('AAABTC');
      await stage.pass(3_000);
      const told = story(client.events).map((line) => line.replace(/^\S+ /, ''));
      expect(told.slice(2), name).to.include('FeedInterrupted gap');
      expect(told.at(-1), name).to.match(/BookSnapshot (18|20)|BookDelta 20/);
    }
  });

  describe('at its end', () => {
    it('takes leave of every client', async () => {
      const stage = new LoopbackStage(plain);
      const client = await stage.client('AAABTC');
      await stage.pass(1_000);
      await stage.venue.done;
      expect(client.ended).to.equal('the recording is at its end');
    });
    it('begins anew where it is told so, for clients that come again', async () => {
      const stage = new LoopbackStage(plain, { atEnd: 'loop' });
      const first = await stage.client('AAABTC');
      await stage.pass(1_000);
      expect(first.ended).to.equal('the recording begins anew');
      const second = await stage.client('AAABTC');
      await stage.pass(2_000);
      expect(second.events.map(({ type, data }) => ({ type, data }))).to.deep.equal(
        first.events.map(({ type, data }) => ({ type, data })),
      );
      await stage.venue.close();
    });
    it('keeps its last books and shows that it lives where it is told so', async () => {
      const stage = new LoopbackStage(plain, { atEnd: 'stay' });
      const client = await stage.client('AAABTC');
      await stage.pass(1_000);
      const before = client.signs;
      await stage.pass(6_000);
      expect(client.ended).to.equal(undefined);
      expect(client.signs - before).to.equal(5);
      expect(numbersIn(await stage.ask(DEPTH))).to.equal(13);
      await stage.venue.close();
      await turns();
      expect(client.ended).to.equal('the venue closes');
      expect(stage.clock.waiting).to.equal(0);
    });
  });

  it('fails with what the recording fails with', async () => {
    const stage = new LoopbackStage(plain);
    const { recording, ...rest } = stage.venue.options;
    const broken = {
      ...recording,
      async *inputs() {
        await turns(1);
        throw new Error('the disk is gone');
      },
    };
    const { LoopbackVenue } = await import('../../../../../adapters/venues/loopback/loopback-venue.js');
    const venue = new LoopbackVenue({ ...rest, recording: broken, waitFor: 'nobody' });
    const failure = await venue.done.then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    expect(failure).to.equal('the disk is gone');
  });
});
