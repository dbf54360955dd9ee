import {
  LogFailure,
  type EventLog,
  type LogEvent,
  type Position,
  type ReadAllOptions,
  type StoredEvent,
  type StreamAppend,
} from '../../core/ports.js';
import { OwnChanges } from './changes.js';
import { canonicalEvent } from './event-id.js';
import { checkStreamName, placeOf, wrongRevision } from './expectation.js';
import { rollsOf } from './rolls.js';
import { follow, type Stretch } from './subscription.js';

const BATCH = 1_000;

interface MemoryStream {
  readonly events: StoredEvent[];
  bytes: number;
}

/** A log that lives as long as its process: for tests, and for replays that keep nothing. */
export function memoryLog(): EventLog {
  const all: (StoredEvent | undefined)[] = []; // dropped events leave holes, so that positions keep their meaning
  const streams = new Map<string, MemoryStream>();
  const changes = new OwnChanges();
  let closed = false;

  const open = (): void => {
    if (closed) throw new LogFailure('unavailable', 'the log is closed; open it again');
  };

  async function* scan(start: number, wanted: (stream: string) => boolean): AsyncGenerator<Stretch<number>> {
    const end = all.length;
    for (let at = start; at < end;) {
      open();
      const next = Math.min(at + BATCH, end);
      const events = all.slice(at, next).filter((stored) => stored !== undefined && wanted(stored.stream));
      yield await Promise.resolve({ events: events as StoredEvent[], next });
      at = next;
    }
  }

  const log: EventLog = {
    async append(batch) {
      open();
      const staged = new Map<string, StoredEvent[]>();
      const order: StoredEvent[] = [];
      for (const part of batch) stage(part, staged, order);
      for (const stored of order) {
        const stream = streams.get(stored.stream) ?? { events: [], bytes: 0 };
        streams.set(stored.stream, stream);
        stream.events.push(stored);
        stream.bytes += Buffer.byteLength(JSON.stringify(stored.event));
        all.push(stored);
      }
      if (order.length > 0) changes.announce();
      return Promise.resolve();
    },
    async *readStream(stream, { from = 0, limit = Infinity } = {}) {
      const end = Math.min(streams.get(stream)?.events.length ?? 0, from + limit);
      for (let at = from; at < end; at += BATCH) {
        open();
        yield await Promise.resolve(streams.get(stream)?.events.slice(at, Math.min(at + BATCH, end)) ?? []);
      }
    },
    async *readAll(options = {}) {
      open();
      for await (const { events } of scan(startOf(options, all.length), wantedBy(options)))
        if (events.length > 0) yield events;
    },
    subscribe: (options, signal) =>
      follow(startOf(options, all.length), (from) => scan(from, wantedBy(options)), changes, signal),
    lastPosition: async () => {
      open();
      return Promise.resolve(all.length === 0 ? undefined : String(all.length - 1));
    },
    lastRevision: async (stream) => {
      open();
      const known = streams.get(stream);
      return Promise.resolve(known === undefined ? undefined : known.events.length - 1);
    },
    async *streams(prefix = '') {
      open();
      const known = [...streams].filter(([stream]) => stream.startsWith(prefix));
      for (const [stream, { events, bytes }] of known.sort(([a], [b]) => (a < b ? -1 : 1)))
        yield await Promise.resolve({ stream, lastRevision: events.length - 1, bytes });
    },
    rolls: (prefix) => rollsOf(log.streams(prefix)),
    async drop(names) {
      open();
      for (const name of names) {
        streams.delete(name);
        for (let at = 0; at < all.length; at++) if (all[at]?.stream === name) all[at] = undefined;
      }
      return Promise.resolve();
    },
    close() {
      closed = true;
      changes.fail(new LogFailure('unavailable', 'the log was closed under its reader'));
      return Promise.resolve();
    },
  };
  return log;

  function stage(part: StreamAppend, staged: Map<string, StoredEvent[]>, order: StoredEvent[]): void {
    const { stream, expected, events } = part;
    checkStreamName(stream);
    const stored = streams.get(stream)?.events ?? [];
    const here = staged.get(stream) ?? [];
    const length = stored.length + here.length;
    const actual = length === 0 ? undefined : length - 1;
    const place = placeOf(part, actual);
    if (place.mayBeRepeat) {
      const standing = [...stored, ...here].slice(place.revision, place.revision + events.length);
      if (!standing.every((old, i) => canonicalEvent(old.event) === canonicalEvent(events[i]!)))
        throw wrongRevision(stream, expected, actual);
      return;
    }
    for (const [i, event] of events.entries()) {
      // the event as it would come back from a disk: what the writer does to its own object later stays outside
      const kept = JSON.parse(JSON.stringify(event)) as LogEvent;
      const one = { stream, revision: place.revision + i, position: String(all.length + order.length), event: kept };
      here.push(one);
      order.push(one);
    }
    staged.set(stream, here);
  }
}

function startOf({ from, after }: ReadAllOptions, end: number): number {
  const first = from === undefined ? 0 : ordinalOf(from, end);
  return after === undefined ? first : Math.max(first, ordinalOf(after, end) + 1);
}

function ordinalOf(position: Position, end: number): number {
  if (!/^\d{1,15}$/.test(position) || Number(position) > end)
    throw new LogFailure('foreign', `${position} is no position of this log; read it from the start`);
  return Number(position);
}

function wantedBy({ prefixes }: ReadAllOptions): (stream: string) => boolean {
  return prefixes === undefined ? () => true : (stream) => prefixes.some((prefix) => stream.startsWith(prefix));
}
