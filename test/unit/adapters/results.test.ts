import { expect } from 'chai';
import { tableFromIPC } from 'apache-arrow';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column, Row } from '../../../adapters/results/columns.js';
import { ResultsWriter } from '../../../adapters/results/writer.js';

const COLUMNS: readonly Column[] = [
  { name: 'name', type: 'text' },
  { name: 'price', type: 'decimal' },
  { name: 'bps', type: 'measure' },
  { name: 'count', type: 'count' },
  { name: 'flag', type: 'flag' },
  { name: 'at', type: 'instant' },
];
const ROWS: readonly Row[] = [
  ['plain', '60000.50', '-1.25', 3, true, 1_704_081_600_123_457],
  ['a "quoted", name', '0.1', '0', 0, false, 0],
  [null, null, null, null, null, null],
];

describe('Rows of results', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-results-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function written(rows: readonly Row[]): Promise<{ arrow: Buffer; csv: string }> {
    const paths = [join(folder, 'r.arrow'), join(folder, 'r.csv')] as const;
    for (const path of paths) rmSync(path, { force: true });
    const writer = await ResultsWriter.create(...paths, COLUMNS);
    for (const row of rows) await writer.add(row);
    const hashes = await writer.close();
    const [arrow, csv] = [readFileSync(paths[0]), readFileSync(paths[1], 'utf8')];
    expect(hashes.arrow).to.equal(createHash('sha256').update(arrow).digest('hex'));
    expect(hashes.csv).to.equal(createHash('sha256').update(csv).digest('hex'));
    return { arrow, csv };
  }

  it('stand in CSV as exact text, absent values empty, instants in ISO 8601', async () => {
    expect((await written(ROWS)).csv).to.equal(
      'name,price,bps,count,flag,at\n' +
        'plain,60000.50,-1.25,3,true,2024-01-01T04:00:00.123457Z\n' +
        '"a ""quoted"", name",0.1,0,0,false,1970-01-01T00:00:00Z\n' +
        ',,,,,\n',
    );
  });

  it('stand in Arrow as text, float64, int64, booleans and whole microseconds', async () => {
    const table = tableFromIPC((await written(ROWS)).arrow);
    expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).to.deep.equal([
      'name Utf8',
      'price Utf8',
      'bps Float64',
      'count Int64',
      'flag Bool',
      'at Timestamp<MICROSECOND, UTC>',
    ]);
    expect(table.getChild('price')!.toArray()).to.deep.equal(['60000.50', '0.1', null]);
    expect([...table.getChild('bps')!]).to.deep.equal([-1.25, 0, null]);
    expect([...table.getChild('count')!]).to.deep.equal([3n, 0n, null]);
    expect([...table.getChild('flag')!]).to.deep.equal([true, false, null]);
    expect((table.getChild('at')!.data[0]!.values as BigInt64Array)[0]).to.equal(1_704_081_600_123_457n);
  });

  it('make the same bytes each time, over several batches, and a readable file without any', async () => {
    const many = Array.from({ length: 20_000 }, (_, i): Row => [`n${i % 7}`, `${i}.5`, `${i}.25`, i, i % 2 === 0, i]);
    const once = await written(many);
    const again = await written(many);
    expect(once.arrow.equals(again.arrow)).to.equal(true);
    expect(once.csv).to.equal(again.csv);
    expect(tableFromIPC(once.arrow).numRows).to.equal(20_000);
    expect(tableFromIPC((await written([])).arrow).numRows).to.equal(0);
  });
});
