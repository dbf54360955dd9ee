import type { EventLog } from '../../../core/ports.js';
import { eventStoreLog } from './log.js';
import { PatientNode, type Patience } from './node.js';

export interface EventStoreOptions extends Partial<Patience> {
  /** Stands before the name of every stream in the store; one for each log that shares it. */
  readonly namespace?: string;
}

/**
 * Opens a log on an EventStoreDB, a single node or a cluster; the vendor's library is loaded here and not before.
 *
 * At most one may be open in a process: the library keeps what is under way in one table for all its clients.
 *
 * @param connection `esdb://…`; it may hold a password and is never repeated
 * @throws {LogFailure} with code `unavailable` when nobody answers there in time
 */
export async function openEventStoreLog(
  connection: string,
  { namespace = '', deadlineMs = 10_000, patienceMs = 30_000 }: EventStoreOptions = {},
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
