import { expect } from 'chai';
import { manualClock, type ManualClock } from '../../../../../adapters/clock/manual-clock.js';
import { sampleFeed, type SampleFeedOptions } from '../../../../../adapters/venues/sample/feed.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import type { MarketFeed } from '../../../../../core/ports.js';
import { MICROS } from '../../../../../core/time.js';

const FROM = 1_704_067_200_000_000; // 2024-01-01T00:00:00Z
const BTC = 'BTC-USD@sample';
const ETH = 'ETH-USD@sample';

/** Reads a feed as fast as it comes and keeps its batches. */
function reader(feed: MarketFeed): { batches: (readonly MarketEvent[])[]; stop: () => Promise<void> } {
  const batches: (readonly MarketEvent[])[] = [];
  const stopping = new AbortController();
  const done = (async () => {
    for await (const batch of feed.watch(stopping.signal)) batches.push(batch);
  })();
  const stop = (): Promise<void> => {
    stopping.abort();
    return done;
  };
  return { batches, stop };
}

function given(options: Partial<SampleFeedOptions> = {}): { clock: ManualClock; feed: MarketFeed } {
  const clock = manualClock(FROM);
  return { clock, feed: sampleFeed({ seed: 1, instruments: [BTC], clock, ...options }) };
}

const types = (events: readonly MarketEvent[]): string[] => events.map(({ type }) => type);

describe('the sample market as a feed', () => {
  it('begins with a snapshot of every instrument', async () => {
    const { clock, feed } = given({ instruments: [BTC, ETH] });
    expect(feed.instruments.map(({ instrument }) => instrument)).to.deep.equal([BTC, ETH]);
    const { batches, stop } = reader(feed);
    await clock.advance(FROM);
    expect(batches.flat().map(({ type, at, data }) => [type, at, data.instrument])).to.deep.equal([
      ['BookSnapshot', FROM, BTC],
      ['BookSnapshot', FROM, ETH],
    ]);
    await stop();
  });

  it('tells what is due together, stamped with the clock, and nothing ahead of it', async () => {
    const { clock, feed } = given({ messagesPerSecond: 5_000, steady: true });
    const { batches, stop } = reader(feed);
    await clock.advance(FROM + MICROS.s);
    expect(batches.flat().length).to.be.within(4_000, 6_000);
    expect(batches.length).to.be.at.most(501);
    for (const batch of batches)
      for (const { at, data } of batch) {
        expect(at).to.equal(batch[0]!.at);
        expect((data as { venueAt: number }).venueAt).to.be.within(at - 4 * MICROS.ms, at);
      }
    await stop();
    expect(clock.waiting).to.equal(0);
  });

  it('tells the same whatever the steps of the clock', async () => {
    const told = async (step: number): Promise<unknown[]> => {
      const { clock, feed } = given();
      const { batches, stop } = reader(feed);
      for (let at = FROM; at <= FROM + 4 * MICROS.s; at += step) await clock.advance(at);
      await stop();
      return batches.flat().map(({ type, data }) => [type, data]);
    };
    expect(await told(MICROS.s)).to.deep.equal(await told(7_812.5 * 8));
  });

  it('shows its book promptly to one who asks, at the last step that was told', async () => {
    const { clock, feed } = given();
    const { batches, stop } = reader(feed);
    await clock.advance(FROM + MICROS.s);
    const last = batches
      .flat()
      .filter(({ type }) => type === 'BookDelta')
      .at(-1);
    batches.length = 0;
    feed.requestSnapshots();
    await clock.advance(FROM + MICROS.s);
    const told = batches.flat();
    expect(types(told)).to.deep.equal(['BookSnapshot']);
    expect(told[0]!.at).to.equal(FROM + MICROS.s);
    expect((told[0]!.data as { venueSeq: number }).venueSeq).to.equal((last?.data as { venueSeq: number }).venueSeq);
    await stop();
  });

  it('needs no second snapshot when asked before it has begun', async () => {
    const { clock, feed } = given();
    feed.requestSnapshots();
    const { batches, stop } = reader(feed);
    await clock.advance(FROM);
    expect(types(batches.flat())).to.deep.equal(['BookSnapshot']);
    await stop();
  });

  it('goes on after a restart behind the step that was logged', async () => {
    const { clock, feed } = given({ resume: new Map([[BTC, { step: 41, mid: '60100.25' }]]) });
    const { batches, stop } = reader(feed);
    await clock.advance(FROM + MICROS.s);
    const sequence = batches
      .flat()
      .filter(({ type }) => type === 'BookSnapshot' || type === 'BookDelta')
      .map(({ data }) => (data as { venueSeq: number }).venueSeq);
    expect(sequence.slice(0, 3)).to.deep.equal([42, 43, 44]);
    expect(types(batches.flat())[0]).to.equal('BookSnapshot');
    await stop();
  });

  it('leaps to the present for a reader who slept, by a gap and a snapshot', async () => {
    const { clock, feed } = given();
    const stopping = new AbortController();
    const watch = feed.watch(stopping.signal)[Symbol.asyncIterator]();
    const first = (await watch.next()).value as MarketEvent[];
    expect(types(first)).to.deep.equal(['BookSnapshot']);
    await clock.advance(FROM + 10 * MICROS.m);
    const pending = watch.next();
    await clock.advance(FROM + 10 * MICROS.m);
    await clock.advance(FROM + 10 * MICROS.m + 2 * MICROS.ms);
    const second = (await pending).value as MarketEvent[];
    expect(types(second).slice(0, 2)).to.deep.equal(['FeedInterrupted', 'BookSnapshot']);
    expect(second[0]!.data).to.include({ reason: 'gap' });
    expect(second.length).to.be.below(20);
    stopping.abort();
    expect((await watch.next()).done).to.equal(true);
  });

  it('is watched once', async () => {
    const { feed } = given();
    const { stop } = reader(feed);
    let message = '';
    await reader(feed)
      .stop()
      .catch((error: unknown) => (message = String(error)));
    expect(message).to.contain('watched once');
    await stop();
  });
});
