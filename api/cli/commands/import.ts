import { importRecordings } from '../../../adapters/recordings/import.js';
import { ENGINE_VERSION } from '../../../core/version.js';
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
  readonly json?: boolean;
}

/** `reprise import`: foreign recordings into a session; nothing is kept when it fails. */
export async function importFiles(files: readonly string[], flags: ImportFlags, terminal: Terminal): Promise<void> {
  const rules = flags.rules === undefined ? undefined : await readJsonFile(flags.rules);
  const { session, lines } = await importRecordings(files, {
    out: flags.out,
    engineVersion: ENGINE_VERSION,
    format: flags.format,
    maxSilence: duration(flags.maxSilence, '--max-silence'),
    force: flags.force === true,
    signal: terminal.signal,
    onProgress: ({ lines: read }) => terminal.progress(`${read} lines`),
    ...(flags.venue === undefined ? {} : { venue: flags.venue }),
    ...(rules === undefined ? {} : { rules }),
  });
  const { counts, from, to, contentHash, instruments } = session;
  const notes = session.sources.flatMap(({ file, notes: told = [] }) => told.map((note) => `${file}: ${note}`));
  if (flags.json === true)
    terminal.out(
      JSON.stringify({
        out: flags.out,
        from,
        to,
        lines,
        ...counts,
        gaps: session.gaps,
        contentHash,
        instruments: instruments.map(({ instrument }) => instrument),
        ...(notes.length === 0 ? {} : { notes }),
      }),
    );
  else
    terminal.out(
      `${flags.out}: ${counts.messages} messages of ${instruments.map(({ instrument }) => instrument).join(', ')} from ${from} to ${to}, ` +
        `${counts.ignored} lines ignored, ${session.gaps} gaps${notes.map((note) => `\n${note}`).join('')}`,
    );
}
