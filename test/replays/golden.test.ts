import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../adapters/recordings/session/session.js';
import { fixture, GOLDEN, SESSIONS } from '../support/fixtures.js';
import { succeed } from '../support/cli.js';

describe('golden replays', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-golden-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const { session, orders, outcomes } of GOLDEN)
    it(`gives ${session} the outcomes that it always had, byte for byte`, async () => {
      const out = join(folder, 'run');
      await succeed('replay', fixture(session), '--orders', orders, '--out', out);
      expect(readFileSync(join(out, 'outcomes.ndjson'), 'utf8')).to.equal(readFileSync(outcomes, 'utf8'));
      await succeed('verify', out);
    });

  for (const { name, generate } of SESSIONS)
    it(`generates ${name} again, row by row the same`, async () => {
      const out = join(folder, 'session');
      await succeed('generate', ...generate, '--out', out);
      const [made, kept] = [await openSession(out), await openSession(fixture(name))];
      expect(made.meta.contentHash).to.equal(kept.meta.contentHash);
    });
});
