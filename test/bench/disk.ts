import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = Buffer.alloc(4096, 1);
const PAGES = 256;

/** How long this disk takes to make 4 KiB durable, write and `fdatasync`, in milliseconds each. */
export function syncTimes(folder: string, times: number): number[] {
  const path = join(folder, 'sync-trial');
  const file = openSync(path, 'w');
  try {
    for (let page = 0; page < PAGES; page++) writeSync(file, PAGE);
    fdatasyncSync(file);
    return Array.from({ length: times }, (_, i) => {
      const start = performance.now();
      writeSync(file, PAGE, 0, PAGE.length, (i % PAGES) * PAGE.length);
      fdatasyncSync(file);
      return performance.now() - start;
    });
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
