import { Worker } from 'node:worker_threads';
import { RecordingError, type RecordingFault } from '../../adapters/recordings/errors.js';
import type { StopSignal } from '../../core/ports.js';
import { runBlock, type Block, type FinishedRows, type SessionWork } from './work.js';

export type TakeRows = (session: number, rows: FinishedRows) => Promise<void>;

/** What a worker says. */
export type WorkerReport =
  | { readonly rows: FinishedRows }
  | { readonly done: true }
  | {
      readonly failed: {
        readonly message: string;
        readonly recording?: readonly [RecordingFault, string, string, string];
      };
    };

/**
 * Runs blocks of desks, one after the other here or side by side in worker threads, until all are done or `signal` aborts.
 *
 * @param take  given rows as they finish, one call at a time
 */
export async function runBlocks(
  work: readonly SessionWork[],
  blocks: readonly Block[],
  workers: number,
  take: TakeRows,
  signal: StopSignal,
): Promise<void> {
  const count = Math.min(workers, blocks.length);
  if (count <= 1) return runHere(work, blocks, take, signal);
  const waiting = blocks.values();
  let taking = Promise.resolve();
  const inTurn: TakeRows = (session, rows) => (taking = taking.then(() => take(session, rows)));
  const threads = Array.from({ length: count }, () => new Thread(work, signal));
  try {
    await Promise.all(threads.map((thread) => thread.serve(waiting, inTurn)));
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

async function runHere(
  work: readonly SessionWork[],
  blocks: readonly Block[],
  take: TakeRows,
  signal: StopSignal,
): Promise<void> {
  for (const { session, desks } of blocks)
    for await (const rows of runBlock(work[session]!, desks)) {
      await take(session, rows);
      if (signal.aborted) return;
    }
}

/** A worker thread that is given one block after the other. */
class Thread {
  readonly #worker: Worker;

  constructor(
    work: readonly SessionWork[],
    readonly signal: StopSignal,
  ) {
    // flags of this process, `--input-type` for instance, are not for a file of ours
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: work, execArgv: [] });
  }

  async serve(blocks: Iterator<Block>, take: TakeRows): Promise<void> {
    for (let next = blocks.next(); next.done !== true && !this.signal.aborted; next = blocks.next())
      await this.#run(next.value, take);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #run(block: Block, take: TakeRows): Promise<void> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      let taken = Promise.resolve();
      const leave = (): void => {
        worker.off('message', hear);
        worker.off('error', fail);
        this.signal.removeEventListener('abort', stop);
      };
      const end = (): void => {
        leave();
        taken.then(resolve, reject);
      };
      const fail = (error: Error): void => {
        leave();
        reject(error);
      };
      const stop = end;
      const hear = (report: WorkerReport): void => {
        if ('done' in report) end();
        else if ('failed' in report) fail(failure(report.failed));
        else {
          taken = take(block.session, report.rows);
          taken.catch(fail);
        }
      };
      worker.on('message', hear);
      worker.on('error', fail);
      this.signal.addEventListener('abort', stop);
      worker.postMessage(block);
    });
  }
}

function failure({ message, recording }: Extract<WorkerReport, { failed: unknown }>['failed']): Error {
  return recording === undefined ? new Error(message) : new RecordingError(...recording);
}
