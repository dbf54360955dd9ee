import type { ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import { brokenOff, deletedFailure, eventAnswer, nameOf, positionAnswer, refusal } from './answers.js';
import type { Fault, Faults } from './faults.js';
import type { Answer, Filter, ReadReq } from './messages.js';
import type { MemoryStore, Recorded } from './store.js';

type Call = ServerWritableStream<ReadReq, Answer>;

/** How many events a follower is given before the server sees to others. */
const PAGE = 32;

/** The call that reads: a stream or all of them, once or for as long as the reader stays. */
export class Reading {
  constructor(
    private readonly store: MemoryStore,
    private readonly faults: Faults,
    private readonly port: () => number,
  ) {}

  readonly #followers = new Set<Call>();

  /** Ends what follows this node, as one does that no longer leads. */
  sendAway(): void {
    for (const call of this.#followers) call.emit('error', refusal('not_leader', this.faults.leader ?? this.port()));
    this.#followers.clear();
  }

  readonly read = (call: Call): void => {
    const following = call.request.options.subscription !== undefined;
    call.on('error', () => undefined); // the client went away; nobody is left to tell
    if (!following) {
      void this.#page(call);
      return;
    }
    this.#followers.add(call);
    void this.#follow(call).finally(() => this.#followers.delete(call));
  };

  async #page(call: Call): Promise<void> {
    const fault = this.faults.take('read');
    if (fault !== undefined && (await this.#meets(call, fault))) return;
    const { options } = call.request;
    const found = this.#source(options);
    if (found === 'buried') {
      call.emit('error', deletedFailure(nameOf(options.stream!.identifier)));
      return;
    }
    if (found === undefined) {
      await send(call, { stream_not_found: { identifier: options.stream!.identifier } });
      call.end();
      return;
    }
    let left = Number(options.count ?? 0);
    for (const one of found()) {
      if (left-- <= 0 || call.cancelled) break;
      await send(call, eventAnswer(one, options.uuid_option?.structured !== undefined));
    }
    call.end();
  }

  /** The events asked for, the first one included, in the direction asked for. */
  #source(options: ReadReq['options']): (() => Iterable<Recorded>) | 'buried' | undefined {
    const backwards = options.direction === 1;
    const { stream, all } = options;
    if (stream !== undefined) {
      const events = this.store.visible(nameOf(stream.identifier));
      if (events === undefined || events === 'buried') return events;
      const first = events[0]!.revision;
      const asked = stream.revision === undefined ? undefined : Number(stream.revision) - first;
      if (backwards) return () => descending(events, asked ?? events.length - 1);
      return () => (stream.end === undefined ? ascending(events, asked ?? 0) : []);
    }
    const at = all?.position === undefined ? undefined : Number(all.position.commit_position);
    const events = this.store.all;
    if (backwards) return () => descending(events, (at === undefined ? events.length : this.store.indexFrom(at)) - 1);
    return () => (all?.end === undefined ? ascending(events, this.store.indexFrom(at ?? 0)) : []);
  }

  async #follow(call: Call): Promise<void> {
    const fault = this.faults.take('subscription');
    await send(call, { confirmation: { subscription_id: String(this.store.all.length) } });
    if (fault !== undefined && fault.kind !== 'twice' && (await this.#meets(call, fault))) return;
    const { options } = call.request;
    const structured = options.uuid_option?.structured !== undefined;
    const { filter, stream } = options;
    const name = stream === undefined ? undefined : nameOf(stream.identifier);
    const wanted = wantedBy(filter, name);
    const checkpoint = filter === undefined ? Infinity : (filter.checkpoint_interval ?? 1) * (filter.max ?? PAGE);
    let next = this.#startOf(options);
    let considered = 0;
    let live = false;
    while (!call.cancelled && !call.destroyed) {
      const last = next;
      for (; next < this.store.all.length && next - last < PAGE * PAGE; next++) {
        const one = this.store.all[next]!;
        if (wanted(one))
          for (let copies = fault?.kind === 'twice' ? 2 : 1; copies > 0; copies--)
            await send(call, eventAnswer(one, structured));
        considered += 1;
        if (considered % checkpoint === 0) await send(call, { checkpoint: positionAnswer(one.position) });
      }
      if (next < this.store.all.length) {
        await new Promise(setImmediate);
        continue;
      }
      if (!live) {
        if (filter !== undefined && next > 0)
          await send(call, { checkpoint: positionAnswer(this.store.all[next - 1]!.position) });
        await send(call, { caught_up: {} });
      }
      live = true;
      if (next === this.store.all.length) await this.#change(call);
    }
  }

  /** Index of the first event behind the one that was named. */
  #startOf({ stream, all }: ReadReq['options']): number {
    const events = this.store.all;
    if (stream?.end !== undefined || all?.end !== undefined) return events.length;
    if (stream?.revision !== undefined) {
      const name = nameOf(stream.identifier);
      const seen = Number(stream.revision);
      const at = events.findIndex((one) => one.stream === name && one.revision > seen);
      return at < 0 ? events.length : at;
    }
    return all?.position === undefined ? 0 : this.store.indexFrom(Number(all.position.commit_position) + 1);
  }

  #change(call: Call): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        waiting.release();
        call.off('cancelled', done);
        resolve();
      };
      const waiting = this.store.onChange(done);
      call.on('cancelled', done);
    });
  }

  /** Whether the fault was the end of the call. */
  async #meets(call: Call, fault: Fault['what']): Promise<boolean> {
    switch (fault.kind) {
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return false;
      case 'silence':
        return true;
      case 'break':
        call.emit('error', brokenOff());
        return true;
      case 'end':
        call.end();
        return true;
      case 'die':
        process.exit(1);
        return true;
      case 'refuse':
        call.emit('error', refusal(fault.as, this.faults.leader ?? this.port()));
        return true;
      case 'twice':
        return false;
    }
  }
}

function* ascending(events: readonly Recorded[], from: number): Iterable<Recorded> {
  const end = events.length;
  for (let at = Math.max(from, 0); at < end; at++) yield events[at]!;
}

function* descending(events: readonly Recorded[], from: number): Iterable<Recorded> {
  for (let at = Math.min(from, events.length - 1); at >= 0; at--) yield events[at]!;
}

function wantedBy(filter: Filter | undefined, name: string | undefined): (one: Recorded) => boolean {
  if (name !== undefined) return (one) => one.stream === name;
  const expression = filter?.stream ?? filter?.type;
  if (expression === undefined) return () => true;
  const text = filter?.stream === undefined ? (one: Recorded) => one.type : (one: Recorded) => one.stream;
  if (expression.regex !== undefined && expression.regex !== '') {
    const pattern = new RegExp(expression.regex);
    return (one) => pattern.test(text(one));
  }
  return (one) => expression.prefix.some((prefix) => text(one).startsWith(prefix));
}

/** Writes, and waits while the reader is slower than the store. */
async function send(call: Call, answer: Answer): Promise<void> {
  if (call.cancelled || call.write(answer)) return;
  const over = new AbortController();
  const gone = (): void => over.abort();
  call.on('cancelled', gone);
  await once(call, 'drain', { signal: over.signal }).catch(() => undefined);
  call.off('cancelled', gone);
}
