// Runs after `npm ci` and `npm install`: builds, or says why it need not.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const built = existsSync(new URL('../dist/api/cli/main.js', import.meta.url));
let compiler;
try {
  compiler = require.resolve('typescript/bin/tsc');
} catch {
  if (built) {
    console.error('prepare: TypeScript is not installed; the build that is there stays as it is');
    process.exit(0);
  }
  console.error('prepare: TypeScript is not installed and there is no build; run `npm ci` with development packages');
  process.exit(1);
}
process.exit(spawnSync(process.execPath, [compiler, '--build'], { stdio: 'inherit' }).status ?? 1);
