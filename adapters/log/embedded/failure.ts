import { constants } from 'node:os';
import { LogFailure } from '../../../core/ports.js';

/** What the operating system or LMDB said, as a failure of the log that says how to mend it. */
export function logFailure(error: unknown, directory: string): LogFailure {
  if (error instanceof LogFailure) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const word = wordOf(cause);
  const said = cause.message;
  if (DISK_FULL.has(word))
    return new LogFailure(
      'disk_full',
      `the disk of ${directory} is full (${said}); nothing of this append was stored: make room and start again`,
      {},
      { cause },
    );
  if (READ_ONLY.has(word))
    return new LogFailure(
      'read_only',
      `${directory} cannot be written (${said}); mount it writable, give this user the right, or name another folder`,
      {},
      { cause },
    );
  if (DAMAGED.has(word))
    return new LogFailure(
      'damaged',
      `the log in ${directory} is damaged (${said}); restore the folder from a copy, or read what is left with \`reprise log check\``,
      {},
      { cause },
    );
  return new LogFailure('unavailable', `the log in ${directory} cannot be used (${said})`, {}, { cause });
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);
const DAMAGED = new Set(['MDB_CORRUPTED', 'MDB_PAGE_NOTFOUND', 'MDB_INVALID', 'MDB_VERSION_MISMATCH']);

const OF_LMDB = new Map([
  [-30797, 'MDB_PAGE_NOTFOUND'],
  [-30796, 'MDB_CORRUPTED'],
  [-30794, 'MDB_VERSION_MISMATCH'],
  [-30793, 'MDB_INVALID'],
]);
const OF_SYSTEM = new Map(Object.entries(constants.errno).map(([word, code]) => [code, word]));

/** The error's code as a word: Node gives words, LMDB numbers. */
function wordOf(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return code;
  if (typeof code !== 'number') return '';
  return OF_LMDB.get(code) ?? OF_SYSTEM.get(code) ?? '';
}
