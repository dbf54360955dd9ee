import { expect } from 'chai';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { eventOf, messages } from '../../core/market/column-codec.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import type { BookIndex } from '../../replay/book-index.js';
import { exportSession } from '../../replay/export.js';
import { verifyLog } from '../../replay/verify.js';
import { bookFromHead, plainBook } from '../support/book-at-head.js';
import { LiveStage } from '../support/live-stage.js';
import { BTC, delta, snapshot, SPOT, T0, traded } from '../support/market.js';

const HOUR = T0 + MICROS.h;
const s = (seconds: number): number => HOUR + seconds * 1_000_000;
const stream = (hour: string, instrument = BTC): string => `${DEFAULT_LOG_NAME}market-${instrument}-20240101${hour}`;
const book = (at: number, instrument = BTC) => snapshot(at, [['100', '50']], [['101', '50']], instrument);

async function eventsOf(log: EventLog, of: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of log.readStream(of)) for (const { event } of page) events.push(event);
  return events;
}

const indexed = async (log: EventLog, of: string): Promise<BookIndex[]> =>
  (await eventsOf(log, of))
    .filter(({ type }) => type === 'BookIndexed')
    .map(({ data }) => data as unknown as BookIndex);

/** A log without its books at the heads of streams, as it would be if they had never been written. */
async function without(log: EventLog): Promise<EventLog> {
  const other = memoryLog();
  for await (const page of log.readAll({ prefixes: [DEFAULT_LOG_NAME] }))
    for (const { stream: of, event } of page)
      if (event.type !== 'BookIndexed') await other.append([{ stream: of, expected: 'any', events: [event] }]);
  return other;
}

async function exported(log: EventLog): Promise<string[]> {
  const lines: string[] = [];
  const write = (what: unknown): Promise<void> => Promise.resolve(void lines.push(JSON.stringify(what)));
  await exportSession(
    log,
    DEFAULT_LOG_NAME,
    {},
    {
      writeMarket: async (columns) => {
        for (const { from, to } of messages(columns)) await write(eventOf(columns, from, to));
      },
      writeInput: write,
      writeOutcome: write,
    },
  );
  return lines.sort();
}

/** A run over the change of an hour, with an order in it. */
async function overTheHour(): Promise<LiveStage> {
  const stage = await new LiveStage({ latency: 0 }).start(s(-4));
  stage.feed.say(book(s(-3)));
  await stage.pass(s(-2));
  await stage.submit('o1', { quantity: '6', duration: '6s', slices: 6 });
  stage.feed.say(delta(s(-1), [['99', '7']], []));
  await stage.pass(HOUR - 1_000);
  // one batch over the hour: its first messages belong to the book at the head of the next stream
  stage.feed.say(
    delta(HOUR - 2, [['98', '4']], []),
    delta(HOUR - 1, [], [['102', '8']]),
    delta(HOUR, [['99', '0']], [['101', '49']]),
    traded(HOUR, { side: 'buy', price: '101', quantity: '1' }),
  );
  await stage.pass(s(2));
  stage.feed.say(delta(s(2), [['97', '1']], []));
  await stage.pass(s(3));
  return stage;
}

describe('a stream of market data that begins', () => {
  it('has the book at its head, as it was right before its first input', async () => {
    const stage = await overTheHour();
    const [head, first] = await eventsOf(stage.log, stream('01'));
    expect(head).to.deep.equal({
      type: 'BookIndexed',
      version: 1,
      at: HOUR - 1,
      data: {
        instrument: BTC,
        seq: first!.seq! - 1,
        trust: 'trusted',
        reason: '',
        bookAt: HOUR - 1,
        part: 0,
        parts: 1,
        bids: [
          ['100', '50'],
          ['99', '7'],
          ['98', '4'],
        ],
        asks: [
          ['101', '50'],
          ['102', '8'],
        ],
      },
    });
    expect(await indexed(stage.log, stream('01'))).to.have.length(1);
    await stage.run.stop();
  });

  it('gives the book that the engine has, read from its head alone', async () => {
    const stage = await overTheHour();
    expect(await bookFromHead(stage.log, stream('01'))).to.deep.equal(plainBook(stage.run.book(BTC, 1_000)!));
    stage.feed.say(book(s(4)), delta(s(4), [['100', '1']], []));
    await stage.pass(s(5));
    expect(await bookFromHead(stage.log, stream('01'))).to.deep.equal(plainBook(stage.run.book(BTC, 1_000)!));
    await stage.run.stop();
  });

  it('is verified and exported as if no book stood there', async () => {
    const stage = await overTheHour();
    await stage.run.stop();
    const bare = await without(stage.log);
    const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
    expect(verified).to.include({ same: true, difference: null });
    expect(await verifyLog(bare, DEFAULT_LOG_NAME)).to.deep.equal(verified);
    const lines = await exported(stage.log);
    expect(lines).to.deep.equal(await exported(bare));
    expect(lines.join()).to.include('BookSnapshot').and.not.include('BookIndexed');
  });

  it('says of an instrument that was not seen yet that there is no book', async () => {
    const stage = await new LiveStage().start();
    expect(await indexed(stage.log, stream('00'))).to.deep.equal([
      {
        instrument: BTC,
        seq: 0,
        trust: 'untrusted',
        reason: 'no_snapshot',
        part: 0,
        parts: 1,
        bids: [],
        asks: [],
      },
    ]);
    await stage.run.stop();
  });

  it('says of a book that is not trusted why, and how it stands', async () => {
    const stage = await new LiveStage().start(s(-4));
    stage.feed.say(book(s(-3)));
    await stage.pass(s(-2));
    await stage.crash();
    await stage.start(s(1));
    stage.feed.say(delta(s(1), [['99', '7']], []));
    await stage.pass(s(2));
    expect((await indexed(stage.log, stream('01')))[0]).to.deep.include({
      trust: 'untrusted',
      reason: 'engine_down',
      bids: [['100', '50']],
    });
    expect(await bookFromHead(stage.log, stream('01'))).to.deep.equal(plainBook(stage.run.book(BTC, 1_000)!));
    await stage.run.stop();
  });

  it('gets no second one from the next start, nor when its clock comes back to an earlier hour', async () => {
    const stage = await overTheHour();
    await stage.crash();
    await stage.start(s(10));
    stage.feed.say(book(s(10)), delta(HOUR - 5, [['97', '2']], []), delta(s(11), [['96', '2']], []));
    await stage.pass(s(12));
    await stage.run.stop();
    for (const hour of ['00', '01']) expect(await indexed(stage.log, stream(hour)), hour).to.have.length(1);
    expect((await verifyLog(stage.log, DEFAULT_LOG_NAME)).same).to.equal(true);
  });

  it('has the book of each instrument as of its own first input', async () => {
    const other = { ...SPOT, instrument: 'ETH-USD@test' };
    const stage = await new LiveStage({}, undefined, [SPOT, other]).start(s(-4));
    stage.feed.say(book(s(-3)), book(s(-3), other.instrument));
    await stage.pass(HOUR - 1_000);
    stage.feed.say(
      delta(HOUR - 1, [['99', '1']], [], other.instrument),
      delta(HOUR, [['99', '2']], []),
      delta(HOUR, [['98', '3']], []),
      delta(HOUR + 1, [['98', '4']], [], other.instrument),
    );
    await stage.pass(s(1));
    for (const { instrument } of [SPOT, other]) {
      const [head, first] = await eventsOf(stage.log, stream('01', instrument));
      expect((head!.data as unknown as BookIndex).seq).to.be.below(first!.seq!);
      expect(await bookFromHead(stage.log, stream('01', instrument))).to.deep.equal(
        plainBook(stage.run.book(instrument, 1_000)!),
      );
    }
    await stage.run.stop();
  });

  it('tells a client the trades that it missed, and not the book between them', async () => {
    const stage = await overTheHour();
    const frames: string[] = [];
    for await (const { type } of stage.run.framesAfter(`trades:${BTC}`, '0.0')) frames.push(type);
    expect(frames).to.have.length(1);
    await stage.run.stop();
  });
});
