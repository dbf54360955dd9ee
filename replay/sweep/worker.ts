/** The thread of one worker: it is given blocks of desks and tells their rows. */
import { parentPort, workerData } from 'node:worker_threads';
import { RecordingError } from '../../adapters/recordings/errors.js';
import type { WorkerReport } from './workers.js';
import { runBlock, type Block, type SessionWork } from './work.js';

const work = workerData as readonly SessionWork[];
const tell = (report: WorkerReport): void => parentPort!.postMessage(report);

parentPort!.on('message', (block: Block) => {
  run(block).then(
    () => tell({ done: true }),
    (error: unknown) => tell({ failed: described(error) }),
  );
});

async function run({ session, desks }: Block): Promise<void> {
  for await (const rows of runBlock(work[session]!, desks)) tell({ rows });
}

function described(error: unknown): Extract<WorkerReport, { failed: unknown }>['failed'] {
  if (error instanceof RecordingError)
    return { message: error.message, recording: [error.code, error.where, error.what, error.mend] };
  return { message: error instanceof Error ? error.message : String(error) };
}
