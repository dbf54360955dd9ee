import { LogFailure, type EventLog } from '../../../core/ports.js';
import { eventStoreLog } from './log.js';
import { PatientNode, type Patience } from './node.js';

export interface EventStoreOptions extends Partial<Patience> {
  /** Stands before the name of every stream in the store; one for each log that shares it. */
  readonly namespace?: string;
  /** Reads and never appends; any number of these may be open, beside one that writes. */
  readonly readOnly?: boolean;
}

/** The one state of a module in this house: the vendor's library has it too, and this is to keep it from harm. */
let isWritten = false;

/**
 * Opens a log on an EventStoreDB, a single node or a cluster; the vendor's library is loaded here and not before.
 *
 * At most one that writes is open in a process: the library keeps the appends that are under way in one table for all its
 * clients, and where one of them loses its node, it answers for the others. One that only reads has none there.
 *
 * @param connection `esdb://…`; it may hold a password and is never repeated
 * @throws {LogFailure} `unavailable` when nobody answers there in time, `in_use` when one that writes is open already
 * @throws {RangeError} when the address is not understood, or a file that it names is not there
 */
export async function openEventStoreLog(connection: string, options: EventStoreOptions = {}): Promise<EventLog> {
  if (options.readOnly === true) {
    const log = await connected(connection, options);
    return { ...log, append: refuse, drop: refuse };
  }
  if (isWritten)
    throw new LogFailure(
      'in_use',
      'this process writes a log on EventStoreDB already; close that one, open this one with readOnly, or start another process',
    );
  isWritten = true;
  const free = (): void => {
    isWritten = false;
  };
  try {
    const log = await connected(connection, options);
    let closing: Promise<void> | undefined;
    return { ...log, close: () => (closing ??= log.close().finally(free)) };
  } catch (error) {
    free();
    throw error;
  }
}

async function connected(
  connection: string,
  { namespace = '', deadlineMs = 10_000, patienceMs = 30_000 }: EventStoreOptions,
): Promise<EventLog> {
  const { connectTo } = await import('./client.js');
  const node = new PatientNode(() => connectTo(connection, deadlineMs), { deadlineMs, patienceMs });
  try {
    return await eventStoreLog(node, namespace);
  } catch (error) {
    await node.close();
    throw error;
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(new LogFailure('read_only', 'the log was opened to be read; open it without readOnly to write it'));
