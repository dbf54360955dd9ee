import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of shared recordings, where there is one: `REPRISE_SHARED`, else `shared` beside the checkout. */
export function sharedDir(): string | undefined {
  const named = process.env['REPRISE_SHARED'];
  const candidates = [...(named === undefined || named === '' ? [] : [named]), join(checkout, '..', 'shared')];
  return candidates.find((folder) => existsSync(folder));
}

const checkout = join(import.meta.dirname, '..', '..', '..'); // from dist/test/support
