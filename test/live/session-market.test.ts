import { expect } from 'chai';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { memoryOrderTable } from '../../adapters/tables/memory.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { sessionFeed } from '../../adapters/venues/session/feed.js';
import { KnownBook } from '../../adapters/venues/session/known-book.js';
import { SessionClock, type SessionSpeed } from '../../adapters/venues/session/session-clock.js';
import { startLive, type RunningLive } from '../../api/live/live.js';
import { DEFAULT_VENUE } from '../../core/desk/settings.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import type { BookData, InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import type { EventLog, LogEvent, Recording } from '../../core/ports.js';
import { MICROS, type EpochMicros } from '../../core/time.js';
import { verifyLog } from '../../replay/verify.js';
import { T0 } from '../support/market.js';

const INSTRUMENT = 'BTC-USD@sample';
const s = (seconds: number): EpochMicros => T0 + seconds * MICROS.s;

/** A minute of a market, ten seconds of silence, and another minute. */
const events: readonly MarketEvent[] = [
  ...generateSample({ seed: 3, from: T0, duration: 60 * MICROS.s, instruments: [INSTRUMENT], gapsPerHour: 0 }),
  ...[
    ...generateSample({ seed: 4, from: s(70), duration: 60 * MICROS.s, instruments: [INSTRUMENT], gapsPerHour: 0 }),
  ].slice(1),
];
const market = events.slice(1);

const recording: Recording = {
  instruments: [events[0]!.data as InstrumentDefinition],
  from: T0,
  to: s(135),
  // eslint-disable-next-line @typescript-eslint/require-await -- a recording in memory has nothing to wait for
  async *inputs() {
    const encoder = new ColumnEncoder();
    for (let from = 0; from < events.length; from += 500) {
      for (const [n, event] of events.slice(from, from + 500).entries()) encoder.add(from + n + 1, event);
      yield { market: encoder.take(), others: [] };
    }
  },
};

interface Lived {
  readonly run: RunningLive;
  readonly clock: SessionClock;
  readonly log: EventLog;
}

async function live(speed: SessionSpeed): Promise<Lived> {
  const base = systemClock();
  const clock = new SessionClock({ startAt: T0, speed, base, isLivedIn: true });
  const log = memoryLog();
  const run = await startLive({
    log,
    name: DEFAULT_LOG_NAME,
    table: memoryOrderTable(),
    clock,
    hostClock: base,
    session: clock,
    feeds: () => [sessionFeed({ recording, clock })],
    settings: { venue: DEFAULT_VENUE, seed: 1 },
    paperBalance: '1000000',
  });
  return { run, clock, log };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function logged(log: EventLog): Promise<LogEvent[]> {
  const all: LogEvent[] = [];
  for await (const page of log.readAll()) all.push(...page.map(({ event }) => event));
  return all.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
}

describe('a captured session as the market of a live run', () => {
  it('runs as fast as it is asked to, and nothing of it comes late, is left out, or looks like a dead engine', async () => {
    const { run, clock, log } = await live(1_000_000);
    while (run.health().feeds[0]?.reason !== 'session_over') await turn();
    expect(run.health().clock).to.include({ speed: 1_000_000, isOver: true });
    await run.stop();
    const all = await logged(log);
    const told = all.filter(({ type, seq }) => seq !== undefined && (type === 'BookDelta' || type === 'Traded'));
    expect(told.map(({ at, data }) => ({ at, data }))).to.deep.equal(
      market.filter(({ type }) => type === 'BookDelta' || type === 'Traded').map(({ at, data }) => ({ at, data })),
    );
    expect(all.filter(({ type }) => type === 'InputLate')).to.deep.equal([]);
    expect(run.engine.holes).to.equal(0);
    expect(clock.now()).to.be.at.least(s(135));
    const interruptions = all.filter(({ type }) => type === 'FeedInterrupted').map(({ data }) => data);
    const detail = 'the captured session has nothing more to say';
    expect(interruptions).to.deep.equal([{ instrument: INSTRUMENT, reason: 'session_over', detail }]);
    expect((await verifyLog(log, DEFAULT_LOG_NAME)).same).to.equal(true);
  });

  describe('that is moved by hand', () => {
    let lived: Lived;
    beforeEach(async () => (lived = await live('step')));
    afterEach(() => lived.run.stop());
    const step = (run: RunningLive, wanted: Parameters<NonNullable<RunningLive['step']>>[0]): Promise<unknown> =>
      run.step!(wanted);

    it('stands until it is moved, and then goes as far as it was told to', async () => {
      const { run, clock, log } = lived;
      for (let turns = 0; turns < 50; turns++) await turn();
      expect([clock.now(), run.health().clock.speed]).to.deep.equal([T0, 'step']);
      expect(await run.step!({ messages: 10 })).to.include({ at: market[9]!.at, isOver: false });
      expect(run.engine.clock).to.equal(market[9]!.at);
      await step(run, { until: s(65) });
      expect([clock.now(), run.engine.clock]).to.deep.equal([s(65), s(65)]); // in the middle of the silence
      await step(run, { until: s(64) }); // back it does not go
      expect(clock.now()).to.equal(s(65));
      await step(run, { messages: 1 });
      const passed = market.filter(({ at }) => at <= s(65)).length;
      expect(clock.now()).to.equal(market[passed]!.at);
      const told = (await logged(log)).filter(({ type, seq }) => seq !== undefined && type === 'BookDelta');
      expect(told).to.have.length(market.slice(0, passed + 1).filter(({ type }) => type === 'BookDelta').length);
      expect(run.engine.holes).to.equal(0);
    });

    it('shows the book as it was, and lets orders live in its time', async () => {
      const { run } = lived;
      await step(run, { until: s(5) });
      const known = new KnownBook(INSTRUMENT, false);
      for (const event of market) if (event.at <= s(5)) known.apply(event);
      const { bids } = known.toldAt(0)!.data as BookData;
      expect(run.book(INSTRUMENT, 1)).to.deep.include({ at: s(5), bids: [bids[0]] });
      const parameters = { instrument: INSTRUMENT, account: 'default', side: 'buy', quantity: '1' };
      const data = { orderId: 'o1', ...parameters, duration: '10s', slices: 5 };
      await run.command({ type: 'SubmitTwap', version: 1, data: data as never });
      await step(run, { until: s(10) });
      expect(await run.order('o1')).to.deep.include({ state: 'running', slices: { released: 3, skipped: 0 } });
      await step(run, { until: s(20) });
      expect(await run.order('o1')).to.include({ state: 'completed', filled: '1', acceptedAt: '2024-01-01T00:00:05Z' });
    });

    it('is over when it was moved past its end', async () => {
      const { run, clock } = lived;
      expect(await run.step!({ messages: 1_000_000 })).to.include({ at: s(135), isOver: true });
      expect(clock.now()).to.equal(s(135));
      expect(run.health().feeds[0]).to.include({ trust: 'untrusted', reason: 'session_over' });
      expect(await run.step!({ messages: 1 })).to.include({ at: s(135), isOver: true });
    });
  });
});
