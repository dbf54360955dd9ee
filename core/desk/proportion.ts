/** floor(a x b / c) in whole lots of `lotLots` increments each; exact for any safe integers. */
export function flooredShare(a: number, b: number, c: number, lotLots: number): number {
  const product = a * b;
  const divisor = c * lotLots;
  if (product <= Number.MAX_SAFE_INTEGER && divisor <= Number.MAX_SAFE_INTEGER)
    return Math.floor(product / divisor) * lotLots;
  return Number((BigInt(a) * BigInt(b)) / (BigInt(c) * BigInt(lotLots))) * lotLots;
}
