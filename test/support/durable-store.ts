import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStore, type EventStore } from './eventstore/start.js';

/** A store that keeps what it has stored, also when it is killed and started again. */
export interface DurableStore {
  readonly address: string;
  killAndStart(): Promise<void>;
  /** Ends it, and with it what it has kept. */
  remove(): Promise<void>;
}

export async function durableStore(): Promise<DurableStore> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-store-'));
  const journal = join(folder, 'journal');
  let store: EventStore = await startEventStore('--journal', journal);
  const { port, connection } = store;
  return {
    address: connection,
    async killAndStart() {
      await store.stop();
      store = await startEventStore('--journal', journal, '--port', String(port));
    },
    async remove() {
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
