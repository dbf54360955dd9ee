import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { RecordingError } from '../errors.js';
import { readMeta, type SessionMeta } from '../session/meta.js';

/**
 * The raw files of sessions, checked: of several parts of one recording in the order in which they are given.
 *
 * @throws {RecordingError} for a session without any, and for a file that is not what was written
 */
export async function rawFilesOf(
  sessions: readonly string[],
): Promise<{ readonly files: readonly string[]; readonly metas: readonly SessionMeta[] }> {
  const files: string[] = [];
  const metas: SessionMeta[] = [];
  for (const session of sessions) {
    const meta = await readMeta(session);
    metas.push(meta);
    const { raw = [] } = meta;
    if (raw.length === 0)
      throw new RecordingError(
        'not_found',
        session,
        'has no raw frames',
        'name a session that `reprise record` made of a venue',
      );
    for (const { file, sha256 } of raw) {
      const path = join(session, file);
      const found = await hashOf(path);
      if (found !== sha256)
        throw new RecordingError(
          'damaged',
          path,
          `has SHA-256 ${found}, and session.json says ${sha256}`,
          'take the session from its origin again',
        );
      files.push(path);
    }
  }
  return { files, metas };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  } catch (cause) {
    const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw isGone
      ? new RecordingError('damaged', path, 'is not there, and session.json names it', 'put it back', { cause })
      : new RecordingError('unreadable', path, 'cannot be read', 'check the permissions and the disk', { cause });
  }
  return hash.digest('hex');
}
