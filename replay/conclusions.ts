import { encodeOutcome, type StoredOutcome } from '../core/engine/outcome-codec.js';
import { canonical, type Json } from '../core/json.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { sha256 } from './digest.js';

export type { StoredOutcome };

/** What an engine concludes, made text once, hashed and handed on. */
export class Conclusions {
  count = 0;
  readonly #digest = sha256();

  /** @param listen  called with every outcome in its order */
  constructor(readonly listen: (outcome: StoredOutcome) => void = () => undefined) {}

  /** What an `Engine` is given to conclude into. */
  readonly take = (concluded: Concluded): void => {
    const outcome: StoredOutcome = {
      stream: concluded.stream,
      revision: concluded.revision,
      ...encodeOutcome(concluded),
    };
    this.count++;
    this.#digest.update(`${canonicalOutcome(outcome)}\n`);
    this.listen(outcome);
  };

  /** SHA-256 over the canonical lines of all outcomes. */
  hash(): string {
    return this.#digest.hex();
  }
}

/** An outcome as one canonical line: what is hashed and what `verify` compares. */
export function canonicalOutcome(outcome: StoredOutcome): string {
  const { stream, revision, type, version, at, n, cause, data } = outcome;
  return canonical({ stream, revision, type, version, at, n, cause, data } as Json);
}
