import { mkdirSync, writeFileSync } from 'node:fs';
import { ENGINE_VERSION } from '../../core/version.js';
import { fixture } from './fixtures.js';
import { logOfAllShapes } from './make-shapes.js';

/**
 * `node dist/test/support/write-shapes.js`: what this version leaves on disk, once it is about to be released. A file that is
 * there stays as it is.
 */
const folder = fixture(`shapes/${ENGINE_VERSION}`);
mkdirSync(folder, { recursive: true });
/** Stories that have every shape and every field between them, found by trying. */
const STORIES = [
  ['log', 102, 100],
  ['log-2', 101, 190],
] as const;
for (const [name, seed, count] of STORIES) {
  const lines = await logOfAllShapes(seed, count);
  writeFileSync(`${folder}/${name}.ndjson`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' });
}
