import { LogFailure, type EventLog } from '../../../core/ports.js';
import { eventStoreLog } from './log.js';
import { PatientNode, type Patience } from './node.js';

export interface EventStoreOptions extends Partial<Patience> {
  /** Stands before the name of every stream in the store; one for each log that shares it. */
  readonly namespace?: string;
}

/** The one state of a module in this house: the vendor's library has it too, and this is to keep it from harm. */
let isOpen = false;

/**
 * Opens a log on an EventStoreDB, a single node or a cluster; the vendor's library is loaded here and not before.
 *
 * At most one is open in a process: the library keeps what is under way in one table for all its clients, and where one
 * of them loses its node, it answers for the others.
 *
 * @param connection `esdb://…`; it may hold a password and is never repeated
 * @throws {LogFailure} `unavailable` when nobody answers there in time, `in_use` when one is open already
 * @throws {RangeError} when the address is not understood
 */
export async function openEventStoreLog(
  connection: string,
  { namespace = '', deadlineMs = 10_000, patienceMs = 30_000 }: EventStoreOptions = {},
): Promise<EventLog> {
  if (isOpen)
    throw new LogFailure(
      'in_use',
      'this process has a log on EventStoreDB open already; close it, or start another one',
    );
  isOpen = true;
  try {
    const { connectTo } = await import('./client.js');
    const node = new PatientNode(() => connectTo(connection, deadlineMs), { deadlineMs, patienceMs });
    try {
      const log = await eventStoreLog(node, namespace);
      const close = async (): Promise<void> => {
        await log.close();
        isOpen = false;
      };
      let closing: Promise<void> | undefined;
      return { ...log, close: () => (closing ??= close()) };
    } catch (error) {
      await node.close();
      throw error;
    }
  } catch (error) {
    isOpen = false;
    throw error;
  }
}
