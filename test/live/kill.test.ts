import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableStore } from '../support/durable-store.js';
import { surviveKills } from '../support/kills.js';
import { seedOf } from '../support/seed.js';

describe('a server that is killed', () => {
  it('keeps every acknowledged order and does nothing twice, over five kills', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reprise-kill-'));
    await seedOf('kills', (seed) => surviveKills({ data }, 5, seed));
    rmSync(data, { recursive: true });
  });

  it('does so on a store that is killed as well, over four kills', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reprise-kill-'));
    const store = await durableStore();
    await seedOf('kills', (seed) => surviveKills({ data, store }, 4, seed));
    await store.remove();
    rmSync(data, { recursive: true });
  });
});
