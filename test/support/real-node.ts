import { startEventStore } from './eventstore/start.js';

/** A store for tests that need no faults: the node that `REPRISE_TEST_ESDB` names, or else one of our own in memory. */
export interface TestStore {
  readonly connection: string;
  stop(): Promise<void>;
}

export async function storeForTests(): Promise<TestStore> {
  const connection = process.env['REPRISE_TEST_ESDB'] ?? '';
  return connection === '' ? startEventStore() : { connection, stop: () => Promise.resolve() };
}

/** Differs from run to run: a real node keeps what an earlier run wrote. */
export const THIS_RUN = Date.now().toString(36);
