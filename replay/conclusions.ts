import { encodeOutcome, type StoredOutcome } from '../core/engine/outcome-codec.js';
import { canonical } from '../core/json.js';
import type { Concluded } from '../core/orders/outcomes.js';
import { sha256 } from './digest.js';

export type { StoredOutcome };

/** What an engine concludes, made text once, hashed and handed on. */
export class Conclusions {
  count = 0;
  readonly #digest = sha256();
  #undigested = '';

  /** @param listen  called with every outcome in its order */
  constructor(readonly listen: (outcome: StoredOutcome) => void = () => undefined) {}

  /** What an `Engine` is given to conclude into. */
  readonly take = (concluded: Concluded): void => {
    const { stream, revision } = concluded;
    const { type, version, at, n, cause, data } = encodeOutcome(concluded);
    const outcome = { stream, revision, type, version, at, n, cause, data } as StoredOutcome; // an outcome has n and cause
    this.count++;
    this.#undigested += `${canonicalOutcome(outcome)}\n`;
    if (this.#undigested.length > AT_ONCE) this.#digestAll();
    this.listen(outcome);
  };

  /** SHA-256 over the canonical lines of all outcomes. */
  hash(): string {
    this.#digestAll();
    return this.#digest.hex();
  }

  #digestAll(): void {
    this.#digest.update(this.#undigested);
    this.#undigested = '';
  }
}

/** Characters that are digested in one go. */
const AT_ONCE = 65_536;

/** An outcome as one canonical line: what is hashed and what `verify` compares. */
export function canonicalOutcome(outcome: StoredOutcome): string {
  const { stream, revision, type, version, at, n, cause, data } = outcome;
  // as `canonical` writes it: its own keys need not be put in order each time
  const place = `"n":${n ?? 0},"revision":${revision},"stream":${canonical(stream)}`;
  return `{"at":${at},"cause":${cause ?? 0},"data":${canonical(data)},${place},"type":"${type}","version":${version}}`;
}
