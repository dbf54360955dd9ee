import type { Answer } from './route.js';
import { Problem } from './problem.js';

/** How many answers are kept; the oldest go first. They do not survive a restart. */
const MOST_REMEMBERED = 4096;
const KEY = /^[\x21-\x7e]{1,128}$/;

interface Remembered {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
}

/**
 * Answers by `Idempotency-Key`: who asks again with the same key gets the same answer, and nothing is done twice. An answer
 * that says nothing lasting (unreadable, unknown, cannot serve) is forgotten, so that a retry is worth it.
 */
export class RememberedAnswers {
  readonly #answers = new Map<string, Remembered>();

  constructor(readonly most: number = MOST_REMEMBERED) {}

  get size(): number {
    return this.#answers.size;
  }

  /**
   * @param fingerprint  tells this request from any other: its route and its body
   * @throws {Problem} 409 when the key came with another request, 400 when it is no key
   */
  async once(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<Answer> {
    if (!KEY.test(key))
      throw new Problem(
        400,
        'idempotency_key_invalid',
        'the Idempotency-Key is no key; send 1 to 128 visible characters',
        {
          parameter: 'Idempotency-Key',
        },
      );
    const known = this.#answers.get(key);
    if (known === undefined) return this.#first(key, fingerprint, work);
    if (known.fingerprint !== fingerprint)
      throw new Problem(
        409,
        'idempotency_key_reused',
        'the Idempotency-Key came with another request before; make a new key for each request',
        { parameter: 'Idempotency-Key' },
      );
    return known.answer;
  }

  async #first(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<Answer> {
    const remembered = { fingerprint, answer: work() };
    this.#answers.set(key, remembered);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.most) break;
      this.#answers.delete(oldest);
    }
    try {
      return await remembered.answer;
    } catch (error) {
      if (!lasting(error) && this.#answers.get(key) === remembered) this.#answers.delete(key);
      throw error;
    }
  }
}

const lasting = (error: unknown): boolean => error instanceof Problem && (error.status === 409 || error.status === 422);
