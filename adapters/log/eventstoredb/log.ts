import {
  LogFailure,
  type EventLog,
  type Position,
  type ReadAllOptions,
  type StoredEvent,
  type StreamInfo,
} from '../../../core/ports.js';
import { checkStreamName } from '../expectation.js';
import { Appends } from './appends.js';
import { eventOf } from './body.js';
import { Catalog, CATALOG_STREAM } from './catalog.js';
import { follow, type Stretch } from './follow.js';
import type { NodeClient, NodeEvent, NodePosition, PatientNode } from './node.js';
import { isBehind, nodePosition, positionText } from './position.js';
import { read } from './read.js';
import { answered } from './refusals.js';
import { checkUnbroken, missing } from './unbroken.js';

/** A reading of so few events is asked for by their number, so that the node sends no more. */
const SOME = 200;
/** Streams that are asked for their ends at once. */
const ASKED = 16;

/**
 * A log on a node or cluster.
 *
 * @param namespace stands before the name of each stream in the store, and is taken off again
 */
export async function eventStoreLog(node: PatientNode, namespace: string): Promise<EventLog> {
  const wireName = (stream: string): string => namespace + stream;
  const catalog = new Catalog(node, wireName);
  const appends = new Appends(node, wireName, catalog);
  const ask = <Answer>(what: string, call: (client: NodeClient) => Promise<Answer>): Promise<Answer> =>
    answered(what, node.ask(what, call));

  const lastOfAll = async (): Promise<NodePosition | undefined> =>
    (await ask('reading the end of the log', (client) => client.lastOfAll()))?.position;

  /** Revision of the last event in the store, of a stream that was dropped too. */
  const lastOf = async (stream: string): Promise<number | undefined> =>
    (await ask(`reading the end of ${stream}`, (client) => client.lastOfStream(wireName(stream))))?.revision;

  /** Where a reading begins. An empty list of prefixes asks the node for everything; undefined: for nothing at all. */
  async function begin({ from, after, prefixes }: ReadAllOptions, end: NodePosition | undefined) {
    await refresh();
    const start = [from, after].map((position) => (position === undefined ? undefined : known(position, end)));
    const [first, seen] = start;
    const names = prefixes ?? [''];
    return {
      first: first !== undefined && isBehind(first, seen) ? first : undefined,
      after: first !== undefined && isBehind(first, seen) ? first : seen,
      prefixes: names.length === 0 ? undefined : names.some((name) => wireName(name) === '') ? [] : names.map(wireName),
      wanted: (stream: string): boolean => names.some((name) => stream.startsWith(name)),
    };
  }

  function known(position: Position, end: NodePosition | undefined): NodePosition {
    const place = nodePosition(position);
    if (isBehind(place, end))
      throw new LogFailure('foreign', `${position} is behind the end of this log; read it from the start`);
    return place;
  }

  /** What of a stretch belongs to the log and was asked for. */
  function stored(stretch: Stretch, wanted: (stream: string) => boolean): readonly StoredEvent[] {
    const events: StoredEvent[] = [];
    for (const one of stretch) {
      if (one.stream.startsWith('$') || !one.stream.startsWith(namespace)) continue;
      const stream = one.stream.slice(namespace.length);
      if (stream !== CATALOG_STREAM && wanted(stream) && !catalog.isDropped(stream))
        events.push(storedEvent(stream, one));
    }
    return events;
  }

  /** The event at exactly this position, if it is one of those asked for. */
  async function at(position: NodePosition, wanted: (stream: string) => boolean): Promise<readonly StoredEvent[]> {
    const one = await ask('reading the log', (client) => client.readAllAt(position));
    return one?.position?.commit === position.commit ? stored([{ ...one, position }], wanted) : [];
  }

  async function* some(stream: string, from: number, count: number): AsyncGenerator<readonly NodeEvent[] | undefined> {
    yield await ask(`reading ${stream}`, (client) => client.readStream(wireName(stream), from, count));
  }

  async function* readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const end = await lastOfAll();
    const { first, after, prefixes, wanted } = await begin(options, end);
    if (end === undefined || prefixes === undefined) return;
    const head = first === undefined ? [] : await at(first, wanted);
    if (head.length > 0) yield head;
    for await (const stretch of follow(node, { after, prefixes, until: end })) {
      const events = stored(
        stretch.filter(({ position }) => !isBehind(position, end)),
        wanted,
      );
      if (events.length > 0) yield events;
    }
  }

  const log: EventLog = {
    sideBySide: true,
    async append(batch) {
      node.client();
      for (const { stream } of batch) checkName(stream);
      await appends.append(batch);
    },
    async *readStream(stream, { from = 0, limit = Infinity } = {}) {
      node.client();
      if (catalog.isDropped(stream)) return;
      let next = from;
      for await (const events of limit <= SOME ? some(stream, from, limit) : read(node, wireName(stream), from)) {
        if (events === undefined) {
          await refuseHidden(stream, next);
          return;
        }
        const wanted = events.slice(0, from + limit - next);
        checkUnbroken(stream, next, wanted);
        next += wanted.length;
        if (wanted.length > 0) yield wanted.map((one) => storedEvent(stream, one));
        if (next >= from + limit) return;
      }
    },
    readAll,
    async *subscribe(options, signal) {
      if (signal.aborted) return;
      const asked = options.from !== undefined || options.after !== undefined;
      const { first, after, prefixes, wanted } = await begin(options, asked ? await lastOfAll() : undefined);
      const head = first === undefined ? [] : await at(first, wanted);
      if (head.length > 0) yield { kind: 'events', events: head };
      // nothing asked for is nothing ever, and still a wait: no stream has this name
      for await (const stretch of follow(node, { after, prefixes: prefixes ?? ['$$$'], signal })) {
        const events = stored(stretch, wanted);
        if (events.length > 0) yield { kind: 'events', events };
        else if (stretch.length === 0) yield { kind: 'caughtUp' };
      }
    },
    async lastPosition() {
      const end = await lastOfAll();
      return end === undefined ? undefined : positionText(end);
    },
    async lastRevision(stream) {
      node.client();
      if (catalog.isDropped(stream)) return undefined;
      const revision = await lastOf(stream);
      appends.heads.heard(stream, revision ?? -1);
      return revision;
    },
    async *streams(prefix = '') {
      // a node lists no streams, so the events are read through and counted
      const known = new Map<string, { lastRevision: number; bytes: number }>();
      for await (const events of readAll({ prefixes: [prefix] }))
        for (const { stream, revision, event } of events) {
          const info = known.get(stream) ?? { lastRevision: -1, bytes: 0 };
          info.lastRevision = Math.max(info.lastRevision, revision);
          info.bytes += Buffer.byteLength(JSON.stringify(event));
          known.set(stream, info);
        }
      const listed: StreamInfo[] = [...known].map(([stream, info]) => ({ stream, ...info }));
      yield* listed.sort((a, b) => (a.stream < b.stream ? -1 : 1));
    },
    async *rolls(prefix) {
      await refresh();
      const names = catalog.rolled(prefix);
      for (let i = 0; i < names.length; i += ASKED) {
        const some = names.slice(i, i + ASKED);
        const ends = await Promise.all(some.map(lastOf));
        for (const [k, stream] of some.entries()) {
          const lastRevision = ends[k];
          if (lastRevision !== undefined) yield { stream, lastRevision };
        }
      }
    },
    async drop(names) {
      await refresh();
      const present: string[] = [];
      for (const name of new Set(names)) if ((await lastOf(name)) !== undefined) present.push(name);
      const note = catalog.dropped(present);
      if (note !== undefined) await appends.append([note]);
      await refresh();
      for (const name of present) {
        await ask(`dropping ${name}`, (client) => client.deleteStream(wireName(name)));
        appends.heads.forget(name);
      }
    },
    async close() {
      const late = new Promise((resolve) => setTimeout(resolve, node.patience.deadlineMs).unref());
      await Promise.race([appends.close(), late]); // what is still under way then is told that it is not known to be done
      await node.close();
    },
  };
  await refresh();
  return log;

  /** A stream that is not there was never begun, was dropped, or is hidden by what an operator set on it. */
  async function refuseHidden(stream: string, from: number): Promise<void> {
    const settings = await ask(`reading ${stream}`, (client) => client.lastOfStream(`$$${wireName(stream)}`));
    if (settings === undefined) return;
    await refresh();
    if (!catalog.isDropped(stream)) throw missing(stream, from);
  }

  async function refresh(): Promise<void> {
    node.client();
    await answered('reading which streams there are', catalog.refresh());
  }

  function checkName(stream: string): void {
    checkStreamName(stream);
    if (wireName(stream).startsWith('$') || stream === CATALOG_STREAM)
      throw new RangeError(`${stream} is no stream name in this store: it is kept for the store's own bookkeeping`);
  }
}

const storedEvent = (stream: string, one: NodeEvent): StoredEvent => ({
  stream,
  revision: one.revision,
  position: one.position === undefined ? '' : positionText(one.position),
  event: eventOf(one),
  id: one.id,
});
