import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder with real recordings, where this machine has one: `REPRISE_SHARED`, else `shared` beside the checkout. */
export function sharedDir(): string | undefined {
  const candidates = [process.env['REPRISE_SHARED'], resolve(import.meta.dirname, '../../../../shared')];
  return candidates.find((folder) => folder !== undefined && folder !== '' && existsSync(join(folder, 'captures')));
}

/** Says once that tests on real recordings do not run. */
export function sayNoShared(): void {
  if (said) return;
  said = true;
  console.log('      (no ../shared/captures here: tests on real recordings are left out)');
}
let said = false;
