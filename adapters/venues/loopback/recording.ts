import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recording } from '../../../core/ports.js';
import { importRecordings, type ImportOptions } from '../../recordings/import.js';
import { PARTS } from '../../recordings/session/meta.js';
import { openSession } from '../../recordings/session/session.js';

/** A recording to serve, and what it leaves behind. */
export interface OpenedRecording {
  readonly recording: Recording;
  close(): Promise<void>;
}

/**
 * Opens what a loopback venue can serve: the folder of a captured session, or foreign recordings, which are imported into a
 * temporary folder first.
 *
 * @throws {RecordingError}
 */
export async function openRecording(
  paths: readonly string[],
  options: Omit<ImportOptions, 'out' | 'force'>,
): Promise<OpenedRecording> {
  if (paths.length === 1 && (await isSession(paths[0]!)))
    return { recording: await openSession(paths[0]!), close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'reprise-loopback-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const out = join(folder, 'session');
    await importRecordings(paths, { ...options, out });
    return { recording: await openSession(out, { verify: false }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const isSession = (path: string): Promise<boolean> =>
  access(join(path, PARTS.meta)).then(
    () => true,
    () => false,
  );
