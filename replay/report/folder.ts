import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES } from '../sweep/folder.js';
import type { Ranking } from '../sweep/ranking.js';
import { SweepRefused } from '../sweep/refused.js';
import { readRun } from '../sweep/run-file.js';
import type { TracedDesk } from '../sweep/traces.js';
import type { SweepRun } from './data.js';
import { readCostRows, type PartRow } from './rows.js';

/** What the folder of a finished sweep holds, as a report reads it. */
export interface SweepFolder {
  readonly run: SweepRun;
  readonly rankings: readonly Ranking[];
  readonly traces: readonly TracedDesk[];
  readonly rows: readonly PartRow[];
}

/** Reads the folder of a sweep. @throws {SweepRefused} when it is none, not finished, of another version, or altered */
export async function readSweepFolder(folder: string): Promise<SweepFolder> {
  await refuseUnfinished(folder);
  const run = (await readRun(folder)) as unknown as SweepRun & { readonly kind: string };
  if (run.kind !== 'sweep')
    throw new SweepRefused(
      `${folder} holds a ${run.kind}, and a report compares the sets of a sweep; its rows are in ${FILES.csv} and ${FILES.arrow}`,
    );
  const results = join(folder, FILES.arrow);
  const hash = await readable(results, hashOf(results));
  if (hash !== run.files[FILES.arrow])
    throw new SweepRefused(
      `${results} is not the file that ${FILES.run} names (SHA-256 ${hash}); sweep again with --force, or bring the file back`,
    );
  return {
    run,
    rankings: await readJson<readonly Ranking[]>(join(folder, FILES.comparisons)),
    traces: await readJson<readonly TracedDesk[]>(join(folder, FILES.traces)),
    rows: await readable(results, readCostRows(results, run.objective)),
  };
}

async function refuseUnfinished(folder: string): Promise<void> {
  let content: readonly string[];
  try {
    content = await readdir(folder);
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw new SweepRefused(
      isFile
        ? `${folder} is a file; name the folder that \`reprise sweep --out\` wrote`
        : `${folder} cannot be read; name the folder that \`reprise sweep --out\` wrote`,
    );
  }
  if (content.includes(FILES.run)) return;
  throw new SweepRefused(
    content.includes(FILES.plan)
      ? `${folder} holds a sweep that is not finished; give the command again that began it, with the same --out, and it goes on`
      : `${folder} holds no results; name the folder that \`reprise sweep --out\` wrote`,
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

async function readJson<Content>(path: string): Promise<Content> {
  const text = await readable(path, readFile(path, 'utf8'));
  try {
    return JSON.parse(text) as Content;
  } catch {
    throw new SweepRefused(`${path} cannot be read as JSON; sweep again with --force`);
  }
}

async function readable<Content>(path: string, reading: Promise<Content>): Promise<Content> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof SweepRefused) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SweepRefused(`${path} cannot be read (${reason}); sweep again with --force`);
  }
}
