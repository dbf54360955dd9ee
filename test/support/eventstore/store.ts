import type { Journal } from './journal.js';

/** An event as it stands in the store. */
export interface Recorded extends Proposal {
  readonly stream: string;
  readonly revision: number;
  /** Grows over all streams, with gaps. */
  readonly position: number;
  /** Ticks of 100 ns since 1970, as decimal text. */
  readonly created: string;
}

export interface Proposal {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

export type Expected = number | 'no_stream' | 'stream_exists' | 'any';

/** What an append came to. `current` is the last revision, or undefined for a stream that is not there. */
export type Outcome =
  | { readonly kind: 'stored'; readonly current: number | undefined; readonly position: number | undefined }
  | { readonly kind: 'conflict'; readonly current: number | undefined }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'too_large' };

/** What may be set on a stream; `$maxAge` in seconds. */
interface Settings {
  readonly $tb?: number;
  readonly $maxCount?: number;
  readonly $maxAge?: number;
}

interface Stream {
  readonly events: Recorded[];
  /** Revisions below are hidden: the stream was deleted when it was so long. */
  hiddenBelow: number;
  buried: boolean;
}

/** Most bytes of one append, as older servers have it. */
export const LARGEST_APPEND = 1_048_576;

/** Streams in memory, with the rules of the real store as far as they were measured. */
export class MemoryStore {
  readonly all: Recorded[] = [];
  /** Where changes are kept, if they are. */
  journal: Journal | undefined;
  readonly #streams = new Map<string, Stream>();
  readonly #waiting = new Set<() => void>();
  #end = 0;

  /** @param largestAppend  most bytes of one append */
  constructor(readonly largestAppend = LARGEST_APPEND) {}

  /** @param follows  it comes of another change, which is the one that the journal keeps */
  append(name: string, expected: Expected, proposals: readonly Proposal[], follows = false): Outcome {
    const stream = this.#streams.get(name) ?? { events: [], hiddenBelow: 0, buried: false };
    if (stream.buried) return { kind: 'deleted' };
    if (sizeOf(proposals) > this.largestAppend) return { kind: 'too_large' };
    const { length } = stream.events;
    const current = length === stream.hiddenBelow ? undefined : length - 1;
    if (!isMet(expected, current, length))
      return isRepeat(stream.events, expected, proposals)
        ? this.#stored(stream.events, firstOf(expected) + proposals.length - 1)
        : { kind: 'conflict', current };
    if ((expected === 'any' || expected === 'stream_exists') && proposals.length > 0) {
      const known = stream.events.map(({ id }) => id).lastIndexOf(proposals[0]!.id);
      if (known >= 0 && proposals.every(({ id }, i) => stream.events[known + i]?.id === id))
        return this.#stored(stream.events, known + proposals.length - 1);
    }
    if (proposals.length === 0) return { kind: 'stored', current: current ?? 0, position: undefined };
    this.#streams.set(name, stream);
    if (!follows) this.journal?.appended(name, proposals);
    if (current === undefined && length > 0) this.#note(`$$${name}`, '$metadata', { $tb: length });
    const created = String(BigInt(Date.now()) * 10_000n);
    for (const proposal of proposals) {
      this.#end += 100 + proposal.data.length;
      const one = { ...proposal, stream: name, revision: stream.events.length, position: this.#end, created };
      stream.events.push(one);
      this.all.push(one);
    }
    this.#wake();
    return this.#stored(stream.events, stream.events.length - 1);
  }

  /** What a reader of this stream may see, in the order of revision; undefined for one that is not there. */
  visible(name: string): readonly Recorded[] | 'buried' | undefined {
    const stream = this.#streams.get(name);
    if (stream?.buried === true) return 'buried';
    if (stream === undefined) return undefined;
    const first = Math.max(stream.hiddenBelow, this.#firstKept(name, stream.events));
    if (first >= stream.events.length) return undefined;
    return first === 0 ? stream.events : stream.events.slice(first);
  }

  /** The first revision that the stream's settings do not hide: the last event of `$$NAME` says which. */
  #firstKept(name: string, events: readonly Recorded[]): number {
    const settings = this.#streams.get(`$$${name}`)?.events.at(-1);
    if (settings === undefined) return 0;
    const { $tb = 0, $maxCount = Infinity, $maxAge } = JSON.parse(settings.data.toString()) as Settings;
    const young = BigInt(Date.now() - ($maxAge ?? 0) * 1_000) * 10_000n;
    const aged = $maxAge === undefined ? 0 : events.findIndex(({ created }) => BigInt(created) >= young);
    return Math.max($tb, events.length - $maxCount, aged < 0 ? events.length : aged);
  }

  /** Hides what the stream holds; its numbering goes on. Its events stay in the order of all. */
  delete(name: string): void {
    const stream = this.#streams.get(name);
    if (stream === undefined) return;
    stream.hiddenBelow = stream.events.length;
    this.journal?.ended(name, 'delete');
    this.#note(`$$${name}`, '$metadata', { $tb: Number.MAX_SAFE_INTEGER });
  }

  /** Ends a stream for ever. */
  bury(name: string): void {
    const stream = this.#streams.get(name) ?? { events: [], hiddenBelow: 0, buried: false };
    this.#streams.set(name, stream);
    this.journal?.ended(name, 'bury');
    stream.buried = true;
  }

  /** Index in `all` of the first event at or behind this position. */
  indexFrom(position: number): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.all[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls once, when something was stored or when it is released. */
  onChange(wake: () => void): { release(): void } {
    this.#waiting.add(wake);
    return { release: () => this.#waiting.delete(wake) };
  }

  #note(name: string, type: string, data: unknown): void {
    const text = Buffer.from(JSON.stringify(data));
    const id = `00000000-0000-4000-8000-${String(this.all.length).padStart(12, '0')}`;
    this.append(
      name,
      'any',
      [{ id, type, contentType: 'application/json', metadata: Buffer.alloc(0), data: text }],
      true,
    );
  }

  #stored(events: readonly Recorded[], current: number): Outcome {
    return { kind: 'stored', current, position: events[current]?.position };
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

function isMet(expected: Expected, current: number | undefined, length: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no_stream':
      return current === undefined;
    case 'stream_exists':
      return current !== undefined;
    default:
      return expected === length - 1;
  }
}

const firstOf = (expected: Expected): number => (typeof expected === 'number' ? expected + 1 : 0);

/** All of it stands at exactly these revisions already. */
function isRepeat(events: readonly Recorded[], expected: Expected, proposals: readonly Proposal[]): boolean {
  if (expected === 'any' || expected === 'stream_exists' || proposals.length === 0) return false;
  const first = firstOf(expected);
  return proposals.every(({ id }, i) => events[first + i]?.id === id);
}

const sizeOf = (proposals: readonly Proposal[]): number =>
  proposals.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length, 0);
