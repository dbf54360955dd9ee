import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GOLDEN, SESSIONS, fixture, reprise } from './fixtures.js';

/** `npm run fixtures`: makes every session and every golden log anew. Read the diff like code. */
function renew(): void {
  for (const { name, generate } of SESSIONS) run(['generate', ...generate, '--out', fixture(name), '--force']);
  for (const { session, orders, outcomes } of GOLDEN) {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-golden-'));
    const out = join(folder, 'run');
    run(['replay', fixture(session), '--orders', orders, '--out', out]);
    copyFileSync(join(out, 'outcomes.ndjson'), outcomes);
    rmSync(folder, { recursive: true });
  }
  for (const { name, about } of SESSIONS) writeFileSync(join(fixture(name), 'about.md'), about);
}

function run(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [reprise, ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`reprise ${args.join(' ')} ended with ${status ?? 'a signal'}`);
}

renew();
