export type RecordingFault =
  /** There is no such file or folder. */
  | 'not_found'
  /** The target is there already. */
  | 'exists'
  /** The file cannot be read: permissions, disk, a broken or truncated gzip stream. */
  | 'unreadable'
  /** A file or folder of ours cannot be written: permissions, a full disk. */
  | 'unwritable'
  /** The content is of another kind than was expected. */
  | 'foreign'
  /** A session folder of a format version that this build does not know. */
  | 'unknown_version'
  /** A session folder lacks a part or a hash does not match. */
  | 'damaged'
  /** A line of a recording is not `<receive time> <JSON object>`. */
  | 'bad_line'
  /** A message lacks a field, or a field has the wrong type or an impossible value. */
  | 'bad_message'
  /** A number is beyond what can be counted exactly. */
  | 'out_of_range'
  /** A REST snapshot without a symbol in a recording of several instruments. */
  | 'ambiguous_snapshot'
  /** The rules file is not what it should be. */
  | 'bad_rules';

/**
 * A recording or a captured session cannot be used. The message is one sentence: where (file and line, where there are
 * lines), what, and how to mend it.
 */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  constructor(
    readonly code: RecordingFault,
    /** File, and line from 1 where there are lines: `trades.gz:17`. */
    readonly where: string,
    readonly what: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${what}; ${mend}`, options);
  }
}
