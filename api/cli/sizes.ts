import { WrongRequest } from './failures.js';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** A size of the command line in bytes, above zero. */
export function size(text: string, flag: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?([kMGTK]?i?B)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(count) * (UNITS[unit ?? ''] ?? NaN));
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new WrongRequest(`${flag}: "${text}" is no size; write it like 500MB or 1GiB`);
}

/** A number of bytes as people read it. */
export function shownSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
