import { execFile } from 'node:child_process';
import { reprise } from './fixtures.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as its own process. */
export function cli(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [reprise, ...args], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs a command that must succeed. */
export async function succeed(...args: readonly string[]): Promise<Ended> {
  const ended = await cli(...args);
  if (ended.code !== 0) throw new Error(`reprise ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  return ended;
}

/** Runs a command with `--json` and reads its one document. */
export async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await succeed(...args, '--json');
  return JSON.parse(stdout) as Record<string, unknown>;
}
