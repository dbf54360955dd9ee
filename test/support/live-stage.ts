import { manualClock, type ManualClock } from '../../adapters/clock/manual-clock.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { startLive, type RunningLive } from '../../api/live/live.js';
import { upkeep } from '../../api/live/upkeep.js';
import { memoryOrderTable } from '../../adapters/tables/memory.js';
import { DEFAULT_VENUE, type VenueSettings } from '../../core/desk/settings.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import { LogFailure, type EventLog, type MarketFeed, type OrderTable, type StopSignal } from '../../core/ports.js';
import type { EpochMicros, Micros } from '../../core/time.js';
import { asDescribed } from './described.js';
import { BTC, SPOT, T0 } from './market.js';

/** A feed that says what it is told to say. */
export class ScriptedFeed implements MarketFeed {
  snapshotsAsked = 0;
  #events: MarketEvent[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(readonly instruments: readonly InstrumentDefinition[] = [SPOT]) {}

  say(...events: readonly MarketEvent[]): void {
    this.#events.push(...events);
    this.#wake?.();
  }

  /** The feed is over. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  requestSnapshots(): void {
    this.snapshotsAsked++;
  }

  async *watch(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    signal.addEventListener('abort', () => this.#wake?.());
    while (!signal.aborted && !this.#ended) {
      if (this.#events.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const events = this.#events;
      this.#events = [];
      if (events.length > 0) yield events;
    }
  }
}

/** What becomes of appends. */
interface Cut {
  dead: boolean;
  held?: Promise<void>;
  arrives?: (stream: string) => boolean;
}

/** A live run on a stage: a log that can be cut off, a clock that only we move, a feed that we speak for. */
export class LiveStage {
  log: EventLog = memoryLog();
  readonly table: OrderTable = memoryOrderTable();
  clock: ManualClock = manualClock(T0);
  feed = new ScriptedFeed();
  run!: RunningLive;
  /** How long market data gather before they are appended. */
  linger: Micros = 0;
  /** How many inputs each append took. */
  readonly appends: number[] = [];
  /** What was said of damaged checkpoints. */
  readonly damage: string[] = [];
  #cut: Cut = { dead: false };

  constructor(
    readonly venue: Partial<VenueSettings> = {},
    /** How long market data are kept; for ever when absent. */
    readonly keep?: Micros,
    readonly instruments: readonly InstrumentDefinition[] = [SPOT],
  ) {}

  async start(at: EpochMicros = T0): Promise<this> {
    this.clock = manualClock(at);
    this.feed = new ScriptedFeed(this.instruments);
    const cut: Cut = { dead: false };
    this.#cut = cut;
    const log: EventLog = {
      ...this.log,
      append: async (batch) => {
        for (const { events } of batch) events.forEach((event) => asDescribed(event));
        await cut.held;
        const inputs = batch.flatMap(({ events }) => events.filter(({ seq }) => seq !== undefined));
        if (inputs.length > 0) this.appends.push(inputs.length);
        const arriving = batch.filter(({ stream }) => cut.arrives?.(stream) ?? true);
        if (!cut.dead) await this.log.append(arriving);
        if (!cut.dead && arriving.length === batch.length) return;
        cut.dead = true;
        throw new LogFailure('unavailable', 'the machine is gone');
      },
    };
    this.run = await startLive({
      log,
      name: DEFAULT_LOG_NAME,
      table: this.table,
      clock: this.clock,
      linger: this.linger,
      feeds: () => [this.feed],
      settings: { venue: { ...DEFAULT_VENUE, ...this.venue }, seed: 1 },
      paperBalance: '1000000',
      onDamage: ({ message }) => this.damage.push(message),
      ...(this.keep === undefined ? {} : { onCheckpoint: upkeep(this.log, DEFAULT_LOG_NAME, this.keep) }),
    });
    return this;
  }

  /** From now on nothing reaches the disk: the process is dead, whatever it goes on to believe. */
  async crash(): Promise<void> {
    this.#cut.dead = true;
    await this.run.stop();
  }

  /** The log answers no append any more. Call the result to let it go on. */
  stall(): () => void {
    let release!: () => void;
    this.#cut.held = new Promise((resolve) => (release = resolve));
    return release;
  }

  /** Appends wait, and what is said in the meantime comes together in the next one. Call the result to let them go on. */
  async hold(): Promise<() => void> {
    const release = this.stall();
    await this.clock.advance(this.clock.now() + 1_000_000); // a tick is under way
    return release;
  }

  /**
   * As `crash`, on a log whose streams are stored side by side: of the first append that is not to arrive whole these streams
   * arrive, and nothing after it.
   */
  async tear(arrives: (stream: string) => boolean, release?: () => void): Promise<void> {
    this.#cut.arrives = arrives;
    release?.();
    await this.run.stop();
  }

  /** Moves the clock second by second, so that the host ticks as it does in life. */
  async pass(to: EpochMicros): Promise<void> {
    for (let at = this.clock.now() + 1_000_000; at < to; at += 1_000_000) await this.#settle(at);
    await this.#settle(to);
  }

  async #settle(at: EpochMicros): Promise<void> {
    await this.clock.advance(at);
    await this.settled();
  }

  /** Lets the pump finish what it can do without the clock. */
  async settled(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  }

  async submit(orderId: string, parameters: object): Promise<void> {
    const data = { orderId, instrument: BTC, account: 'default', side: 'buy', ...parameters };
    const answer = this.run.command({ type: 'SubmitTwap', version: 1, data: data as never });
    await Promise.all([answer, this.settled()]);
  }

  /** What happened to an order, by type, commands included. */
  async story(orderId: string): Promise<string[]> {
    const history = (await this.run.history(orderId)) ?? [];
    return history.map(({ event }) => {
      const { reason } = event.data as { reason?: string };
      return reason === undefined ? event.type : `${event.type} ${reason}`;
    });
  }
}
