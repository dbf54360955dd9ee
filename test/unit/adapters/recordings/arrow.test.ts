import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataType, tableFromIPC } from 'apache-arrow';
import { expect } from 'chai';
import { createSession } from '../../../../adapters/recordings/session/writer.js';
import { ColumnEncoder } from '../../../../core/market/column-codec.js';
import type { MarketColumns } from '../../../../core/market/columns.js';

// The Arrow library is the judge here: what we write without it, it must read.
describe('the Arrow file of a session', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-arrow-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const at = 1_704_067_200_000_001;
  function someRows(): MarketColumns {
    const encoder = new ColumnEncoder();
    encoder.add(1, { type: 'BookDelta', version: 1, at, data: { instrument: 'A@x', bids: [['1.5', '2']], asks: [] } });
    encoder.add(2, {
      type: 'Traded',
      version: 1,
      at: at + 1,
      data: {
        instrument: 'Ä@x',
        venueAt: at - 1,
        trades: [{ side: 'sell', price: '7', quantity: '0.25', tradeId: 2 ** 40 }],
      },
    });
    encoder.add(3, { type: 'FeedResumed', version: 1, at: at + 2, data: { instrument: 'A@x', trust: 'trusted' } });
    return encoder.take();
  }
  const rowsOf = (bytes: Uint8Array): unknown[] =>
    tableFromIPC(bytes)
      .toArray()
      .map((row: { toJSON: () => unknown }) => row.toJSON());
  const expected = [
    {
      seq: 1n,
      received_at: at / 1_000,
      venue_at: null,
      instrument: 'A@x',
      kind: 0,
      side: 0,
      price: 15n,
      size: 2n,
      flags: 1,
      venue_seq: null,
      text: null,
    },
    {
      seq: 2n,
      received_at: (at + 1) / 1_000,
      venue_at: (at - 1) / 1_000,
      instrument: 'Ä@x',
      kind: 2,
      side: 1,
      price: 7n,
      size: 25n,
      flags: 1,
      venue_seq: 2n ** 40n,
      text: null,
    },
    {
      seq: 3n,
      received_at: (at + 2) / 1_000,
      venue_at: null,
      instrument: 'A@x',
      kind: 4,
      side: 0,
      price: null,
      size: null,
      flags: 3,
      venue_seq: null,
      text: '{"trust":"trusted"}',
    },
  ];

  it('is read by the Arrow library, absent values and texts too', async () => {
    const writer = await createSession(join(folder, 's'));
    await writer.writeMarket(someRows());
    await writer.close({ engineVersion: 'test' });
    const bytes = await readFile(join(folder, 's', 'market.arrow'));
    expect(rowsOf(bytes)).to.deep.equal(expected);
    const { schema } = tableFromIPC(bytes);
    expect(
      schema.fields.map(({ name, type, nullable }) => `${name} ${String(type)}${nullable ? '?' : ''}`),
    ).to.deep.equal([
      'seq Int64',
      'received_at Timestamp<MICROSECOND, UTC>',
      'venue_at Timestamp<MICROSECOND, UTC>?',
      'instrument Dictionary<Int16, Utf8>',
      'kind Uint8',
      'side Uint8',
      'price Int64?',
      'size Int64?',
      'flags Uint8',
      'venue_seq Int64?',
      'text Utf8?',
    ]);
    expect(DataType.isDictionary(schema.fields[3]!.type)).to.equal(true);
    expect(JSON.parse(schema.metadata.get('instruments')!)).to.deep.equal({
      'A@x': { priceScale: 1, sizeScale: 0 },
      'Ä@x': { priceScale: 0, sizeScale: 2 },
    });
  });
  it('is read with many batches, and with none', async () => {
    const writer = await createSession(join(folder, 'many'));
    const rows = 200_000;
    const columns = someRows();
    const first = (words: Int32Array): Int32Array => words.slice(0, 2);
    for (let seq = 1; seq <= rows; seq++)
      await writer.writeMarket({
        ...columns,
        rows: 1,
        seq: Int32Array.of(seq, 0),
        receivedAt: first(columns.receivedAt),
        venueAt: first(columns.venueAt),
        price: first(columns.price),
        size: first(columns.size),
        venueSeq: first(columns.venueSeq),
      });
    await writer.close({ engineVersion: 'test' });
    const table = tableFromIPC(await readFile(join(folder, 'many', 'market.arrow')));
    expect(table.numRows).to.equal(rows);
    expect(table.batches.map(({ numRows }) => numRows)).to.deep.equal([65_536, 65_536, 65_536, 3_392]);
    expect(table.getChild('seq')!.get(rows - 1)).to.equal(BigInt(rows));
    await (await createSession(join(folder, 'none'))).close({ engineVersion: 'test' });
    expect(tableFromIPC(await readFile(join(folder, 'none', 'market.arrow'))).numRows).to.equal(0);
  });
  it('is a stream of segments while it is written, which the Arrow library reads as well', async () => {
    const writer = await createSession(join(folder, 'open'));
    await writer.writeMarket(someRows());
    await writer.flush();
    const hidden = (await readdir(folder)).find((name) => name.startsWith('.open-'))!;
    expect(rowsOf(await readFile(join(folder, hidden, 'segment-0.arrows')))).to.deep.equal(expected);
    await writer.abort();
  });
});
