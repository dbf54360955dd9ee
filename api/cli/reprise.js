#!/usr/bin/env node
import { existsSync } from 'node:fs';

const build = new URL('../../dist/api/cli/main.js', import.meta.url);
if (existsSync(build)) {
  const { main } = await import(build.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write('reprise: this checkout is not built yet: run `npm run build`\n');
  process.exitCode = 3;
}
