import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableStore } from '../support/durable-store.js';
import { surviveKills } from '../support/kills.js';
import { seedOf } from '../support/seed.js';

describe('a server that is killed again and again', () => {
  it('keeps every acknowledged order and does nothing twice, over a hundred kills', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reprise-kills-'));
    await seedOf('kills', (seed) => surviveKills({ data }, 100, seed));
    rmSync(data, { recursive: true });
  });

  it('does so on a store, where one or the other or both are killed, over sixty kills', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reprise-kills-'));
    const store = await durableStore();
    await seedOf('kills', (seed) => surviveKills({ data, store }, 60, seed));
    await store.remove();
    rmSync(data, { recursive: true });
  });
});
