// One side of the row `store`: told what to do over its channel to the parent, it answers with what it took.
// `ours` goes through the adapter, `bare` asks the vendor's client for the same.
import {
  EventStoreDBClient,
  jsonEvent,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { openEventStoreLog } from '../../../adapters/log/eventstoredb/open.js';
import type { EventLog, LogEvent, StoredEvent } from '../../../core/ports.js';
import { systemClock } from '../../../adapters/clock/system-clock.js';
import { memoryOrderTable } from '../../../adapters/tables/memory.js';
import { startLive, type RunningLive } from '../../../api/live/live.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import { ScriptedFeed } from '../../support/live-stage.js';
import { BTC, snapshot } from '../../support/market.js';
import { profiled, profileText } from '../profile.js';

export interface Task {
  readonly what: 'append' | 'stream' | 'all' | 'subscription' | 'command';
  /** What the names of the streams begin with. */
  readonly prefix: string;
  readonly events: number;
  readonly profile?: boolean;
}

/** In milliseconds: by the clock, and of the processor for this process alone. */
export interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

const BYTES = 250;
const BATCH = 100;
const STREAMS = 4;

const [, , mode = 'ours', connection = ''] = process.argv;
const side = mode === 'ours' ? await ours() : bare();

process.on('message', (task: Task) => void carryOut(task));
process.on('disconnect', () => process.exit(0));
process.send!('ready');

async function carryOut(task: Task): Promise<void> {
  const batches = task.what === 'append' ? batchesOf(task.events / STREAMS) : [];
  let took: Took | undefined;
  const work = async (): Promise<void> => {
    const start = performance.now();
    const before = process.cpuUsage();
    const done = await side[task.what](task, batches);
    const { user, system } = process.cpuUsage(before);
    took = { ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
    if (done !== task.events) throw new Error(`${mode} ${task.what}: ${done} events instead of ${task.events}`);
  };
  if (task.profile === true) console.error(`${mode} ${task.what}\n${profileText(await profiled(work))}`);
  else await work();
  process.send!(took);
}

/** Events of one stream, in the batches in which they are appended. */
function batchesOf(events: number): readonly (readonly LogEvent[])[] {
  return Array.from({ length: events / BATCH }, (_, b) =>
    Array.from({ length: BATCH }, (__, i) => eventOf(b * BATCH + i)),
  );
}

function eventOf(seq: number): LogEvent {
  const at = 1_723_161_313_000_000 + seq;
  const bids = [['61234.50', '0.123']];
  const data = { instrument: 'BTC-USDT@sample', venueAt: at, venueSeq: seq, bids, asks: bids, pad: '' };
  const event = { type: 'BookDelta', version: 1, at, seq, data };
  return { ...event, data: { ...data, pad: 'x'.repeat(BYTES - JSON.stringify(event).length) } };
}

type Side = Readonly<Record<Task['what'], (task: Task, batches: readonly (readonly LogEvent[])[]) => Promise<number>>>;

/** Appends them to as many streams at once, each batch of a stream when the one before is acknowledged. */
async function inStreams(
  batches: readonly (readonly LogEvent[])[],
  append: (stream: number, events: readonly LogEvent[], revision: number) => Promise<unknown>,
): Promise<number> {
  const write = async (_: unknown, stream: number): Promise<void> => {
    for (const [b, events] of batches.entries()) await append(stream, events, b * BATCH - 1);
  };
  await Promise.all(Array.from({ length: STREAMS }, write));
  return STREAMS * BATCH * batches.length;
}

/** A live run on the log, in a market that stands still. */
async function quietRun(log: EventLog): Promise<RunningLive> {
  const clock = systemClock();
  const feed = new ScriptedFeed();
  const run = await startLive({
    log,
    name: 'command.',
    table: memoryOrderTable(),
    clock,
    feeds: () => [feed],
    settings: { venue: DEFAULT_VENUE, seed: 1 },
    paperBalance: '1000000000',
  });
  feed.say(snapshot(clock.now(), [['100', '50']], [['101', '50']]));
  return run;
}

async function ours(): Promise<Side> {
  const log = await openEventStoreLog(connection);
  let run: RunningLive | undefined;
  const count = async (pages: AsyncIterable<readonly StoredEvent[]>): Promise<number> => {
    let events = 0;
    for await (const page of pages) events += page.length;
    return events;
  };
  return {
    append: ({ prefix }, batches) =>
      inStreams(batches, (stream, events, revision) =>
        log.append([{ stream: `${prefix}${stream}`, expected: revision < 0 ? 'no_stream' : revision, events }]),
      ),
    stream: ({ prefix }) => count(log.readStream(`${prefix}0`)),
    all: ({ prefix }) => count(log.readAll({ prefixes: [prefix] })),
    async subscription({ prefix, events }) {
      const stop = new AbortController();
      let seen = 0;
      for await (const item of log.subscribe({ prefixes: [prefix] }, stop.signal)) {
        if (item.kind === 'events') seen += item.events.length;
        if (seen >= events) stop.abort();
      }
      return seen;
    },
    async command({ prefix, events }) {
      run ??= await quietRun(log);
      for (let number = 0; number < events; number++) {
        const order = { orderId: `${prefix}${number}`, instrument: BTC, account: 'default', side: 'buy' as const };
        const plan = { quantity: '1', duration: '1m', startTime: 'manual' };
        const { refusal } = await run.command({ type: 'SubmitTwap', version: 1, data: { ...order, ...plan } });
        if (refusal !== undefined) throw new Error(JSON.stringify(refusal));
      }
      return events;
    },
  };
}

function bare(): Side {
  const client = EventStoreDBClient.connectionString(connection);
  const count = async (
    read: AsyncIterable<ResolvedEvent | AllStreamResolvedEvent>,
    prefix: string,
    most = Infinity,
  ) => {
    let events = 0;
    for await (const { event } of read) {
      if (event?.streamId.startsWith(prefix) === true) events += 1;
      if (events >= most) break;
    }
    return events;
  };
  return {
    append: ({ prefix }, batches) =>
      inStreams(batches, (stream, events, revision) =>
        client.appendToStream(
          `${prefix}${stream}`,
          events.map((event) => jsonEvent({ type: event.type, data: { ...event } })),
          { expectedRevision: revision < 0 ? 'no_stream' : BigInt(revision) },
        ),
      ),
    stream: ({ prefix }) => count(client.readStream(`${prefix}0`), prefix),
    all: ({ prefix }) => count(client.readAll({ fromPosition: START }), prefix),
    subscription: ({ prefix, events }) =>
      count(
        client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [prefix] }) }),
        prefix,
        events,
      ),
    async command({ prefix, events }) {
      for (let number = 0; number < events; number++) {
        const event = eventOf(number);
        const data = { ...event };
        await client.appendToStream(`${prefix}${number}`, [jsonEvent({ type: event.type, data })], {
          expectedRevision: 'no_stream',
        });
      }
      return events;
    },
  };
}
