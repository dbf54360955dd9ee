import {
  LogFailure,
  type EventLog,
  type Position,
  type ReadAllOptions,
  type StoredEvent,
  type StreamInfo,
} from '../../../core/ports.js';
import { checkStreamName } from '../expectation.js';
import { rollsOf } from '../rolls.js';
import { Appends } from './appends.js';
import { eventOf } from './body.js';
import { DROPPED_STREAM, Dropped } from './dropped.js';
import { follow, type Stretch } from './follow.js';
import { NodeRefusal, type NodeEvent, type NodePosition, type PatientNode } from './node.js';
import { isBehind, nodePosition, positionText } from './position.js';

const PAGE = 1_000;

/**
 * A log on a node or cluster.
 *
 * @param namespace stands before the name of each stream in the store, and is taken off again
 */
export async function eventStoreLog(node: PatientNode, namespace: string): Promise<EventLog> {
  const wireName = (stream: string): string => namespace + stream;
  const dropped = new Dropped(node, wireName);
  const appends = new Appends(node, wireName, (stream) => {
    if (dropped.has(stream))
      throw new LogFailure('read_only', `stream ${stream} was dropped; this store does not begin a name anew`, {
        stream,
      });
  });

  const lastOfAll = async (): Promise<NodePosition | undefined> =>
    (await answered(node.ask('reading the end of the log', (client) => client.lastOfAll())))?.position;

  /** Where a reading begins. An empty list of prefixes asks the node for everything; undefined: for nothing at all. */
  async function begin({ from, after, prefixes }: ReadAllOptions, end: NodePosition | undefined) {
    await dropped.refresh();
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
      if (stream !== DROPPED_STREAM && wanted(stream) && !dropped.has(stream)) events.push(storedEvent(stream, one));
    }
    return events;
  }

  /** The event at exactly this position, if it is one of those asked for. */
  async function at(position: NodePosition, wanted: (stream: string) => boolean): Promise<readonly StoredEvent[]> {
    const one = await answered(node.ask('reading the log', (client) => client.readAllAt(position)));
    return one?.position?.commit === position.commit ? stored([{ ...one, position }], wanted) : [];
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
      if (dropped.has(stream)) return;
      for (let next = from, left = limit; left > 0;) {
        const start = next;
        const count = Math.min(PAGE, left);
        const page = await answered(
          node.ask(`reading ${stream}`, (client) => client.readStream(wireName(stream), start, count)),
        );
        if (page !== undefined && page.length > 0) yield page.map((one) => storedEvent(stream, one));
        if (page === undefined || page.length < count) return;
        next = page.at(-1)!.revision + 1;
        left -= count;
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
      if (dropped.has(stream)) return undefined;
      const last = await answered(
        node.ask(`reading the end of ${stream}`, (client) => client.lastOfStream(wireName(stream))),
      );
      return last?.revision;
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
    rolls: (prefix) => rollsOf(log.streams(prefix)),
    async drop(names) {
      node.client();
      const present: string[] = [];
      for (const name of names) if ((await log.lastRevision(name)) !== undefined) present.push(name);
      if (present.length === 0) return;
      await appends.append([dropped.note(present)]);
      for (const name of present) {
        await answered(node.ask(`dropping ${name}`, (client) => client.deleteStream(wireName(name))));
        appends.forget(name);
      }
      await dropped.refresh();
    },
    async close() {
      const late = new Promise((resolve) => setTimeout(resolve, node.patience.deadlineMs).unref());
      await Promise.race([appends.close(), late]); // what is still under way then is told that it is not known to be done
      await node.close();
    },
  };
  await answered(dropped.refresh());
  return log;

  function checkName(stream: string): void {
    checkStreamName(stream);
    if (wireName(stream).startsWith('$') || stream === DROPPED_STREAM)
      throw new RangeError(`${stream} is no stream name in this store: it is kept for the store's own bookkeeping`);
  }
}

const storedEvent = (stream: string, one: NodeEvent): StoredEvent => ({
  stream,
  revision: one.revision,
  position: one.position === undefined ? '' : positionText(one.position),
  event: eventOf(one),
});

/** What a node refuses a reader, told as the log's failure. */
async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof NodeRefusal)) throw error;
    throw new LogFailure('unavailable', `the store refused it (${error.kind}: ${error.message})`, {}, { cause: error });
  }
}
