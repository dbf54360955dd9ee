import { invariant } from '../errors.js';
import { formatScaled } from '../market/increments.js';

/**
 * An exact rational number, its denominator above zero. Costs are these until somebody reads them. Nothing is brought to
 * lowest terms unasked: of an inverse contract's thousand prices that takes longer than all that is done with them.
 */
export class Fraction {
  static readonly ZERO = new Fraction(0n, 1n);

  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** @throws {InvariantViolation} when `denominator` is zero */
  static of(numerator: bigint | number, denominator: bigint | number = 1n): Fraction {
    const [n, d] = [BigInt(numerator), BigInt(denominator)];
    invariant(d !== 0n, `${n} / 0 is no number`);
    return d < 0n ? new Fraction(-n, -d) : new Fraction(n, d);
  }

  /** Reads plain decimal text, with or without a sign. */
  static parse(text: string): Fraction {
    const [whole = '0', places = ''] = text.split('.');
    return Fraction.of(BigInt(whole + places), powerOfTen(places.length));
  }

  get isZero(): boolean {
    return this.numerator === 0n;
  }

  reduced(): Fraction {
    const { numerator, denominator } = this;
    const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
    return new Fraction(numerator / divisor, denominator / divisor);
  }

  plus(other: Fraction): Fraction {
    if (this.denominator === other.denominator) return new Fraction(this.numerator + other.numerator, this.denominator);
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
    return this.numerator * other.denominator === other.numerator * this.denominator;
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
  return a;
}
