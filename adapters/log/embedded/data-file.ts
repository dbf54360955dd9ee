import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { LogFailure } from '../../../core/ports.js';

export const DATA_FILE = 'data.mdb';

/** What the data file says of itself, read without LMDB. */
export interface DataFile {
  readonly bytes: number;
  /** The newest transaction that a meta page names. */
  readonly transaction: number;
  /** CRC-32 of both meta pages, as far as they are used. */
  readonly metaCrc: number;
  /** Why it should not be opened in this process before another one has read it through; undefined where all agrees. */
  readonly doubt: string | undefined;
}

/*
 * LMDB maps the file into memory and believes what stands in it: a page beyond the end of the file kills the process
 * with SIGBUS, and nothing in LMDB can catch it. So length and meta pages are looked at first. Of a page, the header
 * takes 24 bytes; of a meta page, then: u32 magic, u32 version, two words, the free tree and the main tree (48 bytes
 * each: page size or padding u32, flags u16, depth u16, three counts, entries, root), last page, transaction.
 */
const PAGE_HEADER = 24;
const META_BYTES = 168;
const MAGIC = 0xbeefc0de;
const VERSION = 2;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/**
 * Reads length and both meta pages of the data file.
 *
 * @param ours the folder is known to be a log of ours, so that a strange file in it is a damaged one
 * @returns undefined when there is no file, or an empty one
 * @throws {LogFailure} `foreign` for another program's file, `damaged` for one that cannot be opened
 */
export function inspectDataFile(directory: string, ours: boolean): DataFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(join(directory, DATA_FILE), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const first = readMeta(descriptor, 0);
    if (first === undefined) return fstatSync(descriptor).size === 0 ? undefined : refuse(directory, 'it is cut short');
    const code = ours ? 'damaged' : 'foreign';
    if (first.magic !== MAGIC) refuse(directory, 'its first page is not what LMDB writes', code);
    if (first.version !== VERSION)
      refuse(directory, `its format is ${first.version}, this program reads ${VERSION}`, code);
    if (!isPageSize(first.pageSize)) refuse(directory, 'its first page names no page size');
    const second = readMeta(descriptor, first.pageSize);
    if (second === undefined) refuse(directory, 'it is cut short');
    const bytes = fstatSync(descriptor).size; // after the pages: it only grows
    const newest = first.transaction >= second.transaction ? first : second;
    return {
      bytes,
      transaction: Number(newest.transaction),
      metaCrc: crc32(second.page, crc32(first.page)),
      doubt: doubtOf(first, second, newest, bytes),
    };
  } finally {
    closeSync(descriptor);
  }
}

interface Meta {
  readonly page: Buffer;
  readonly magic: number;
  readonly version: number;
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

function doubtOf(first: Meta, second: Meta, newest: Meta, bytes: number): string | undefined {
  if (second.magic !== MAGIC || second.version !== VERSION || second.pageSize !== first.pageSize)
    return 'its two meta pages do not agree';
  const apart = first.transaction - second.transaction;
  if (apart > 1n || apart < -1n) return 'its two meta pages are not of neighbouring transactions';
  if (newest.roots.some((root) => root !== NO_PAGE && (root < 2n || root > newest.lastPage)))
    return 'its meta page points beyond its last page';
  // A file may rightly be shorter: pages taken and freed in one transaction are never written. Reading it through tells.
  if ((newest.lastPage + 1n) * BigInt(newest.pageSize) > BigInt(bytes)) return 'it is shorter than its meta page says';
  return undefined;
}

function readMeta(descriptor: number, offset: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(descriptor, page, 0, META_BYTES, offset) < META_BYTES) return undefined;
  const at = PAGE_HEADER;
  return {
    page,
    magic: page.readUInt32LE(at),
    version: page.readUInt32LE(at + 4) & 0xffff,
    pageSize: page.readUInt32LE(at + 24),
    roots: [page.readBigUInt64LE(at + 64), page.readBigUInt64LE(at + 112)],
    lastPage: page.readBigUInt64LE(at + 120),
    transaction: page.readBigUInt64LE(at + 128),
  };
}

const isPageSize = (bytes: number): boolean => bytes >= 256 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;

function refuse(directory: string, why: string, code: 'damaged' | 'foreign' = 'damaged'): never {
  const mend = code === 'damaged' ? 'restore the folder from a copy' : 'name another folder with --data';
  throw new LogFailure(code, `${join(directory, DATA_FILE)} cannot be opened: ${why}; ${mend}`);
}
