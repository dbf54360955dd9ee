import { LogFailure, type LogEvent } from '../../../core/ports.js';

/** A node or a cluster as this adapter needs it: what a vendor's client library is made to look like. */
export interface NodeClient {
  /** @throws {NodeRefusal} as every call here; each has its deadline */
  append(stream: string, expected: number | 'no_stream', events: readonly Proposal[]): Promise<Stored>;
  /** At most `count` events, `from` included; undefined for a stream that is not there. */
  readStream(stream: string, from: number, count: number): Promise<readonly NodeEvent[] | undefined>;
  /** Reads a stream to its end, `from` included. */
  open(stream: string, from: number): Reading;
  lastOfStream(stream: string): Promise<NodeEvent | undefined>;
  /** The event at this position or the next one behind it. */
  readAllAt(position: NodePosition): Promise<NodeEvent | undefined>;
  lastOfAll(): Promise<NodeEvent | undefined>;
  /** Follows all streams behind a position; empty prefixes ask for everything, the system's own events included. */
  follow(after: NodePosition | undefined, prefixes: readonly string[]): Following;
  /** Hides a stream; its numbering goes on. */
  deleteStream(stream: string): Promise<void>;
  /** Ends what is open; waits a little and no longer. */
  dispose(): Promise<void>;
}

export interface NodePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Where an append ended up, or where the same events stood already. */
export interface Stored {
  /** Of its last event. */
  readonly revision: number;
  /** Of its last event; some nodes tell none for a repeat. */
  readonly position: NodePosition | undefined;
}

export interface NodeEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  /** Undefined where the node is too old to tell it. */
  readonly position: NodePosition | undefined;
  readonly data: unknown;
}

export interface Proposal {
  readonly id: string;
  readonly event: LogEvent;
}

/** What comes of reading: pulled, never pushed, so that a slow reader slows the node down and nothing piles up. */
export interface Reading {
  /** What has come and was not taken yet, at most `count` of it. */
  take(count: number): readonly NodeEvent[];
  /** All has come; `absent` when the stream is not there. */
  readonly end: 'reached' | 'absent' | undefined;
  /** Why nothing will come any more. */
  readonly failure: NodeRefusal | undefined;
  /** Resolves at the next change of any of these, or at once when there was one since the last call. */
  change(): Promise<void>;
  /** Lets a `change()` that waits return. */
  wake(): void;
  /** Nothing will come any more, for a reason that the node did not tell. */
  fail(refusal: NodeRefusal): void;
  stop(): void;
}

export interface Following extends Reading {
  /** Everything that was stored when the following began has come. */
  readonly isLive: boolean;
  /** Up to here the node has looked, whether or not anything was wanted; true once nothing is left to take. */
  readonly lookedTo: NodePosition | undefined;
}

/** `unanswered`: it may be done or not, and may be asked again. `silent`: so, and the client itself is suspect. */
export type RefusalKind =
  'unanswered' | 'silent' | 'conflict' | 'too_large' | 'deleted' | 'denied' | 'untrusted' | 'refused';

/** Why a node did not do as it was asked. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal';
  constructor(
    readonly kind: RefusalKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** How long the adapter bears with a node. */
export interface Patience {
  /** For one call, in ms. */
  readonly deadlineMs: number;
  /** For one task, repeats of its calls included, in ms. */
  readonly patienceMs: number;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Stands before the client: asks again what may be asked again, with a pause that grows, and puts a new client in the
 * place of one that fell silent, because such a one may stay silent for ever.
 */
export class PatientNode {
  #client: NodeClient;
  #closed = false;
  /** Grows with each call that broke off: what is known of the connection before is void. */
  breaks = 0;
  readonly #readings = new Set<Reading>();

  constructor(
    private readonly connect: () => NodeClient,
    readonly patience: Patience,
  ) {
    this.#client = connect();
  }

  async ask<Answer>(what: string, call: (client: NodeClient) => Promise<Answer>): Promise<Answer> {
    for (const trial = this.trial(what); ;) {
      const client = this.client();
      try {
        return await call(client);
      } catch (error) {
        await trial.failed(error, client);
      }
    }
  }

  /** To be left when it is no longer read. */
  begin<One extends Reading>(open: (client: NodeClient) => One): One {
    const reading = open(this.client());
    this.#readings.add(reading);
    return reading;
  }

  leave(reading: Reading): void {
    this.#readings.delete(reading);
    reading.stop();
  }

  client(): NodeClient {
    if (this.#closed) throw new LogFailure('unavailable', 'the log is closed; open it again');
    return this.#client;
  }

  /** Counts what goes wrong with one task. */
  trial(what: string) {
    let since: number | undefined;
    let pauseMs = FIRST_PAUSE_MS;
    return {
      went: (): void => {
        since = undefined;
        pauseMs = FIRST_PAUSE_MS;
      },
      /** Waits before the next try. @throws what it was given when that will not mend, or when it lasts too long */
      failed: async (error: unknown, client?: NodeClient): Promise<void> => {
        if (!(error instanceof NodeRefusal)) throw error;
        if (error.kind !== 'unanswered' && error.kind !== 'silent') throw error;
        this.breaks += 1;
        if (error.kind === 'silent' && client !== undefined) this.#replace(client);
        since ??= Date.now();
        if (this.#closed || Date.now() - since >= this.patience.patienceMs)
          throw new LogFailure(
            'unavailable',
            `${what}: the store did not answer (${error.message}); whether it was done is not known: look at the store, then start again`,
            {},
            { cause: error },
          );
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      },
    };
  }

  #replace(silent: NodeClient): void {
    if (silent !== this.#client || this.#closed) return;
    this.#client = this.connect();
    // a client that is put away tells its readers nothing
    const refusal = new NodeRefusal('unanswered', 'the connection was given up, because it fell silent');
    for (const reading of this.#readings) reading.fail(refusal);
    void silent.dispose();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const reading of this.#readings) reading.wake();
    await this.#client.dispose();
  }
}
