import { RecordingError, type RecordingFault } from '../../adapters/recordings/errors.js';
import { LogFailure } from '../../core/ports.js';
import { OrdersFileError } from '../../adapters/requests/orders-file.js';
import { GridError } from '../../adapters/requests/grid-file.js';
import { OtherLog } from '../../replay/log-copy.js';
import { OutsideSession } from '../../replay/orders.js';
import { SweepInterrupted, SweepRefused } from '../../replay/sweep/refused.js';
import { NoSuchOrder } from '../../replay/what-if.js';

/** What the process ends with (docs/commands.md). */
export const Exit = { done: 0, checkFailed: 1, wrongRequest: 2, worldFailed: 3 } as const;

/** The request is wrong: a flag, a file, a parameter. The message says what, where and how to mend it. */
export class WrongRequest extends Error {
  override readonly name = 'WrongRequest';
}

/** A check did not hold: the command did its work, and this is what it found. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** The world failed, after the command did what it could: the message says what is kept. */
export class WorldFailed extends Error {
  override readonly name = 'WorldFailed';
}

const RECORDING_EXITS: Record<RecordingFault, number> = {
  not_found: Exit.wrongRequest,
  exists: Exit.wrongRequest,
  unreadable: Exit.worldFailed,
  unwritable: Exit.worldFailed,
  foreign: Exit.wrongRequest,
  unknown_version: Exit.wrongRequest,
  damaged: Exit.checkFailed,
  bad_line: Exit.wrongRequest,
  bad_message: Exit.wrongRequest,
  out_of_range: Exit.wrongRequest,
  ambiguous_snapshot: Exit.wrongRequest,
  bad_rules: Exit.wrongRequest,
};

const LOG_EXITS: Record<LogFailure['code'], number> = {
  damaged: Exit.checkFailed,
  foreign: Exit.wrongRequest,
  disk_full: Exit.worldFailed,
  read_only: Exit.worldFailed,
  in_use: Exit.worldFailed,
  unavailable: Exit.worldFailed,
};

const REQUEST_ERRORS = [
  WrongRequest,
  OrdersFileError,
  OutsideSession,
  OtherLog,
  NoSuchOrder,
  GridError,
  SweepRefused,
] as const;

/** The exit code of an error, and its sentence. */
export function judged(error: unknown): { readonly code: number; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (REQUEST_ERRORS.some((kind) => error instanceof kind)) return { code: Exit.wrongRequest, message };
  if (error instanceof CheckFailed || error instanceof SweepInterrupted) return { code: Exit.checkFailed, message };
  if (error instanceof RecordingError) return { code: RECORDING_EXITS[error.code], message };
  if (error instanceof LogFailure) return { code: LOG_EXITS[error.code], message };
  return { code: Exit.worldFailed, message: worldly(error, message) };
}

const MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: choose another --port, or 0 for any free one',
  EACCES: 'it is not permitted: check who owns it',
  ENOENT: 'it is not there: check the name',
  ENOSPC: 'the disk is full: make room',
  EROFS: 'the disk is read-only: choose another folder',
  EADDRNOTAVAIL: 'this machine has no such address: choose another --host',
};

function worldly(error: unknown, message: string): string {
  const { code = '' } = error as { code?: string };
  const mend = MENDS[code];
  return mend === undefined ? message : `${message}; ${mend}`;
}
