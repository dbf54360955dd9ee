import { stat } from 'node:fs/promises';
import { importRecordings, type ImportOptions } from '../../../adapters/recordings/import.js';
import { rawFilesOf } from '../../../adapters/recordings/raw/of-session.js';
import { recoverRecording } from '../../../adapters/recordings/recover.js';
import type { SessionMeta } from '../../../adapters/recordings/session/meta.js';
import { readMark, recoverCommand } from '../../../adapters/recordings/session/unfinished.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { WrongRequest } from '../failures.js';
import { readJsonFile } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { duration } from '../times.js';

export interface ImportFlags {
  readonly out: string;
  readonly force?: boolean;
  readonly format: string;
  readonly venue?: string;
  readonly maxSilence: string;
  readonly rules?: string;
  readonly fromRaw?: boolean;
  readonly recover?: boolean;
  readonly json?: boolean;
}

/** `reprise import`: recordings into a session; nothing is kept when it fails. */
export async function importFiles(files: readonly string[], flags: ImportFlags, terminal: Terminal): Promise<void> {
  if (flags.recover === true) return recover(files, flags, terminal);
  const rules = flags.rules === undefined ? undefined : await readJsonFile(flags.rules);
  const options: ImportOptions = {
    out: flags.out,
    engineVersion: ENGINE_VERSION,
    format: flags.format,
    maxSilence: duration(flags.maxSilence, '--max-silence'),
    force: flags.force === true,
    signal: terminal.signal,
    onProgress: ({ lines: read }) => terminal.progress(`${read} lines`),
    ...(flags.venue === undefined ? {} : { venue: flags.venue }),
    ...(rules === undefined ? {} : { rules }),
  };
  if (flags.fromRaw === true) return fromRaw(files, options, flags, terminal);
  for (const file of files) await refuseFolder(file, flags.out);
  const { session, lines } = await importRecordings(files, options);
  tell(session, lines, flags, terminal);
}

/** A session anew from the frames that were kept beside it. */
async function fromRaw(
  sessions: readonly string[],
  options: ImportOptions,
  flags: ImportFlags,
  terminal: Terminal,
): Promise<void> {
  const { files, metas } = await rawFilesOf(sessions);
  const { session, lines } = await importRecordings(files, { ...options, format: 'raw' });
  const made = new Set(session.instruments.map(({ instrument }) => instrument));
  const without = new Set(metas.flatMap(({ instruments }) => instruments.map(({ instrument }) => instrument)));
  for (const instrument of made) without.delete(instrument);
  if (without.size > 0) terminal.say(`${[...without].join(', ')}: left out, because there are no raw frames of it`);
  tell(session, lines, flags, terminal);
}

/** A session of what a recorder left that was killed. */
async function recover(folders: readonly string[], flags: ImportFlags, terminal: Terminal): Promise<void> {
  const [folder, another] = folders;
  if (folder === undefined || another !== undefined)
    throw new WrongRequest('--recover: one folder that a recorder left is made one session; name one at a time');
  const session = await recoverRecording(folder, {
    out: flags.out,
    engineVersion: ENGINE_VERSION,
    force: flags.force === true,
    signal: terminal.signal,
    onProgress: (inputs) => terminal.progress(`${inputs} inputs`),
  });
  tell(session, undefined, flags, terminal);
  terminal.say(`${folder} is not needed any more`);
}

async function refuseFolder(path: string, out: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return;
  if ((await readMark(path)) !== undefined)
    throw new WrongRequest(`${path} is a recording that was broken off; ${recoverCommand(path, out)}`);
  throw new WrongRequest(
    `${path} is a folder; name files, or add --from-raw to make a session anew from its raw frames`,
  );
}

function tell(session: SessionMeta, lines: number | undefined, flags: ImportFlags, terminal: Terminal): void {
  const { counts, from, to, contentHash, gaps } = session;
  const instruments = session.instruments.map(({ instrument }) => instrument);
  const notes = session.sources.flatMap(({ file, notes: told = [] }) => told.map((note) => `${file}: ${note}`));
  if (flags.json === true)
    terminal.out(
      JSON.stringify({
        out: flags.out,
        from,
        to,
        ...(lines === undefined ? {} : { lines }),
        ...counts,
        gaps,
        contentHash,
        instruments,
        ...(notes.length === 0 ? {} : { notes }),
      }),
    );
  else
    terminal.out(
      `${flags.out}: ${counts.messages} messages of ${instruments.join(', ')} from ${from} to ${to}, ` +
        `${lines === undefined ? '' : `${counts.ignored} lines ignored, `}${gaps} gaps${notes.map((note) => `\n${note}`).join('')}`,
    );
}
