import {
  LogFailure,
  type EventLog,
  type ReadAllOptions,
  type StopSignal,
  type StoredEvent,
  type StreamAppend,
  type StreamInfo,
  type SubscriptionItem,
} from '../../../core/ports.js';
import { setImmediate as turn } from 'node:timers/promises';
import { OwnChanges, PolledChanges, type Changes } from '../changes.js';
import { rollsOf } from '../rolls.js';
import { follow } from '../subscription.js';
import { checkStore, type CheckItem } from './check.js';
import { readStreamHead } from './heads.js';
import { Reader } from './reader.js';
import type { Store } from './store.js';
import { Writer } from './writer.js';

/** The log in a folder of this machine. */
export interface EmbeddedLog extends EventLog {
  readonly directory: string;
  readonly readOnly: boolean;
  /** Reads every stored byte and tells each damage; a reader stops at the first one, this goes on. */
  check(): AsyncIterable<CheckItem>;
}

export interface LogSetting {
  readonly directory: string;
  readonly readOnly: boolean;
  /** How often a second process asks for news, in milliseconds. */
  readonly pollMs: number;
  /** Lets go of the folder; `clean` says that all that was handed over is stored. */
  readonly release: (clean: boolean) => Promise<void>;
}

/** Puts a log on an opened store. */
export function logOn(store: Store, { directory, readOnly, pollMs, release }: LogSetting): EmbeddedLog {
  const own = new OwnChanges();
  const writer = readOnly ? undefined : new Writer(store, directory, own);
  let closed: Promise<void> | undefined;

  const guard = (): void => {
    if (closed !== undefined) throw new LogFailure('unavailable', `the log in ${directory} is closed; open it again`);
    if (writer?.failure !== undefined) throw writer.failure;
  };
  const reader = new Reader(store, guard);
  const changes: Changes = readOnly ? new PolledChanges(() => reader.end(), pollMs) : own;
  const scan = ({ prefixes }: ReadAllOptions) => {
    const wanted = prefixes === undefined ? () => true : (name: string) => prefixes.some((p) => name.startsWith(p));
    return (from: Parameters<Reader['scan']>[0]) => reader.scan(from, wanted);
  };
  const writing = (): Writer => {
    guard();
    if (writer === undefined)
      throw new LogFailure('read_only', `the log in ${directory} was opened for reading; its server writes it`);
    return writer;
  };
  // a failure shows at the next append; nobody waits for this
  writer?.finishDrops().catch(() => undefined);

  const log: EmbeddedLog = {
    directory,
    readOnly,
    async append(batch: readonly StreamAppend[]): Promise<void> {
      await writing().append(batch);
    },
    async drop(streams: readonly string[]): Promise<void> {
      await writing().drop(streams);
    },
    readStream: (stream, { from = 0, limit = Infinity } = {}) => reader.readStream(stream, from, limit),
    async *readAll(options: ReadAllOptions = {}): AsyncGenerator<readonly StoredEvent[], void, undefined> {
      for await (const { events } of scan(options)(reader.cursorOf(options))) if (events.length > 0) yield events;
    },
    async *subscribe(options: ReadAllOptions, signal: StopSignal): AsyncGenerator<SubscriptionItem, void, undefined> {
      yield* follow(reader.cursorOf(options), scan(options), changes, signal);
    },
    lastPosition: () => Promise.resolve(reader.lastPosition()),
    async lastRevision(stream: string): Promise<number | undefined> {
      guard();
      store.refresh();
      return Promise.resolve(readStreamHead(store, stream)?.lastRevision);
    },
    async *streams(prefix = ''): AsyncGenerator<StreamInfo, void, undefined> {
      for (let from = prefix; ;) {
        guard();
        store.refresh();
        const names = namesFrom(store, from, prefix);
        for (const stream of names) {
          const head = readStreamHead(store, stream);
          if (head !== undefined) yield { stream, lastRevision: head.lastRevision, bytes: head.bytes };
        }
        if (names.length < NAMES_AT_ONCE) return;
        from = `${names.at(-1)!}\u0001`; // no name has a control character: the first place behind the last one
        await turn();
      }
    },
    rolls: (prefix) => rollsOf(log.streams(prefix)),
    check: () => checkStore(store, guard),
    close() {
      closed ??= close();
      return closed;
    },
  };
  return log;

  async function close(): Promise<void> {
    await writer?.end();
    own.fail(new LogFailure('unavailable', `the log in ${directory} was closed under its reader`));
    await store.close();
    await release(writer?.failure === undefined);
  }
}

const NAMES_AT_ONCE = 200;

function namesFrom(store: Store, from: string, prefix: string): readonly string[] {
  const names: string[] = [];
  for (const name of store.names.keys({ ...(from === '' ? {} : { start: from }), limit: NAMES_AT_ONCE })) {
    if (!name.startsWith(prefix)) break;
    names.push(name);
  }
  return names;
}
