import { existsSync } from 'node:fs';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type JSONType,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import {
  NodeRefusal,
  type Following,
  type NodeClient,
  type NodeEvent,
  type NodePosition,
  type Reading,
  type RefusalKind,
  type Stored,
} from './node.js';

// All that touches the vendor's library stands in this file, and the file is loaded only where such a log is opened.

/** How long to wait for what is open to end; a wedged client never ends it. */
const DISPOSE_MS = 1_000;
/** Considered events between two marks of how far the node has looked: 32 times its window of 32. */
const CHECKPOINT_INTERVAL = 32;
/** Events that are held for a reader who is slower than the node. */
const READ_AHEAD = 128;

/**
 * @param connection as the vendor writes it, `esdb://…`
 * @throws {RangeError} when that is not understood, or a file that it names is not there; it is not repeated, because a
 *   password may stand in it
 */
export function connectTo(connection: string, deadlineMs: number): NodeClient {
  checkFiles(connection);
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(connection);
  } catch {
    throw new RangeError('the address of the log is not understood: write esdb://host:2113, esdb+discover://…');
  }
  return new VendorClient(client, deadlineMs);
}

/** The library says only that a file is missing, and not which. */
function checkFiles(connection: string): void {
  for (const [key, value] of new URLSearchParams((connection.split('?')[1] ?? '').replaceAll('+', '%2B')))
    if (/^(tlsCAFile|userCertFile|userKeyFile)$/i.test(key.replace(/[_-]/g, '')) && !existsSync(value))
      throw new RangeError(`${key} in the address of the log: there is no file ${value}`);
}

class VendorClient implements NodeClient {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly deadlineMs: number,
  ) {}

  async append(...[stream, expected, events]: Parameters<NodeClient['append']>): Promise<Stored> {
    const proposals = events.map(({ id, event }) =>
      jsonEvent({ id, type: event.type, data: event as unknown as JSONType }),
    );
    const expectedRevision = expected === 'no_stream' ? expected : BigInt(expected);
    const answer = await this.#inTime(this.client.appendToStream(stream, proposals, { expectedRevision }));
    return { revision: Number(answer.nextExpectedRevision), position: told(answer.position) };
  }

  async readStream(stream: string, from: number, count: number): Promise<readonly NodeEvent[] | undefined> {
    const options = { fromRevision: BigInt(from), direction: FORWARDS, maxCount: count } as const;
    return this.#page(this.client.readStream(stream, options, { highWaterMark: READ_AHEAD }));
  }

  open(stream: string, from: number): Reading {
    const options = { fromRevision: BigInt(from), direction: FORWARDS } as const;
    return new VendorReading(this.client.readStream(stream, options, { highWaterMark: READ_AHEAD }));
  }

  async lastOfStream(stream: string): Promise<NodeEvent | undefined> {
    const page = this.client.readStream(stream, { fromRevision: END, direction: BACKWARDS, maxCount: 1 });
    return (await this.#page(page))?.[0];
  }

  async readAllAt(position: NodePosition): Promise<NodeEvent | undefined> {
    const page = this.client.readAll({ fromPosition: position, direction: FORWARDS, maxCount: 1 });
    return (await this.#page(page))?.[0];
  }

  async lastOfAll(): Promise<NodeEvent | undefined> {
    const page = this.client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1 });
    return (await this.#page(page))?.[0];
  }

  follow(after: NodePosition | undefined, prefixes: readonly string[]): Following {
    return new VendorFollowing(this.client, after, prefixes, this.deadlineMs);
  }

  async deleteStream(stream: string): Promise<void> {
    await this.#inTime(this.client.deleteStream(stream, { expectedRevision: 'any' }));
  }

  async dispose(): Promise<void> {
    await Promise.race([this.client.dispose(), pause(DISPOSE_MS)]);
  }

  /** Drains a page that was asked for: one left half read would stay open. */
  async #page(page: StreamingRead<ResolvedEvent | AllStreamResolvedEvent>): Promise<readonly NodeEvent[] | undefined> {
    page.on('error', () => undefined); // told below; one that comes when nobody reads any more harms nobody
    const drained = async (): Promise<readonly NodeEvent[]> => {
      const events: NodeEvent[] = [];
      for await (const { event } of page) if (event !== undefined) events.push(nodeEvent(event));
      return events;
    };
    try {
      return await this.#inTime(drained());
    } catch (error) {
      void page.cancel().catch(() => undefined); // it may never have begun
      page.destroy();
      if (error instanceof NodeRefusal && typeOf(error.cause) === 'stream-not-found') return undefined;
      throw error;
    }
  }

  /** A clock of our own for every call: the library's deadlines do not hold where appends share one call. */
  async #inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const tell = (): void => reject(new NodeRefusal('silent', `no answer within ${this.deadlineMs} ms`));
      timer = setTimeout(tell, this.deadlineMs);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      throw refusalOf(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

class VendorReading implements Reading {
  end: Reading['end'];
  failure: NodeRefusal | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(protected readonly stream: StreamingRead<ResolvedEvent> | AllStreamSubscription) {
    stream
      .on('error', (error: unknown) => {
        if (typeOf(error) === 'stream-not-found') this.finish('absent');
        else this.fail(refusalOf(error));
      })
      .on('end', () => this.finish('reached'))
      .on('readable', () => this.wake());
  }

  take(count: number): readonly NodeEvent[] {
    const events: NodeEvent[] = [];
    while (events.length < count) {
      const resolved = this.stream.read() as ResolvedEvent | null;
      if (resolved === null) break;
      if (resolved.event !== undefined) events.push(nodeEvent(resolved.event));
    }
    return events;
  }

  async change(): Promise<void> {
    if (!this.#changed) await new Promise<void>((resolve) => (this.#wake = resolve));
    await turn(); // the library hands over one event at a time; what came with it is taken with it
    this.#changed = false;
  }

  finish(end: 'reached' | 'absent'): void {
    this.end = end;
    this.wake();
  }

  fail(refusal: NodeRefusal): void {
    this.failure ??= refusal;
    this.wake();
  }

  wake(): void {
    this.#changed = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  stop(): void {
    const ending = 'cancel' in this.stream ? this.stream.cancel() : this.stream.unsubscribe();
    void ending.catch(() => undefined); // it may never have begun
  }
}

class VendorFollowing extends VendorReading implements Following {
  isLive = false;
  lookedTo: NodePosition | undefined;
  readonly #confirmation: NodeJS.Timeout;

  constructor(
    client: EventStoreDBClient,
    after: NodePosition | undefined,
    prefixes: readonly string[],
    deadlineMs: number,
  ) {
    const checkpointReached = (_: unknown, position: NodePosition): Promise<void> => {
      this.lookedTo = position;
      this.wake();
      return Promise.resolve();
    };
    const options = { checkpointInterval: CHECKPOINT_INTERVAL, checkpointReached };
    const filter = prefixes.length === 0 ? {} : { filter: streamNameFilter({ prefixes: [...prefixes], ...options }) };
    super(client.subscribeToAll({ fromPosition: after ?? START, ...filter }, { highWaterMark: READ_AHEAD }));
    this.#confirmation = setTimeout(
      () => this.fail(new NodeRefusal('silent', `no answer within ${deadlineMs} ms`)),
      deadlineMs,
    );
    (this.stream as AllStreamSubscription)
      .on('confirmation', () => clearTimeout(this.#confirmation))
      .on('caughtUp', () => {
        this.isLive = true;
        this.wake();
      });
  }

  /** One that ends has not come to its end: there is none. */
  override finish(): void {
    this.fail(new NodeRefusal('unanswered', 'the node ended the subscription'));
  }

  override stop(): void {
    clearTimeout(this.#confirmation);
    super.stop();
  }
}

const nodeEvent = ({ streamId, revision, id, position, data }: NonNullable<ResolvedEvent['event']>): NodeEvent => ({
  stream: streamId,
  revision: Number(revision),
  id,
  position: told(position),
  data,
});

const told = (position: NodePosition | undefined): NodePosition | undefined =>
  position === undefined || position.commit >= NOWHERE ? undefined : position;
/** What a node says for a position that it does not tell: -1 in 64 bits without a sign. */
const NOWHERE = 0xffff_ffff_ffff_ffffn;

const typeOf = (error: unknown): string | undefined => (error as { type?: string } | undefined)?.type;

/** Codes of gRPC after which nobody knows what was done: cancelled, deadline, aborted, internal, unavailable. */
const UNANSWERED_CODES: readonly unknown[] = [1, 4, 10, 13, 14];
const UNANSWERED_TYPES: readonly unknown[] = ['unavailable', 'cancelled', 'deadline-exceeded', 'timeout', 'not-leader'];

function refusalOf(error: unknown): NodeRefusal {
  if (error instanceof NodeRefusal) return error;
  const type = typeOf(error);
  const code = (error as { code?: unknown } | undefined)?.code;
  const message = error instanceof Error && error.message !== '' ? error.message : (type ?? String(error));
  const hint = HUNG_UP.test(message) ? '; it hung up: leave out tls=false, if it speaks TLS' : '';
  return new NodeRefusal(kindOf(type, code, message), message + hint, { cause: error });
}

/** What TLS says that asking again does not mend. */
const UNTRUSTED = /Last error: .*(certificate|SSL routines|altnames)/s;
/** What comes of speaking without TLS to a node that has it, and seldom of anything else. */
const HUNG_UP = /Last error: Failed to connect/;

function kindOf(type: string | undefined, code: unknown, message: string): RefusalKind {
  if (UNTRUSTED.test(message)) return 'untrusted';
  if (UNANSWERED_TYPES.includes(type)) return 'unanswered';
  switch (type) {
    case 'wrong-expected-version':
      return 'conflict';
    case 'maximum-append-size-exceeded':
      return 'too_large';
    case 'stream-deleted':
      return 'deleted';
    case 'access-denied':
      return 'denied';
    default:
      if (message.includes('MaximumAppendEventSizeExceeded')) return 'too_large';
      if (/Server Is (Not Ready|(Too )?Busy)/.test(message)) return 'unanswered';
      return UNANSWERED_CODES.includes(code) ? 'unanswered' : 'refused';
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
