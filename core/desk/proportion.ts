/** floor(a x b / c) in whole lots of `lotLots` increments each; exact for any safe integers. */
export function flooredShare(a: number, b: number, c: number, lotLots: number): number {
  const product = a * b;
  const divisor = c * lotLots;
  if (product <= Number.MAX_SAFE_INTEGER && divisor <= Number.MAX_SAFE_INTEGER)
    return Math.floor(product / divisor) * lotLots;
  return Number((BigInt(a) * BigInt(b)) / (BigInt(c) * BigInt(lotLots))) * lotLots;
}

/** ceil(a x b / c) in whole lots of `lotLots` increments each; exact for any safe integers. */
export function raisedShare(a: number, b: number, c: number, lotLots: number): number {
  const divisor = c * lotLots;
  const dividend = a * b + divisor - 1;
  if (dividend <= Number.MAX_SAFE_INTEGER) return Math.floor(dividend / divisor) * lotLots;
  const exact = BigInt(c) * BigInt(lotLots);
  return Number((BigInt(a) * BigInt(b) + exact - 1n) / exact) * lotLots;
}
