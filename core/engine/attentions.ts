import type { Desk } from '../desk/desk.js';
import { NO_ATTENTION, type Attention } from '../orders/attention.js';
import type { OrderState } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import { Heap } from './heap.js';
import { Resters } from './resters.js';

/** An order that waits for something, with its desk. */
export interface Follower {
  /** Account, then order id: the order in which followers are looked at, however they came to wait. */
  readonly key: string;
  readonly desk: Desk;
  readonly order: OrderState;
  attention: Attention;
}

/** Those who wait for something about one instrument, by key. */
export interface Watchers {
  readonly touch: Follower[];
  readonly book: Follower[];
  readonly trades: Follower[];
}

interface Look {
  readonly at: EpochMicros;
  readonly follower: Follower;
}

/**
 * Which orders wait for what. It follows from the state and is no part of it: a restored engine looks at every order once and
 * knows it again, so the order in which looks come depends on instants and names alone.
 */
export class Attentions {
  /** Due time of the next look, `Infinity` when there is none. */
  next: EpochMicros = Infinity;
  readonly #followers = new Map<OrderState, Follower>();
  readonly #watchers = new Map<string, Watchers>();
  readonly #desks = new Map<Desk, Follower[]>();
  readonly #resting = new Map<string, Resters>();
  /** What has been overtaken stays in it until its time comes. */
  readonly #looks = new Heap<Look>((a, b) => (a.at !== b.at ? a.at < b.at : a.follower.key < b.follower.key));

  set(desk: Desk, order: OrderState, attention: Attention): void {
    let follower = this.#followers.get(order);
    if (follower === undefined) {
      const key = `${desk.name}\n${order.orderId}`;
      follower = { key, desk, order, attention: NO_ATTENTION };
      this.#followers.set(order, follower);
    }
    const before = follower.attention;
    follower.attention = attention;
    if (before.watch !== attention.watch || before.trades !== attention.trades) this.#watch(follower, before);
    if (before.desk !== attention.desk) this.#follow(follower);
    if (attention.lookAt !== before.lookAt && attention.lookAt !== Infinity) {
      this.#looks.push({ at: attention.lookAt, follower });
      if (attention.lookAt < this.next) this.next = attention.lookAt;
    }
  }

  drop(order: OrderState): void {
    const follower = this.#followers.get(order);
    if (follower === undefined) return;
    this.set(follower.desk, order, NO_ATTENTION);
    this.#followers.delete(order);
  }

  clear(): void {
    for (const order of [...this.#followers.keys()]) this.drop(order);
    this.#looks.clear();
    this.#resting.clear();
    this.next = Infinity;
  }

  /** The follower whose look is due first; it waits for no instant until it is set anew. Undefined for one that was overtaken. */
  pop(): Follower | undefined {
    const look = this.#looks.pop();
    this.next = this.#looks.first?.at ?? Infinity;
    if (look === undefined) return undefined;
    const { follower, at } = look;
    if (follower.attention.lookAt !== at || this.#followers.get(follower.order) !== follower) return undefined;
    follower.attention = { ...follower.attention, lookAt: Infinity };
    return follower;
  }

  watchers(instrument: string): Watchers | undefined {
    return this.#watchers.get(instrument);
  }

  onDesk(desk: Desk): readonly Follower[] {
    return this.#desks.get(desk) ?? [];
  }

  /** A desk has something resting in an instrument's book. */
  rests(instrument: string, desk: Desk): void {
    let resters = this.#resting.get(instrument);
    if (resters === undefined) {
      resters = new Resters();
      this.#resting.set(instrument, resters);
    }
    resters.add(desk, desk.restingAt(instrument));
  }

  /** Who rests in an instrument's book; undefined before anybody did. */
  resting(instrument: string): Resters | undefined {
    return this.#resting.get(instrument);
  }

  #watch(follower: Follower, before: Attention): void {
    const { instrument } = follower.order.parameters;
    let watchers = this.#watchers.get(instrument);
    if (watchers === undefined) {
      watchers = { touch: [], book: [], trades: [] };
      this.#watchers.set(instrument, watchers);
    }
    const { watch, trades } = follower.attention;
    if (before.watch !== watch) {
      if (before.watch !== undefined) remove(watchers[before.watch], follower);
      if (watch !== undefined) insert(watchers[watch], follower);
    }
    if (before.trades && !trades) remove(watchers.trades, follower);
    if (!before.trades && trades) insert(watchers.trades, follower);
  }

  #follow(follower: Follower): void {
    const { desk, attention } = follower;
    const list = this.#desks.get(desk) ?? [];
    this.#desks.set(desk, list);
    if (attention.desk) insert(list, follower);
    else remove(list, follower);
    if (list.length === 0) this.#desks.delete(desk);
  }
}

/** Where a follower belongs in a list by key. */
function placeOf(list: readonly Follower[], { key }: Follower): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]!.key < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

const insert = (list: Follower[], follower: Follower): void => void list.splice(placeOf(list, follower), 0, follower);

function remove(list: Follower[], follower: Follower): void {
  const place = placeOf(list, follower);
  if (list[place] === follower) list.splice(place, 1);
}
