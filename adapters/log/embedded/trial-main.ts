import { LogFailure } from '../../../core/ports.js';
import { checkStore } from './check.js';
import { checkEvents, ChunkDamage, readHead } from './chunk.js';
import { chunkFailure, indexFailure, tailFailure } from './damage.js';
import { logFailure } from './failure.js';
import { readStreamHead } from './heads.js';
import { droppingStreams, readTail } from './notes.js';
import { openLmdb, type Store } from './store.js';
import type { TrialOrder, TrialReport } from './trial.js';

// The child of trial.ts: reads, prints what it found, ends. It may be killed at any moment; that is an answer too.

const order = JSON.parse(process.argv[2] ?? '{}') as TrialOrder;
process.stdout.write(`${JSON.stringify(await report())}\n`);

async function report(): Promise<TrialReport> {
  try {
    const store = openLmdb(order.directory, order.readOnly);
    if (!order.readOnly) store.rehearse();
    if (order.depth === 'whole') await readAll(store);
    else readEnds(store);
    await store.close();
    return { sound: true };
  } catch (error) {
    const { code, message, where } = logFailure(error, order.directory);
    return { sound: false, code, message, where };
  }
}

async function readAll(store: Store): Promise<void> {
  for await (const item of checkStore(store, () => undefined)) if (item.kind === 'damage') throw item.failure;
}

/** Chunks read at either end. The newest is what an unclean stop could have hit. */
const AT_AN_END = 500;

function readEnds(store: Store): void {
  const { last } = readTail(store);
  const [found = -1] = store.chunks.keys({ reverse: true, limit: 1 });
  if (found !== last) throw tailFailure(`its last chunk is ${last}, and ${found} is found`);
  for (const reverse of [false, true])
    for (const { key, value } of store.chunks.range({ reverse, limit: AT_AN_END })) readChunk(store, key, value);
}

function readChunk(store: Store, key: number, value: Buffer): void {
  try {
    const head = readHead(value, key);
    checkEvents(value, head);
    const stream = readStreamHead(store, head.stream);
    const isKnown = stream !== undefined && stream.lastRevision >= head.firstRevision + head.count - 1;
    if (!isKnown && !droppingStreams(store).has(head.streamId)) throw indexFailure(head.stream, head.firstRevision);
  } catch (error) {
    throw error instanceof ChunkDamage ? chunkFailure(store, error, key) : (error as LogFailure);
  }
}
