import { invariant } from '../errors.js';
import { formatScaled } from '../market/increments.js';

/** An exact rational number in lowest terms, its denominator above zero. Costs are these until somebody reads them. */
export class Fraction {
  static readonly ZERO = new Fraction(0n, 1n);

  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** @throws {InvariantViolation} when `denominator` is zero */
  static of(numerator: bigint | number, denominator: bigint | number = 1n): Fraction {
    let [n, d] = [BigInt(numerator), BigInt(denominator)];
    invariant(d !== 0n, `${n} / 0 is no number`);
    if (d < 0n) [n, d] = [-n, -d];
    const divisor = greatestCommonDivisor(n < 0n ? -n : n, d);
    return new Fraction(n / divisor, d / divisor);
  }

  /** Reads plain decimal text, with or without a sign. */
  static parse(text: string): Fraction {
    const [whole = '0', places = ''] = text.split('.');
    return Fraction.of(BigInt(whole + places), powerOfTen(places.length));
  }

  get isZero(): boolean {
    return this.numerator === 0n;
  }

  plus(other: Fraction): Fraction {
    return Fraction.of(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  minus(other: Fraction): Fraction {
    return this.plus(other.negated());
  }

  times(other: Fraction | bigint | number): Fraction {
    if (!(other instanceof Fraction)) return Fraction.of(this.numerator * BigInt(other), this.denominator);
    return Fraction.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** @throws {InvariantViolation} when `other` is zero */
  over(other: Fraction): Fraction {
    return Fraction.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  negated(): Fraction {
    return new Fraction(-this.numerator, this.denominator);
  }

  absolute(): Fraction {
    return this.numerator < 0n ? this.negated() : this;
  }

  isAbove(other: Fraction): boolean {
    return this.numerator * other.denominator > other.numerator * this.denominator;
  }

  equals(other: Fraction): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator;
  }

  /** Plain decimal text rounded half-even to so many places, without trailing zeros. */
  toText(places: number): string {
    const negative = this.numerator < 0n;
    const scaled = (negative ? -this.numerator : this.numerator) * powerOfTen(places);
    let mantissa = scaled / this.denominator;
    const twice = 2n * (scaled % this.denominator);
    if (twice > this.denominator || (twice === this.denominator && mantissa % 2n === 1n)) mantissa++;
    return formatScaled(negative ? -mantissa : mantissa, places);
  }
}

export function powerOfTen(exponent: number): bigint {
  return BigInt('1'.padEnd(exponent + 1, '0'));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
