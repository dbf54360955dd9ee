import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a test's log, taken away afterwards. */
export interface LogFolder {
  readonly path: string;
  remove(): void;
}

export function logFolder(): LogFolder {
  const path = mkdtempSync(join(tmpdir(), 'reprise-log-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
