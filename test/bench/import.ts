import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importRecordings } from '../../adapters/recordings/import.js';

export interface ImportBench {
  readonly files: readonly string[];
  readonly lines: number;
  readonly rounds: number;
  /** Milliseconds: median, and the worst round. */
  readonly bareMs: number;
  readonly bareWorstMs: number;
  readonly importMs: number;
  readonly importWorstMs: number;
  /** Median of import over median of the bare loop. */
  readonly ratio: number;
}

/**
 * Times `import` of collector files against a loop that unzips them and parses each line's JSON, in turns in one run, so
 * that both meet the same machine.
 */
export async function benchImport(files: readonly string[], rounds = 9): Promise<ImportBench> {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-bench-'));
  const bare: number[] = [];
  const imports: number[] = [];
  let lines = 0;
  try {
    for (let round = -2; round < rounds; round++) {
      const start = performance.now();
      lines = bareLoop(files);
      const between = performance.now();
      await importRecordings(files, { out: join(folder, 'session'), engineVersion: 'bench', force: true });
      const end = performance.now();
      if (round < 0) continue; // two rounds to warm up
      bare.push(between - start);
      imports.push(end - between);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const bareMs = median(bare);
  const importMs = median(imports);
  return {
    files,
    lines,
    rounds,
    bareMs,
    bareWorstMs: Math.max(...bare),
    importMs,
    importWorstMs: Math.max(...imports),
    ratio: importMs / bareMs,
  };
}

/** The least that any reader must do. @returns lines read */
function bareLoop(files: readonly string[]): number {
  let lines = 0;
  for (const file of files) {
    const bytes = gunzipSync(readFileSync(file));
    for (let from = 0; from < bytes.length; lines++) {
      const end = bytes.indexOf(10, from);
      const to = end < 0 ? bytes.length : end;
      JSON.parse(bytes.toString('latin1', bytes.indexOf(32, from) + 1, to));
      from = to + 1;
    }
  }
  return lines;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
