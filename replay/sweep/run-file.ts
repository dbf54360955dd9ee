import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Grid, VenueLists } from '../../adapters/requests/grid-file.js';
import type { ResultHashes } from '../../adapters/results/writer.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { canonical, type Json } from '../../core/json.js';
import { formatInstant } from '../../core/time.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { FILES, writeWhole, type Identity } from './folder.js';
import type { Cut, Skips } from './plan.js';
import { SweepRefused } from './refused.js';
import type { Entrant } from './sessions.js';

export const RESULTS_FORMAT = 'reprise-results';
export const RESULTS_FORMAT_VERSION = 1;

/** A session as `run.json` names it. */
export interface RunSession {
  readonly name: string;
  readonly part: 'train' | 'test' | '';
  readonly contentHash: string;
  readonly from: string;
  readonly to: string;
  readonly settings: RunSettings;
}

/** What makes one run of a sweep the same as another: exactly what its rows follow from. */
export interface SweepTerms {
  readonly kind: 'sweep';
  readonly sessions: readonly RunSession[];
  readonly grid: Grid;
  /** Settings of the venue that are compared. */
  readonly venue: VenueLists;
  readonly seed: number;
  readonly seeds: readonly number[];
  readonly cut: Cut;
}

/** What a run came to, beside its rows. */
export interface RunOutcome {
  readonly counts: Readonly<Record<string, number>>;
  readonly skipped: { readonly sets: Skips; readonly desks: Skips };
  /** Anything else that is to be known of it. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export function runSession({ name, part, session }: Entrant, settings: RunSettings): RunSession {
  const { contentHash } = session.meta;
  return { name, part, contentHash, from: formatInstant(session.from), to: formatInstant(session.to), settings };
}

export function identityOf(terms: { readonly kind: string; readonly sessions: readonly RunSession[] }): Identity {
  const text = canonical({
    format: RESULTS_FORMAT,
    formatVersion: RESULTS_FORMAT_VERSION,
    engineVersion: ENGINE_VERSION,
    ...terms,
  } as unknown as Json);
  return JSON.parse(text) as Identity;
}

/** Writes `run.json`, the last file of a run: with it the folder is whole. */
export async function writeRun(
  folder: string,
  identity: Identity,
  entrants: readonly Entrant[],
  { counts, skipped, more }: RunOutcome,
  hashes: ResultHashes,
): Promise<void> {
  const sessions = identity['sessions'] as readonly Readonly<Record<string, Json>>[];
  const run = {
    ...identity,
    sessions: sessions.map((session, i) => ({
      ...session,
      path: relative(resolve(folder), resolve(entrants[i]!.path)),
    })),
    counts,
    skipped,
    ...more,
    files: { [FILES.arrow]: hashes.arrow, [FILES.csv]: hashes.csv },
  };
  await writeWhole(join(folder, FILES.run), `${JSON.stringify(run, null, 2)}\n`);
}

export interface StoredRun {
  readonly kind: 'sweep' | 'backtest';
  readonly engineVersion: string;
  readonly sessions: readonly (RunSession & { readonly path: string })[];
  readonly counts: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Reads `run.json`. @throws {SweepRefused} when the folder is no whole run, or of a format of another version */
export async function readRun(folder: string): Promise<StoredRun> {
  const path = join(folder, FILES.run);
  let run: Partial<StoredRun> & { readonly format?: unknown; readonly formatVersion?: unknown };
  try {
    run = JSON.parse(await readFile(path, 'utf8')) as typeof run;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new SweepRefused(
        `${folder} has no ${FILES.run}: it was not finished; give the command again that began it`,
      );
    throw new SweepRefused(`${path} cannot be read as JSON; make the results anew with --force`);
  }
  if (run.format !== RESULTS_FORMAT || run.formatVersion !== RESULTS_FORMAT_VERSION)
    throw new SweepRefused(
      `${path} has format ${JSON.stringify(run.format)} version ${JSON.stringify(run.formatVersion)}, and this build reads ` +
        `"${RESULTS_FORMAT}" version ${RESULTS_FORMAT_VERSION}; use the build that wrote it`,
    );
  return run as StoredRun;
}
