import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSession } from '../../../../adapters/recordings/session/session.js';
import { createSession } from '../../../../adapters/recordings/session/writer.js';
import { ColumnsBuilder, Kind, type MarketColumns } from '../../../../core/market/columns.js';

const START = 1_704_067_200_000_000;
const ROWS = 5_000_000;
const MEGABYTE = 1_000_000;
/** Buffers for two batches on their way out and two on their way in, and what the collector has not looked at yet. */
const MOST_BUFFERED = 64 * MEGABYTE;

function* market(rows: number): Generator<MarketColumns> {
  const builder = new ColumnsBuilder();
  const instruments = [{ instrument: 'A@x', priceScale: 2, sizeScale: 3 }];
  for (let row = 0; row < rows; row++) {
    builder.add(
      row + 1,
      START + row,
      START + row,
      0,
      Kind.delta,
      row % 2,
      100_000 + (row % 997),
      row % 1_000,
      0,
      row + 1,
    );
    builder.endMessage();
    if (builder.rows === 20_000) yield builder.take(instruments);
  }
  yield builder.take(instruments);
}

describe('a long session', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-long-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is written and read in the memory of a few batches', async () => {
    let most = 0;
    const look = (): void => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    };
    const before = process.memoryUsage().arrayBuffers;
    const writer = await createSession(join(folder, 's'));
    for (const columns of market(ROWS)) {
      await writer.writeMarket(columns);
      look();
    }
    const watch = setInterval(look, 5);
    const { counts } = await writer.close({ engineVersion: 'test' });
    clearInterval(watch);
    expect(counts.rows).to.equal(ROWS);
    let rows = 0;
    for await (const batch of (await openSession(join(folder, 's'))).inputs()) {
      rows += batch.market.rows;
      look();
    }
    expect(rows).to.equal(ROWS);
    console.log(`      ${ROWS} rows, ${Math.round(most / MEGABYTE)} MB of buffers at most`);
    expect(most - before).to.be.lessThan(MOST_BUFFERED); // the file has 285 MB
  });
});
