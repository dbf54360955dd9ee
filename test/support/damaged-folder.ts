import { closeSync, cpSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdb, type Tables } from '../../adapters/log/embedded/store.js';

/** Records of the store as they stand in the data file, so that a test can spoil just one. */
export async function recordsOf(folder: string, table: keyof Tables): Promise<readonly Buffer[]> {
  const store = openLmdb(folder, true);
  const records = [...store[table].range({})].map(({ value }) => Buffer.from(value));
  await store.close();
  return records;
}

/** A copy of a folder whose data file has one bit flipped: in this record, wherever the file holds a copy of it. */
export function withFlippedBit(folder: string, copy: string, record: Buffer, bit: number): void {
  fresh(folder, copy);
  const data = readFileSync(dataFile(folder));
  const file = openSync(dataFile(copy), 'r+');
  const offset = bit >> 3;
  for (let at = data.indexOf(record); at >= 0; at = data.indexOf(record, at + 1))
    writeSync(file, Buffer.of(data[at + offset]! ^ (1 << (bit & 7))), 0, 1, at + offset);
  closeSync(file);
}

/** A copy of a folder whose data file has been changed by hand. */
export function withData(folder: string, copy: string, change: (data: Buffer) => Buffer): void {
  fresh(folder, copy);
  const data = change(readFileSync(dataFile(folder)));
  const file = openSync(dataFile(copy), 'r+');
  truncateSync(dataFile(copy), data.length);
  writeSync(file, data, 0, data.length, 0);
  closeSync(file);
}

const dataFile = (folder: string): string => join(folder, 'data.mdb');

function fresh(folder: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  rmSync(join(copy, 'lock.mdb'), { force: true });
}
