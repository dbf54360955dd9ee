import { capture, type Capture } from '../../core/engine/checkpoint.js';
import type { Engine } from '../../core/engine/engine.js';
import type { EventLog, LogEvent, Position } from '../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../core/time.js';
import { checkpointEvents } from '../../replay/checkpoints.js';
import type { InputsDigest } from '../../replay/inputs-digest.js';

/** A checkpoint is due after this many inputs or this much time, whichever comes first. */
const EVERY_INPUTS = 50_000;
const EVERY_SPAN: Micros = 5 * MICROS.m;

interface Taken {
  readonly capture: Capture;
  readonly at: EpochMicros;
  readonly inputsDigest: string;
  readonly after: Position;
}

/**
 * Takes checkpoints beside the pump: the state is copied at the end of a turn, encoded off the loop, and handed over for the
 * next append once every outcome that it stands on is stored. A checkpoint must never be ahead of the outcomes.
 */
export class Checkpointer {
  #lastSeq: number;
  #lastAt: EpochMicros;
  #taken: Taken | undefined;
  #busy = false;
  #ready: LogEvent[] | undefined;

  /** @param wake  called when a checkpoint is ready to be appended */
  constructor(
    lastSeq: number,
    lastAt: EpochMicros,
    readonly digest: InputsDigest,
    readonly log: EventLog,
    readonly wake: () => void,
  ) {
    this.#lastSeq = lastSeq;
    this.#lastAt = lastAt;
  }

  /**
   * Called between two turns: everything the engine folded is stored, and nothing after it.
   *
   * @param storedN  ordinal of the last outcome that is stored
   */
  async consider(engine: Engine, now: EpochMicros, storedN: number): Promise<void> {
    const due = engine.seq - this.#lastSeq >= EVERY_INPUTS || now - this.#lastAt >= EVERY_SPAN;
    if (due && this.#taken === undefined && !this.#busy) {
      this.#lastSeq = engine.seq;
      this.#lastAt = now;
      const after = (await this.log.lastPosition()) ?? '';
      this.#taken = { capture: capture(engine), at: engine.clock, inputsDigest: this.digest.take(), after };
    }
    if (this.#taken !== undefined && this.#taken.capture.n <= storedN) void this.#encode(this.#taken);
  }

  /** A checkpoint's events, when one is ready; it is handed over once. */
  handOver(): LogEvent[] | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    return ready;
  }

  get isReady(): boolean {
    return this.#ready !== undefined;
  }

  async #encode(taken: Taken): Promise<void> {
    this.#taken = undefined;
    this.#busy = true;
    const { inputsDigest, after } = taken;
    try {
      this.#ready = await checkpointEvents(taken.capture, taken.at, { inputsDigest, after });
    } finally {
      this.#busy = false;
    }
    this.wake();
  }
}
