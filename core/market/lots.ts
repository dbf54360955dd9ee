/**
 * A quantity of the book or the tape that is reckoned with: a safe integer, a `bigint` beyond. A displayed size comes as a
 * number that is exact beyond the safe integers, too, but a difference or a share of it need not be one, and what comes of
 * it may not depend on how finely the instrument happens to be counted by then. What is ours to trade is always safe.
 *
 * Numbers given to these functions are whole and exact; a type of both keeps them out of plain arithmetic. They compare as
 * they are.
 */
export type Lots = number | bigint;

/** A displayed size as it is kept. */
export function exactLots(lots: number): Lots {
  return lots <= Number.MAX_SAFE_INTEGER ? lots : BigInt(lots);
}

/** a + b, neither below zero. */
export function plus(a: Lots, b: Lots): Lots {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return narrowed(BigInt(a) + BigInt(b));
}

/** a - b, neither below zero. */
export function minus(a: Lots, b: Lots): Lots {
  if (typeof a === 'number' && typeof b === 'number' && a <= Number.MAX_SAFE_INTEGER && b <= Number.MAX_SAFE_INTEGER)
    return a - b;
  return narrowed(BigInt(a) - BigInt(b));
}

/** @param factor  a power of ten */
export function times(lots: Lots, factor: number): Lots {
  if (typeof lots === 'number') {
    const product = lots * factor;
    if (product <= Number.MAX_SAFE_INTEGER) return product;
  }
  return narrowed(BigInt(lots) * BigInt(factor));
}

/** The smaller of what is asked for, a safe integer >= 0, and what there is. */
export function least(asked: number, there: Lots): number {
  return asked < there ? asked : Number(there);
}

/** A whole number as `Lots`. */
export function narrowed(lots: bigint): Lots {
  return lots <= MOST && lots >= -MOST ? Number(lots) : lots;
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);
