/** Lets work on one name happen one after the other, while work on other names goes on. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Names that somebody works on or waits for. */
  get size(): number {
    return this.#last.size;
  }

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }
}
