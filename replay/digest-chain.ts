import type { LogEvent } from '../core/ports.js';
import type { SeenCheckpoint } from './check-checkpoints.js';
import { InputsDigest } from './inputs-digest.js';

/** Holds the inputs of a log, in their order, against the chained digests that its checkpoints say. */
export class DigestChain {
  /** Checkpoints whose digest was computed anew. */
  compared = 0;
  #digest: InputsDigest | undefined = new InputsDigest('');
  #index = 0;

  /** @param differs  called with a checkpoint whose digest is another one */
  constructor(
    readonly checkpoints: readonly SeenCheckpoint[],
    readonly differs: (checkpoint: SeenCheckpoint) => void,
  ) {}

  follow(input: LogEvent): void {
    this.#digest?.add(input);
    for (let next = this.#at(input.seq!); next !== undefined; next = this.#at(input.seq!)) {
      if (next.isSound && this.#digest !== undefined) {
        this.compared++;
        if (this.#digest.take() !== next.inputsDigest) this.differs(next);
      }
      this.#digest = from(next);
      this.#index++;
    }
  }

  /** Inputs are gone: the chain begins again at the next checkpoint. */
  skip(to: number): void {
    this.#digest = undefined;
    for (;;) {
      const next = this.checkpoints[this.#index];
      if (next === undefined || next.seq > to) return;
      if (next.seq === to) this.#digest = from(next);
      this.#index++;
    }
  }

  #at(seq: number): SeenCheckpoint | undefined {
    const next = this.checkpoints[this.#index];
    return next?.seq === seq ? next : undefined;
  }
}

/** Each is held to the one before, as it is stored; behind a damaged one a start may have gone on from that or from an earlier one. */
const from = ({ isSound, inputsDigest }: SeenCheckpoint): InputsDigest | undefined =>
  isSound ? new InputsDigest(inputsDigest) : undefined;
