import { catchError, EMPTY, map, share, Subject, type Observable } from 'rxjs';
import type { Clock } from '../../adapters/clock/clock.js';
import { checkpointStream, RUNS, streamOfInput } from '../../adapters/log/streams.js';
import type { Engine } from '../../core/engine/engine.js';
import type { Refusal } from '../../core/errors.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import { isMarketEvent, type MarketEvent } from '../../core/market/events.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import { LogFailure, type LogEvent, type OtherInput } from '../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../core/time.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import type { InputsDigest } from '../../replay/inputs-digest.js';
import { BookHeads, rollEnds } from './book-heads.js';
import { Checkpointer } from './checkpointer.js';
import { InputQueue, type Amount, type Waiting, type WaitingCommand } from './input-queue.js';
import { CannotServe, type CommandAnswer } from './live-run.js';
import type { StreamWriter } from './stream-writer.js';

/** Inputs that go into one append at the most. */
const TURN: Amount = { count: 1_000, bytes: 512 * 1024 };
/** A log that has taken nothing for so long, while it was asked to, is given no more commands. */
const STALL: Micros = 5 * MICROS.s;

/** An input that has no seq yet. */
export type Unnumbered = MarketEvent | Omit<OtherInput, 'seq'>;

/** One turn of the pump: what was appended and folded, and what followed from it. */
export interface Turn {
  readonly inputs: readonly LogEvent[];
  readonly outcomes: readonly StoredOutcome[];
  /** The last input folded when the turn ended. */
  readonly seq: number;
}

/** Somebody waits for the engine to be where its clock is. */
interface AskedTick {
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

export interface PumpOptions {
  readonly engine: Engine;
  readonly writer: StreamWriter;
  readonly clock: Clock;
  /** The machine's time, by which the log is waited for. */
  readonly hostClock: Clock;
  /** How long market data wait for more of them before they are appended; nothing else does. */
  readonly linger: Micros;
  readonly digest: InputsDigest;
  readonly checkpointSeq: number;
  /** Outcomes that were derived on recovery and are not stored. */
  readonly missing: readonly StoredOutcome[];
  /** What an account's first command must be preceded by. */
  readonly openAccount: (account: string) => Omit<OtherInput, 'seq' | 'at'>;
  /** Called when a checkpoint is stored, with the seq it stands at. */
  readonly onCheckpoint: (seq: number, at: EpochMicros) => Promise<void>;
  /** Called when the run itself stood still for so long that no book is trusted any more. */
  readonly onHole: () => void;
}

/**
 * The one way into the engine: takes what was received off the queue, gives it its seq, appends it, and only then folds it.
 * Outcomes ride in the next append. It ticks at the engine's next due time and each second.
 */
export class Pump {
  readonly queue = new InputQueue();
  /** Hot: a turn as soon as it is folded. */
  readonly turns$: Observable<Turn>;
  /** Outcomes that are not stored yet. */
  unstored: StoredOutcome[];
  readonly #appended = new Subject<readonly LogEvent[]>();
  readonly #stopping = new AbortController();
  readonly #checkpointer: Checkpointer;
  readonly #accounts: Set<string>;
  readonly #encoder = new ColumnEncoder();
  #concluded: StoredOutcome[] = [];
  #lastTick: EpochMicros = 0;
  /** Since when the log is being waited for, by the machine's time. */
  #waitsSince: EpochMicros | undefined;
  /** Whoever asked for a tick. */
  #ticksAsked: AskedTick[] = [];
  readonly #heads: BookHeads;
  #foldError: Error | undefined;

  constructor(readonly options: PumpOptions) {
    const { engine, digest, checkpointSeq, missing, clock, writer } = options;
    this.unstored = [...missing];
    this.#heads = new BookHeads(engine, writer);
    this.#accounts = new Set(engine.desks.keys());
    this.#checkpointer = new Checkpointer(checkpointSeq, clock.now(), digest, writer.log, () => this.queue.wake());
    this.turns$ = this.#appended.pipe(
      map((inputs) => this.#fold(inputs)),
      catchError((error: Error) => {
        this.#foldError = error; // the pump stops on it; whoever looks on only sees the end
        return EMPTY;
      }),
      share(),
    );
  }

  /** What the engine concluded; the host hands it over as it happens. */
  onOutcome(outcome: StoredOutcome): void {
    this.unstored.push(outcome);
    this.#concluded.push(outcome);
  }

  /** Asks for a command to be logged and folded. @throws {CannotServe} */
  command(command: UnstampedCommand): Promise<CommandAnswer> {
    return new Promise((answer, fail) => {
      this.#refuseIfStalled();
      this.queue.putCommand({ at: this.options.clock.now(), command, answer, fail });
    });
  }

  /** Brings the engine to the present, behind all that waits; resolves once that is folded. @throws {CannotServe} */
  tick(): Promise<void> {
    return new Promise((answer, fail) => {
      this.#ticksAsked.push({ answer, fail });
      this.queue.wake();
    });
  }

  /** Pumps until `stop`, and then what still waits. Rejects when the log fails; what waits is then turned away. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      while (!signal.aborted) {
        await this.#somethingToDo();
        await this.#linger();
        await this.#work(this.queue.take(TURN, rollEnds()));
      }
      do await this.#work(this.queue.take(TURN, rollEnds()));
      while (this.queue.length > 0);
      await this.#close();
    } finally {
      for (const waiting of this.queue.take({ count: Infinity, bytes: Infinity }))
        if (waiting.kind === 'command')
          waiting.fail(new CannotServe('stopping', 'the server stopped before it took this command; send it again'));
      for (const { fail } of this.#ticksAsked) fail(new CannotServe('stopping', 'the server stopped'));
      this.#appended.complete();
    }
  }

  stop(): void {
    this.#stopping.abort();
    this.queue.wake();
  }

  /** Appends and folds inputs outside the queue: how a run begins. */
  async first(events: readonly Unnumbered[], firstSeq: number): Promise<void> {
    this.#lastTick = this.options.clock.now();
    await this.#turn(events, [], firstSeq);
  }

  /** Stores what is not stored yet, and then that this was the end: whoever starts next knows that nothing is under way. */
  async #close(): Promise<void> {
    const { engine, writer, clock } = this.options;
    await this.#append([]);
    const data = { seq: engine.seq, n: engine.n };
    writer.add(RUNS, { type: 'RunStopped', version: 1, at: clock.now(), data });
    await writer.flush();
  }

  async #somethingToDo(): Promise<void> {
    if (this.queue.length > 0 || this.unstored.length > 0 || this.#checkpointer.isReady) return;
    if (this.#ticksAsked.length > 0) return;
    await this.#until(
      () => this.queue.length > 0,
      (signal) => this.options.clock.until(this.#nextTick, signal),
    );
  }

  /** Lets market data gather for an append that takes its time. What somebody waits for goes at once. */
  async #linger(): Promise<void> {
    const { linger, clock, hostClock } = this.options;
    if (linger === 0 || this.unstored.length > 0 || this.#checkpointer.isReady || this.queue.length === 0) return;
    if (clock.now() >= this.#nextTick) return;
    const until = hostClock.now() + linger;
    await this.#until(
      () => this.queue.isPressing(TURN),
      (signal) => Promise.race([hostClock.until(until, signal), clock.until(this.#nextTick, signal)]),
    );
  }

  /** When the engine is ticked next. */
  get #nextTick(): EpochMicros {
    const beat = this.#lastTick + MICROS.s;
    const { nextDue } = this.options.engine;
    return nextDue < beat ? nextDue : beat;
  }

  /** Waits for the queue, for a time, or for the end. */
  async #until(enough: () => boolean, time: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    const wait = new AbortController();
    const stop = (): void => wait.abort();
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.queue.until(enough), time(wait.signal)]);
    wait.abort();
    signal.removeEventListener('abort', stop);
  }

  #refuseIfStalled(): void {
    const waited = this.#waitsSince === undefined ? 0 : this.options.hostClock.now() - this.#waitsSince;
    if (waited > STALL)
      throw new CannotServe(
        'overloaded',
        `the log has taken nothing for ${Math.floor(waited / MICROS.s)} s, and this command was not taken either`,
      );
  }

  async #work(waiting: readonly Waiting[]): Promise<void> {
    const events: Unnumbered[] = [];
    const commands: { readonly waiting: WaitingCommand; readonly index: number }[] = [];
    // our own inputs are stamped by our own clock: never behind what was received before them
    let latest = this.options.engine.clock;
    for (const item of waiting) {
      if (item.at > latest) latest = item.at;
      if (item.kind === 'market') {
        events.push(item.event);
        continue;
      }
      const { account } = item.command.data;
      if (!this.#accounts.has(account)) {
        this.#accounts.add(account);
        events.push({ ...this.options.openAccount(account), at: latest });
      }
      commands.push({ waiting: item, index: events.length });
      events.push({ ...item.command, at: latest });
    }
    const now = this.options.clock.now();
    // what still waits was received before now, and moves the clock itself: a tick must not overtake it
    const isTime =
      now >= this.#lastTick + MICROS.s || now >= this.options.engine.nextDue || this.#ticksAsked.length > 0;
    let ticked: readonly AskedTick[] = [];
    if (isTime && this.queue.length === 0) {
      ticked = this.#ticksAsked;
      this.#ticksAsked = [];
      events.push({ type: 'ClockTicked', version: 1, at: now > latest ? now : latest, data: {} });
      this.#lastTick = now;
    }
    const { holes } = this.options.engine;
    await this.#turn(events, commands);
    for (const { answer } of ticked) answer();
    if (this.options.engine.holes > holes) this.options.onHole();
    const oldest = this.unstored[0];
    const { engine } = this.options;
    await this.#checkpointer.consider(engine, now, oldest === undefined ? engine.n : oldest.n! - 1);
  }

  async #turn(
    events: readonly Unnumbered[],
    commands: readonly { readonly waiting: WaitingCommand; readonly index: number }[],
    firstSeq = this.options.engine.seq + 1,
  ): Promise<void> {
    const inputs = events.map((event, i) => ({ ...event, seq: firstSeq + i }) as unknown as LogEvent);
    try {
      await this.#append(inputs);
    } catch (cause) {
      for (const { waiting } of commands) waiting.fail(new CannotServe('log_failed', notTaken(cause), { cause }));
      throw cause;
    }
    this.#concluded = [];
    this.#appended.next(inputs);
    if (this.#foldError !== undefined) throw this.#foldError;
    const refusals = refusalsByCause(this.#concluded);
    for (const { waiting, index } of commands) {
      const seq = firstSeq + index;
      const refusal = refusals.get(seq);
      waiting.answer(refusal === undefined ? { seq } : { seq, refusal });
    }
  }

  /** Appends outcomes that are not stored, a checkpoint that is ready, and the inputs; resolved means durable. */
  async #append(inputs: readonly LogEvent[]): Promise<void> {
    const { writer } = this.options;
    const outcomes = this.unstored;
    for (const { stream, revision, ...event } of outcomes) writer.add(stream, event, revision);
    const checkpoint = this.#checkpointer.handOver() ?? [];
    for (const event of checkpoint) writer.add(checkpointStream(event.at), event);
    this.#waitsSince = this.options.hostClock.now();
    for (const input of inputs) {
      const stream = streamOfInput(input);
      if (this.#heads.mayBegin(stream, input)) await this.#heads.put(stream, input.data.instrument);
      writer.add(stream, input);
    }
    if (!writer.isEmpty) {
      await writer.flush();
      this.unstored = this.unstored.slice(outcomes.length);
      const taken = checkpoint.at(-1);
      if (taken !== undefined) await this.options.onCheckpoint((taken.data as { seq: number }).seq, taken.at);
    }
    this.#waitsSince = undefined;
  }

  #fold(inputs: readonly LogEvent[]): Turn {
    const { engine, digest } = this.options;
    const others: OtherInput[] = [];
    for (const input of inputs) {
      digest.add(input);
      if (isMarketEvent(input)) this.#encoder.add(input.seq!, input);
      else others.push(input as OtherInput);
    }
    engine.fold({ market: this.#encoder.lend(), others });
    return { inputs, outcomes: this.#concluded, seq: engine.seq };
  }
}

/** What became of a command whose append failed, as far as that is known. */
function notTaken(cause: unknown): string {
  if (cause instanceof LogFailure && (cause.code === 'disk_full' || cause.code === 'read_only'))
    return 'the log did not take the command, and nothing was done';
  return (
    'the log failed, and may or may not have taken the command: when the server runs again, GET the order, ' +
    'or send it again with the same orderId'
  );
}

/** Which commands the engine turned down, by their seq: an outcome's cause. */
function refusalsByCause(outcomes: readonly StoredOutcome[]): Map<number, Refusal> {
  const refusals = new Map<number, Refusal>();
  for (const { type, cause, data } of outcomes)
    if (type === 'CommandRefused' || type === 'OrderRefused')
      refusals.set(cause!, (data as unknown as { refusal: Refusal }).refusal);
  return refusals;
}
