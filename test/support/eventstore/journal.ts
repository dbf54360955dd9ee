import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { MemoryStore, Proposal } from './store.js';

/** What changed the store, a line each. */
type Entry =
  | { readonly stream: string; readonly what: 'delete' | 'bury' }
  | { readonly stream: string; readonly what: 'append'; readonly events: readonly Written[] };
type Written = Omit<Proposal, 'metadata' | 'data'> & { readonly metadata: string; readonly data: string };

/** Keeps a store's changes in a file, so that another process goes on where one was killed. */
export class Journal {
  readonly #file: number;

  constructor(path: string, store: MemoryStore) {
    if (existsSync(path)) for (const line of readFileSync(path, 'utf8').split('\n')) if (line !== '') redo(line, store);
    this.#file = openSync(path, 'a');
  }

  appended(stream: string, proposals: readonly Proposal[]): void {
    const events = proposals.map((one) => ({
      ...one,
      metadata: one.metadata.toString('base64'),
      data: one.data.toString('base64'),
    }));
    this.#write({ stream, what: 'append', events });
  }

  ended(stream: string, what: 'delete' | 'bury'): void {
    this.#write({ stream, what });
  }

  #write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}

function redo(line: string, store: MemoryStore): void {
  const entry = JSON.parse(line) as Entry;
  if (entry.what === 'append')
    store.append(
      entry.stream,
      'any',
      entry.events.map((one) => ({
        ...one,
        metadata: Buffer.from(one.metadata, 'base64'),
        data: Buffer.from(one.data, 'base64'),
      })),
    );
  else store[entry.what](entry.stream);
}
