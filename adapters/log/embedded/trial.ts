import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LogFailure } from '../../../core/ports.js';
import type { Place } from './damage.js';

/**
 * How far another process reads before this one opens the log. `quick`: opens it as we would, and reads its two ends.
 * `whole`: reads all of it, where length or meta pages leave a doubt.
 */
export type Depth = 'quick' | 'whole';

export interface TrialOrder {
  readonly directory: string;
  readonly depth: Depth;
  readonly readOnly: boolean;
}

/** What the trial prints, as one line of JSON. */
export type TrialReport =
  | { readonly sound: true }
  | { readonly sound: false; readonly code: LogFailure['code']; readonly message: string; readonly where: Place };

/**
 * Opens the log in a child process first: if LMDB stumbles over a page that is not there, the system kills the child,
 * and this process lives to say so.
 *
 * @throws {LogFailure} with what the child found, or `damaged` when it was killed
 */
export async function tryInChild(order: TrialOrder, why: string): Promise<void> {
  const main = fileURLToPath(new URL('./trial-main.js', import.meta.url));
  const child = spawn(process.execPath, [main, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaint = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2_000)));
  const end = await new Promise<string | undefined>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new LogFailure('unavailable', `no child process for a trial: ${cause.message}`, {}, { cause })),
    );
    child.on('close', (code, signal) => resolve(signal ?? (code === 0 ? undefined : `exit ${String(code)}`)));
  });
  const report = end === undefined ? (JSON.parse(printed) as TrialReport) : undefined;
  if (report?.sound === true) return;
  if (report !== undefined) throw new LogFailure(report.code, report.message, report.where);
  throw new LogFailure(
    'damaged',
    `the log in ${order.directory} cannot be read: ${why}, and a process that tried it ended with ${String(end)}; ` +
      'restore the folder from a copy',
    {},
    { cause: new Error(complaint.trim()) },
  );
}
