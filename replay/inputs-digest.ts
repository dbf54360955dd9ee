import { canonical } from '../core/json.js';
import type { LogEvent } from '../core/ports.js';
import { sha256 } from './digest.js';

/** The chained digest of all inputs: each checkpoint's begins with the one before. */
export class InputsDigest {
  #digest = sha256();

  constructor(before: string) {
    this.#digest.update(before);
  }

  add(input: LogEvent): void {
    this.#digest.update(`${canonical({ ...input })}\n`);
  }

  /** The digest as of now; the chain goes on from it. */
  take(): string {
    const hex = this.#digest.hex();
    this.#digest = sha256();
    this.#digest.update(hex);
    return hex;
  }
}
