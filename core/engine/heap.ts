/** A binary heap: the first of its items by an order without ties is at hand, all others in no order. */
export class Heap<T> {
  readonly #items: T[] = [];

  /** @param before  whether one item comes before another */
  constructor(readonly before: (a: T, b: T) => boolean) {}

  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let i = items.length;
    items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.before(items[parent]!, item)) break;
      items[i] = items[parent]!;
      i = parent;
    }
    items[i] = item;
  }

  /** Takes the first item out. */
  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.before(items[child + 1]!, items[child]!)) child++;
      if (this.before(last, items[child]!)) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = last;
    return top;
  }

  /** All items in their order. */
  list(): T[] {
    return [...this.#items].sort((a, b) => (this.before(a, b) ? -1 : 1));
  }

  clear(): void {
    this.#items.length = 0;
  }
}
