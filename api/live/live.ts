import type { Clock } from '../../adapters/clock/clock.js';
import type { SessionClock, SessionStep } from '../../adapters/venues/session/session-clock.js';
import type { Engine } from '../../core/engine/engine.js';
import { readOutcome } from '../../adapters/log/shapes.js';
import type { RunSettings, RunStarted } from '../../core/engine/inputs.js';
import { canonical, type Json } from '../../core/json.js';
import type { EventLog, FeedStatus, MarketFeed, OtherInput } from '../../core/ports.js';
import type { EpochMicros, Micros } from '../../core/time.js';
import { ENGINE_VERSION } from '../../core/version.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import type { OnDamage } from '../../replay/nearest-checkpoint.js';
import { Answers } from './answers.js';
import { FeedIntake } from './feed-intake.js';
import { CannotServe, type Health, type LiveRun, type Stepped } from './live-run.js';
import type { OrderTable } from '../../core/ports.js';
import { lostSeqs, type SeqRange } from '../../replay/log-pages.js';
import { OrdersView } from './orders-view.js';
import { PastAnswers } from './past.js';
import { Pump, type Unnumbered } from './pump.js';
import { recover } from './recovery.js';
import { StreamWriter } from './stream-writer.js';

export interface LiveOptions {
  readonly log: EventLog;
  /** How the streams of this engine begin. */
  readonly name: string;
  readonly table: OrderTable;
  /** The time that the market lives in. */
  readonly clock: Clock;
  /** The machine's time, by which the log is waited for; `clock` when absent. */
  readonly hostClock?: Clock;
  /** How long market data wait for more of them before they are appended; 0 when absent, for a log that is near. */
  readonly linger?: Micros;
  /** The clock again, where it is that of a captured session: it is told how far the engine has come. */
  readonly session?: SessionClock | undefined;
  /** Makes the feeds, once the engine knows where its log ends. */
  readonly feeds: (engine: Engine) => readonly MarketFeed[];
  readonly settings: RunSettings;
  /** What a paper account holds of every currency when it opens, plain decimal text. */
  readonly paperBalance: string;
  /** Called when a checkpoint is stored: retention goes no further than its seq. */
  readonly onCheckpoint?: (seq: number, at: EpochMicros) => Promise<void>;
  /** Called once for every damaged checkpoint that is passed over; the run goes on without it. */
  readonly onDamage?: OnDamage;
}

export interface RunningLive extends LiveRun {
  readonly engine: Engine;
  /** Resolves when the run has stopped; rejects when its log failed. */
  readonly done: Promise<void>;
  /** Takes no more, finishes what was taken, and stores every outcome. */
  stop(): Promise<void>;
}

/**
 * Brings an engine up to the end of its log, opens a run, and lets the feeds in.
 *
 * @throws {LogFailure} when the log is damaged, or its outcomes do not follow from its inputs
 */
export async function startLive(options: LiveOptions): Promise<RunningLive> {
  const { log, name, table, clock } = options;
  const onDamage = once(options.onDamage);
  let feeds: readonly MarketFeed[] = [];
  const view = new OrdersView(table);
  const pumping: { pump?: Pump } = {}; // outcomes of the recovery come before there is one
  const { engine, missing, checkpointSeq, digest, lost } = await recover(log, name, {
    onCheckpoint: async (n) => {
      if (table.watermark < n) await view.rebuild(executions(log, name), n);
    },
    onOutcome: (outcome) => {
      view.apply(outcome);
      pumping.pump?.onOutcome(outcome);
    },
    onDamage,
  });
  const pump = new Pump({
    engine,
    writer: new StreamWriter(log, name),
    clock,
    hostClock: options.hostClock ?? clock,
    linger: options.linger ?? 0,
    digest,
    checkpointSeq,
    missing,
    openAccount: (account) => opening(account, engine, options.paperBalance),
    onCheckpoint: async (seq, at) => {
      await view.rest(engine.n);
      await options.onCheckpoint?.(seq, at);
    },
    onHole: () => feeds.forEach((feed) => feed.requestSnapshots()),
  });
  pumping.pump = pump;
  feeds = options.feeds(engine);
  return await begin({ ...options, onDamage }, feeds, engine, view, pump, lost);
}

/** The same damage is met again with every look at that place. */
function once(tell: OnDamage = () => undefined): OnDamage {
  const told = new Set<string>();
  return (damage) => {
    if (!told.has(damage.message)) tell(damage);
    told.add(damage.message);
  };
}

async function begin(
  options: LiveOptions & { readonly onDamage: OnDamage },
  feeds: readonly MarketFeed[],
  engine: Engine,
  view: OrdersView,
  pump: Pump,
  lost: SeqRange | undefined,
): Promise<RunningLive> {
  const { log, name, clock, session } = options;
  const stopping = new AbortController();
  let status: Health['status'] = 'starting';
  let reason = '';
  const fail = (error: unknown): void => {
    if (status === 'failed') return;
    status = 'failed';
    reason = error instanceof Error ? error.message : String(error);
    stopping.abort();
    pump.stop();
  };
  const unfolded = [...(await lostSeqs(log, name)), ...(lost === undefined ? [] : [lost])];
  const answers = new Answers(log, name, engine, view, pump, clock, unfolded);
  const past = new PastAnswers({
    log,
    name,
    engine,
    order: (orderId) => view.find(orderId),
    outcomes: (orderId) => answers.outcomes(orderId),
    onDamage: options.onDamage,
  });
  // turns are folded whether or not anybody looks on
  const folding = pump.turns$.subscribe(() => options.session?.lived(engine.clock));
  const firstSeq = (lost?.to ?? engine.seq) + 1;
  await pump.first(runOpening(options.settings, engine, feeds, clock.now(), lost), firstSeq);
  status = 'ok';
  const done = pump.run().catch((error: unknown) => {
    fail(error);
    throw error;
  });
  done.catch(() => undefined); // whoever holds the run looks at it; an unwatched one must not end the process
  const intakes: FeedIntake[] = [];
  for (const feed of feeds) {
    const intake = new FeedIntake(feed, pump.queue, options.hostClock ?? clock, stopping.signal);
    intakes.push(intake);
    feed.requestSnapshots();
    void follow(feed, intake, clock, stopping.signal).catch(fail);
  }
  const leftOut = (instrument: string): number => intakes.reduce((sum, intake) => sum + intake.leftOut(instrument), 0);
  const statusOf = (instrument: string): FeedStatus | undefined =>
    feeds.map((feed) => feed.status?.(instrument)).find((status) => status !== undefined);
  return {
    engine,
    done,
    frames$: answers.frames$,
    health: () => ({
      status,
      ...(reason === '' ? {} : { reason }),
      clock: times(options),
      engine: { seq: engine.seq, n: engine.n, lagMs: answers.lagMs() },
      feeds: answers.feeds(leftOut, statusOf),
    }),
    instruments: () => answers.instruments(),
    book: (instrument, depth) => answers.book(instrument, depth),
    preview: (request) => Promise.resolve(answers.preview(request, () => balances(engine, options.paperBalance))),
    order: (orderId) => Promise.resolve(answers.order(orderId)),
    orders: (query) => Promise.resolve(answers.orders(query)),
    history: (orderId) => answers.history(orderId),
    account: (account) => answers.account(account),
    past,
    watchBook: (instrument) => answers.watchBook(instrument),
    framesAfter: (channel, position) => answers.framesAfter(channel, position),
    step: session?.speed === 'step' ? (step) => stepped(session, step, pump, engine) : undefined,
    command: (command) => {
      if (status === 'ok') return pump.command(command);
      const code = status === 'failed' ? 'log_failed' : status;
      return Promise.reject(new CannotServe(code, `the server is ${status}${reason === '' ? '' : `: ${reason}`}`));
    },
    stop: async () => {
      if (status === 'ok') status = 'stopping';
      stopping.abort();
      for (const intake of intakes) intake.stop(clock.now());
      pump.stop();
      await done.catch(() => undefined);
      if (status !== 'failed') await view.rest(engine.n);
      folding.unsubscribe();
    },
  };
}

function times({ clock, hostClock = clock, session }: LiveOptions): Health['clock'] {
  const { speed = 1, isOver } = session ?? {};
  return { at: clock.now(), wallAt: hostClock.now(), speed, ...(isOver === undefined ? {} : { isOver }) };
}

async function stepped(clock: SessionClock, step: SessionStep, pump: Pump, engine: Engine): Promise<Stepped> {
  await clock.step(step);
  await pump.tick();
  return { at: engine.clock, position: `${engine.seq}.${engine.n}`, isOver: clock.isOver };
}

async function follow(feed: MarketFeed, intake: FeedIntake, clock: Clock, signal: AbortSignal): Promise<void> {
  for await (const events of feed.watch(signal)) await intake.take(events);
  if (!signal.aborted) intake.end(clock.now());
}

function runOpening(
  settings: RunSettings,
  engine: Engine,
  feeds: readonly MarketFeed[],
  at: EpochMicros,
  lost: SeqRange | undefined,
): Unnumbered[] {
  const data: RunStarted['data'] = {
    engineVersion: ENGINE_VERSION,
    settings,
    live: true,
    firstSeq: (lost?.to ?? engine.seq) + 1,
    firstN: engine.n + 1,
    ...(lost === undefined ? {} : { lost: [[lost.from, lost.to]] }),
  };
  const events: Unnumbered[] = [{ type: 'RunStarted', version: 1, at, data: data as unknown as Json }];
  for (const definition of feeds.flatMap(({ instruments }) => instruments)) {
    const known = engine.markets.get(definition.instrument)?.instrument.definition;
    if (known === undefined || canonical({ ...known }) !== canonical({ ...definition }))
      events.push({ type: 'InstrumentDefined', version: 1, at, data: definition });
  }
  return events;
}

function opening(account: string, engine: Engine, amount: string): Omit<OtherInput, 'seq' | 'at'> {
  return { type: 'AccountOpened', version: 1, data: { account, balances: balances(engine, amount) } };
}

/** A paper account holds every currency of every instrument that is served. */
function balances(engine: Engine, amount: string): Record<string, string> {
  const held: Record<string, string> = {};
  for (const { instrument } of engine.markets.values()) {
    const { base, quote, settlement } = instrument.definition;
    for (const currency of [base, quote, settlement]) held[currency] = amount;
  }
  return held;
}

async function* executions(log: EventLog, name: string): AsyncGenerator<StoredOutcome[]> {
  for await (const page of log.readAll({ prefixes: [`${name}execution-`] }))
    yield page.map(({ stream, revision, event }) => ({
      ...readOutcome(event),
      stream: stream.slice(name.length),
      revision,
    }));
}
