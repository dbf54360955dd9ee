import { RecordingError } from '../errors.js';

/** Waits for work on a file of ours; where the disk refuses it, says so in a sentence. @throws {RecordingError} */
export async function onDisk<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new RecordingError('unwritable', path, `cannot be written (${code})`, mendOf(code), { cause });
  }
}

function mendOf(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'make room on this disk, or name a folder on another one';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'name a folder that you may write to';
    default:
      return 'name another folder';
  }
}
