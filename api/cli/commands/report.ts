import { access } from 'node:fs/promises';
import { RecordingError } from '../../../adapters/recordings/errors.js';
import { reportData, type ReportData } from '../../../replay/report/data.js';
import { readSweepFolder } from '../../../replay/report/folder.js';
import { pageOf } from '../../../replay/report/page.js';
import { writeWhole } from '../../../replay/sweep/folder.js';
import { showBest } from '../best-sets.js';
import { counted } from '../../../replay/sweep/planning.js';
import type { Terminal } from '../terminal.js';

export interface ReportFlags {
  readonly html?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `reprise report`: what a sweep found, as a page or in short. */
export async function report(folder: string, flags: ReportFlags, terminal: Terminal): Promise<void> {
  const { html, force, json } = flags;
  if (html !== undefined && force !== true) await refuseOverwriting(html);
  const data = reportData(await readSweepFolder(folder));
  if (html !== undefined) await writeWhole(html, await pageOf(data));
  if (json === true) terminal.out(JSON.stringify({ html: html ?? null, ...summary(data) }));
  else if (html === undefined) show(data, terminal);
  else terminal.out(html);
}

async function refuseOverwriting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new RecordingError('exists', path, 'is there already', 'name another --html, or add --force');
}

/** What a page says first. */
function summary({ run, best, assumptions, setsLeftOut }: ReportData) {
  return {
    run,
    best,
    assumptions: assumptions.map(({ assume, train, test, rankCorrelation }) => ({
      assume,
      train,
      test,
      rankCorrelation,
    })),
    setsLeftOut,
  };
}

function show({ run, best, assumptions, parameters }: ReportData, terminal: Terminal): void {
  const { counts, skipped, sessions, engineVersion, seed, objective } = run;
  const count = (name: string): string => counted(counts[name] ?? 0);
  terminal.out(
    `${count('desks')} desks: ${count('sets')} sets, ${count('starts')} starts, ${sessions.length} sessions; ` +
      `${objective} in bps; version ${engineVersion}, seed ${seed}`,
  );
  for (const [what, reasons] of Object.entries(skipped))
    for (const [reason, number] of Object.entries(reasons))
      terminal.out(`${counted(number)} ${what} left out: ${reason}`);
  showBest(
    terminal,
    best,
    assumptions.map(({ assume }) => assume),
    (key) => parameters.includes(key),
  );
  for (const { assume, train } of assumptions) for (const note of train.notes) terminal.out(`${assume}: ${note}`);
}
