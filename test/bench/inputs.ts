import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importRecordings } from '../../adapters/recordings/import.js';
import { sharedDir } from '../support/shared.js';
import { writeCollectorFile } from './collector-file.js';
import { repeatedSession, type LongSession } from './long-session.js';

/** A recording in the collector's format. */
export interface CollectorFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** The recording that the figures stand on: a real one where this machine has it, else one of the sample market. */
export async function collectorFile(folder: string): Promise<CollectorFile> {
  const shared = sharedDir();
  const real = shared === undefined ? '' : join(shared, 'captures/binance-usdm/btcusdt_20240808.gz');
  if (existsSync(real)) return { path: real, name: `${basename(real)} (a real one)`, bytes: statSync(real).size };
  const path = join(folder, 'sample_20240808.gz');
  if (!existsSync(path)) await writeCollectorFile(path);
  return { path, name: `${basename(path)} (of the sample market)`, bytes: statSync(path).size };
}

/** The same as a session. */
export async function sessionOf(file: CollectorFile, folder: string): Promise<string> {
  const out = join(folder, 'session');
  if (!existsSync(out)) await importRecordings([file.path], { out, engineVersion: 'bench' });
  return out;
}

/** That session many times over, with one TWAP at work in it. Made once for a folder. */
export async function longSession(folder: string, times: number, slices: number): Promise<LongSession & Named> {
  const file = await collectorFile(folder);
  const source = await sessionOf(file, folder);
  const about = join(folder, `times-${times}.json`);
  const name = `${file.name} ${times} times over`;
  if (existsSync(about)) return { ...(JSON.parse(readFileSync(about, 'utf8')) as LongSession), name };
  const made = await repeatedSession(source, join(folder, `times-${times}`), times, { slices, quantity: '30' });
  writeFileSync(about, JSON.stringify(made));
  return { ...made, name };
}

interface Named {
  readonly name: string;
}
