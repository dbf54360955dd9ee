import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surviveKills } from '../support/kills.js';
import { seedOf } from '../support/seed.js';

describe('a server that is killed again and again', () => {
  it('keeps every acknowledged order and does nothing twice, over a hundred kills', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reprise-kills-'));
    await seedOf('kills', (seed) => surviveKills(data, 100, seed));
    rmSync(data, { recursive: true });
  });
});
