import { parseInstant, type EpochMicros } from '../../core/time.js';

/** Whole numbers below this are a `seq`, below the next one microseconds since 1970, else nanoseconds. */
const LEAST_MICROS = 10n ** 14n;
const LEAST_NANOS = 10n ** 17n;
const WHOLE = /^\d{1,22}$/;

/**
 * Reads a TIME as commands and files spell it: ISO 8601 with an offset, or a whole number. Nanoseconds are cut, not rounded.
 *
 * @returns `undefined` when the text is neither
 */
export function readTime(text: string): { readonly at: EpochMicros } | { readonly seq: number } | undefined {
  if (!WHOLE.test(text)) {
    const at = parseInstant(text);
    return at === undefined ? undefined : { at };
  }
  const value = BigInt(text);
  if (value < LEAST_MICROS) return { seq: Number(value) };
  const at = Number(value < LEAST_NANOS ? value : value / 1000n);
  return Number.isSafeInteger(at) ? { at } : undefined;
}
