import { expect } from 'chai';
import { manualClock, type ManualClock } from '../../../../../adapters/clock/manual-clock.js';
import { generateSample } from '../../../../../adapters/venues/sample/generate.js';
import { sessionFeed } from '../../../../../adapters/venues/session/feed.js';
import { comparePlain } from '../../../../../adapters/venues/session/known-book.js';
import { followed, refuseIfAhead, type Followed } from '../../../../../adapters/venues/session/resume.js';
import { SessionClock } from '../../../../../adapters/venues/session/session-clock.js';
import { ColumnEncoder } from '../../../../../core/market/column-codec.js';
import type { BookData, InstrumentDefinition, LevelText, MarketEvent } from '../../../../../core/market/events.js';
import type { MarketFeed, Recording } from '../../../../../core/ports.js';
import { MICROS } from '../../../../../core/time.js';

const FROM = 1_704_067_200_000_000; // 2024-01-01T00:00:00Z
const BTC = 'BTC-USD@sample';
const ETH = 'ETH-USD@sample';

/** Events as a recording in batches of `size`. */
function recordingOf(events: readonly MarketEvent[], size = 100, to = events.at(-1)!.at): Recording {
  return {
    instruments: events.flatMap((event) => (event.type === 'InstrumentDefined' ? [event.data] : [])).slice(0, 2),
    from: events[0]!.at,
    to,
    // eslint-disable-next-line @typescript-eslint/require-await -- a recording in memory has nothing to wait for
    async *inputs() {
      const encoder = new ColumnEncoder();
      for (let i = 0; i < events.length; i += size) {
        for (const [n, event] of events.slice(i, i + size).entries()) encoder.add(i + n + 1, event);
        yield { market: encoder.take(), others: [] };
      }
    },
  };
}

/** The session's time at its own pace, by a clock that we move. */
const inTime = (base: ManualClock): SessionClock =>
  new SessionClock({ startAt: base.now(), speed: 1, base, isLivedIn: false });

interface Reading {
  readonly told: MarketEvent[];
  readonly stop: () => Promise<void>;
  readonly ended: () => boolean;
}

function read(feed: MarketFeed): Reading {
  const stopping = new AbortController();
  const told: MarketEvent[] = [];
  let ended = false;
  const done = (async () => {
    for await (const batch of feed.watch(stopping.signal)) told.push(...batch);
    ended = true;
  })();
  return {
    told,
    ended: () => ended,
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

/** Whatever else is told, this is the book. */
function bookOf(events: readonly MarketEvent[], instrument: string): [bids: LevelText[], asks: LevelText[]] {
  const sides = [new Map<string, string>(), new Map<string, string>()] as const;
  for (const { type, data } of events) {
    if (data.instrument !== instrument || (type !== 'BookSnapshot' && type !== 'BookDelta')) continue;
    for (const [side, levels] of [data.bids, data.asks].entries()) {
      if (type === 'BookSnapshot') sides[side]!.clear();
      for (const [price, quantity] of levels)
        if (quantity === '0') sides[side]!.delete(price);
        else sides[side]!.set(price, quantity);
    }
  }
  return [
    [...sides[0]].sort((a, b) => Number(b[0]) - Number(a[0])),
    [...sides[1]].sort((a, b) => Number(a[0]) - Number(b[0])),
  ];
}

const generated = (options: { duration?: number; gapsPerHour?: number } = {}): MarketEvent[] => [
  ...generateSample({ seed: 4, from: FROM, duration: 20 * MICROS.s, instruments: [BTC, ETH], ...options }),
];
const withoutDefinitions = (events: readonly MarketEvent[]): MarketEvent[] =>
  events.filter(({ type }) => type !== 'InstrumentDefined');

describe('a captured session as a live market', () => {
  const events = generated();
  const all = withoutDefinitions(events);
  /** Past the last message by more than messages are gathered for. */
  const END = events.at(-1)!.at + 10 * MICROS.ms;

  it('tells each message when its time has come, with the time that it bears', async () => {
    const clock = manualClock(FROM);
    const feed = sessionFeed({ recording: recordingOf(events), clock: inTime(clock) });
    expect(feed.instruments.map(({ instrument }) => instrument)).to.deep.equal([BTC, ETH]);
    const reading = read(feed);
    for (let at = FROM; at <= FROM + 20 * MICROS.s; at += 250 * MICROS.ms) {
      await clock.advance(at);
      const { told } = reading;
      expect(told).to.deep.equal(all.slice(0, told.length));
      expect(told.at(-1)!.at).to.be.at.most(at);
      expect(all[told.length]?.at ?? Infinity, 'at most gathered for 2 ms').to.be.greaterThan(at - 2 * MICROS.ms);
    }
    await reading.stop();
    expect(clock.waiting).to.equal(0);
  });

  it('ends when the session ends, not with its last message', async () => {
    const clock = manualClock(FROM);
    const to = events.at(-1)!.at + 5 * MICROS.s;
    const reading = read(sessionFeed({ recording: recordingOf(events, 1000, to), clock: inTime(clock) }));
    await clock.advance(to - 1);
    expect([reading.told.length, reading.ended()]).to.deep.equal([all.length, false]);
    await clock.advance(to);
    expect(reading.ended()).to.equal(true);
  });

  it('makes a snapshot of its own book for one who asks, behind all that was due', async () => {
    const clock = manualClock(FROM);
    const feed = sessionFeed({ recording: recordingOf(events), clock: inTime(clock) });
    const reading = read(feed);
    await clock.advance(FROM + 10 * MICROS.s);
    const before = reading.told.length;
    feed.requestSnapshots();
    await clock.advance(FROM + 10 * MICROS.s);
    const snapshots = reading.told.slice(before);
    expect(snapshots.map(({ type, at }) => [type, at])).to.deep.equal([
      ['BookSnapshot', FROM + 10 * MICROS.s],
      ['BookSnapshot', FROM + 10 * MICROS.s],
    ]);
    for (const snapshot of snapshots) {
      const { instrument, bids, asks } = snapshot.data as BookData;
      expect([bids, asks]).to.deep.equal(bookOf(reading.told.slice(0, before), instrument));
      expect(bids.length).to.be.greaterThan(50);
    }
    await clock.advance(END);
    expect(reading.told.filter((event) => !snapshots.includes(event))).to.deep.equal(all);
    await reading.stop();
  });

  it('goes on behind the last logged message after a restart at any moment, with the book that it had', async () => {
    for (const cut of [3, 4, 100, 101, 250, all.length - 1, all.length]) {
      const logged = all.slice(0, cut);
      const resumeAfter = logged.reduce<Followed | undefined>(followed, undefined)!;
      const clock = manualClock(logged.at(-1)!.at);
      const feed = sessionFeed({ recording: recordingOf(events, 37), clock: inTime(clock), resumeAfter });
      feed.requestSnapshots();
      const reading = read(feed);
      await clock.advance(END);
      const snapshots = reading.told.filter((event) => !all.some((own) => sameEvent(own, event)));
      expect(
        reading.told.filter((event) => !snapshots.includes(event)),
        `cut ${cut}`,
      ).to.deep.equal(all.slice(cut));
      for (const snapshot of snapshots) {
        const { instrument, bids, asks } = snapshot.data as BookData;
        expect([bids, asks], `cut ${cut}`).to.deep.equal(
          bookOf([...logged, ...reading.told.slice(0, reading.told.indexOf(snapshot))], instrument),
        );
      }
      expect(snapshots.length, `cut ${cut}`).to.equal(2);
    }
  });

  it('is followed to the same place whether or not snapshots were asked for', async () => {
    const clock = manualClock(FROM);
    const feed = sessionFeed({ recording: recordingOf(events), clock: inTime(clock) });
    const reading = read(feed);
    await clock.advance(FROM + 20 * MICROS.ms); // or the first snapshots asked for would equal the session's own
    for (let n = 1; n <= 40; n++) {
      feed.requestSnapshots();
      await clock.advance(all[n * 10]!.at);
    }
    await reading.stop();
    for (let cut = 1; cut < reading.told.length; cut += 7) {
      const logged = reading.told.slice(0, cut);
      const resumeAfter = logged.reduce<Followed | undefined>(followed, undefined)!;
      const again = manualClock(logged.at(-1)!.at);
      const rest = read(sessionFeed({ recording: recordingOf(events), clock: inTime(again), resumeAfter }));
      await again.advance(END);
      const own = logged.filter((event) => all.some((other) => sameEvent(other, event)));
      expect(rest.told, `cut ${cut}`).to.deep.equal(all.slice(own.length));
    }
  });

  it('keeps file order where times run backwards, and can be followed there', async () => {
    const backwards = [...events];
    for (const n of [200, 201, 300]) backwards[n] = { ...backwards[n]!, at: backwards[n]!.at - 2 * MICROS.s };
    const told = withoutDefinitions(backwards);
    for (const cut of [0, 197, 198, 199, 200, 298, 299]) {
      const resumeAfter = told.slice(0, cut).reduce<Followed | undefined>(followed, undefined);
      const clock = manualClock(FROM);
      const options = { recording: recordingOf(backwards), clock: inTime(clock) };
      const reading = read(sessionFeed(resumeAfter === undefined ? options : { ...options, resumeAfter }));
      await clock.advance(FROM + 20 * MICROS.s);
      expect(reading.told, `cut ${cut}`).to.deep.equal(told.slice(cut));
    }
  });

  it('makes no snapshot of a book that the session itself does not know', async () => {
    const gap = generated({ duration: 10 * MICROS.m, gapsPerHour: 60 });
    const interrupted = gap.findIndex(({ type }) => type === 'FeedInterrupted');
    const { at, data } = gap[interrupted]!;
    const ended = gap.findIndex(
      (event, n) => n > interrupted && event.data.instrument === data.instrument && event.type === 'BookSnapshot',
    );
    expect(ended).to.be.greaterThan(interrupted);
    const { clock, feed, told } = asked(gap, at);
    await clock.advance(at);
    feed.requestSnapshots();
    await clock.advance(at);
    const whileGone = told.filter((event) => event.at === at && event.type === 'BookSnapshot');
    expect(whileGone.map((event) => event.data.instrument)).to.deep.equal([data.instrument === BTC ? ETH : BTC]);
    await clock.advance(gap[ended]!.at + MICROS.s);
    const after = told.filter(
      (event) => event.at > at && event.type === 'BookSnapshot' && event.data.instrument === data.instrument,
    );
    expect(after.length, 'its own, and the one that was asked for').to.be.within(1, 2);
    expect(after[0]).to.deep.equal(gap[ended]);
  });

  it('says of a recording without a snapshot that it goes on as partial', async () => {
    const definition = { ...(events[0]!.data as InstrumentDefinition), startsEmpty: true } as const;
    const partial: MarketEvent[] = [
      { type: 'InstrumentDefined', version: 1, at: FROM, data: definition },
      ...events.filter(({ type, data }) => type === 'BookDelta' && data.instrument === BTC),
    ];
    const { clock, feed, told } = asked(partial, FROM);
    await clock.advance(FROM + 5 * MICROS.s);
    feed.requestSnapshots();
    await clock.advance(FROM + 5 * MICROS.s);
    expect(told.at(-1)).to.deep.include({ type: 'FeedResumed', at: FROM + 5 * MICROS.s });
    expect(told.at(-1)!.data).to.include({ instrument: BTC, trust: 'partial' });
  });

  it('tells a definition that says something new in mid-session', async () => {
    const { clock, told } = asked(
      [...events.slice(0, 50), redefined(events[0]!, events[49]!.at), ...events.slice(50)],
      FROM,
    );
    await clock.advance(FROM + 20 * MICROS.s);
    expect(told.filter(({ type }) => type === 'InstrumentDefined').map(({ data }) => data)).to.deep.equal([
      { ...events[0]!.data, minNotional: '10' },
    ]);
  });

  it('compares prices by value', () => {
    const prices = ['0.05', '0.5', '5', '9.99', '10', '10.01', '10.1', '99', '100', '1000.5'];
    expect([...prices].reverse().sort(comparePlain)).to.deep.equal(prices);
  });
});

describe('a data folder and a captured session', () => {
  const session = { from: FROM, to: FROM + MICROS.h };
  it('go together when the folder is new, or has followed that session', () => {
    expect(refuseIfAhead(undefined, session)).to.equal(undefined);
    expect(refuseIfAhead(FROM - 1, session)).to.equal(undefined);
    expect(refuseIfAhead(FROM, session)).to.equal(undefined);
    expect(refuseIfAhead(FROM + MICROS.m, session, { at: FROM + MICROS.s, count: 1 })).to.equal(undefined);
  });
  it('do not when its clock is ahead of the market, and it says how to mend that', () => {
    const refusal = refuseIfAhead(FROM + 1, session)!;
    expect(refusal.code).to.equal('clock_ahead_of_market');
    expect(refusal.what).to.contain('2024-01-01T00:00:00.000001Z').and.to.contain('begins at 2024-01-01T00:00:00Z');
    expect(refusal.mend).to.contain('--data');
  });
  it('do not when the session is over', () => {
    const refusal = refuseIfAhead(FROM + 2 * MICROS.h, session, { at: FROM + MICROS.m, count: 1 })!;
    expect(refusal.what).to.contain('ended at 2024-01-01T01:00:00Z');
  });
});

function asked(
  events: readonly MarketEvent[],
  startAt: number,
): { clock: ManualClock; feed: MarketFeed; told: MarketEvent[] } {
  const clock = manualClock(startAt);
  const feed = sessionFeed({ recording: recordingOf(events), clock: inTime(clock) });
  return { clock, feed, told: read(feed).told };
}

function redefined(event: MarketEvent, at: number): MarketEvent {
  return {
    type: 'InstrumentDefined',
    version: 1,
    at,
    data: { ...(event.data as InstrumentDefinition), minNotional: '10' },
  };
}

const sameEvent = (a: MarketEvent, b: MarketEvent): boolean =>
  a.type === b.type && a.at === b.at && JSON.stringify(a.data) === JSON.stringify(b.data);
