import { Decimal } from './decimal.js';
import { formatScaled } from './market/increments.js';

/** A decimal as `mantissa x 10^-scale`, of any size and sign. */
export interface Counted {
  readonly mantissa: bigint;
  readonly scale: number;
}

/** Reads plain decimal text, which may begin with a minus. */
export function countedText(text: string): Counted {
  const point = text.indexOf('.');
  if (point < 0) return { mantissa: BigInt(text), scale: 0 };
  return { mantissa: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

export const product = (a: Counted, b: Counted): Counted => ({
  mantissa: a.mantissa * b.mantissa,
  scale: a.scale + b.scale,
});

/** a / b at so many places, rounded half-even. `b` is above zero. */
export function quotient(a: Counted, b: Counted, places: number): Counted {
  const shift = places + b.scale - a.scale;
  const dividend = shift >= 0 ? a.mantissa * powerOfTen(shift) : a.mantissa;
  return { mantissa: halfEven(dividend, shift >= 0 ? b.mantissa : b.mantissa * powerOfTen(-shift)), scale: places };
}

/** The same value with at most so many places, rounded half-even. */
export function rounded(value: Counted, places: number): Counted {
  if (value.scale <= places) return value;
  return { mantissa: halfEven(value.mantissa, powerOfTen(value.scale - places)), scale: places };
}

export const countedToText = ({ mantissa, scale }: Counted): string => formatScaled(mantissa, scale);

/** A running sum of decimals, exact and cheap to add to; `Decimal` where it is read. */
export class ExactSum {
  #mantissa = 0n;
  #scale = 0;

  static of(text: string): ExactSum {
    const sum = new ExactSum();
    sum.add(countedText(text));
    return sum;
  }

  add({ mantissa, scale }: Counted): void {
    if (scale === this.#scale) this.#mantissa += mantissa;
    else if (scale < this.#scale) this.#mantissa += mantissa * powerOfTen(this.#scale - scale);
    else {
      this.#mantissa = this.#mantissa * powerOfTen(scale - this.#scale) + mantissa;
      this.#scale = scale;
    }
  }

  subtract({ mantissa, scale }: Counted): void {
    this.add({ mantissa: -mantissa, scale });
  }

  get isZero(): boolean {
    return this.#mantissa === 0n;
  }

  toDecimal(): Decimal {
    return new Decimal(this.toString());
  }

  /** Plain text without trailing zeros. */
  toString(): string {
    return formatScaled(this.#mantissa, this.#scale);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** dividend / divisor to a whole number, halves to the even one. `divisor` is above zero. */
function halfEven(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n;
  const size = negative ? -dividend : dividend;
  let whole = size / divisor;
  const twice = 2n * (size - whole * divisor);
  if (twice > divisor || (twice === divisor && whole % 2n === 1n)) whole++;
  return negative ? -whole : whole;
}

const POWERS: bigint[] = [1n];

function powerOfTen(exponent: number): bigint {
  for (let i = POWERS.length; i <= exponent; i++) POWERS.push(POWERS[i - 1]! * 10n);
  return POWERS[exponent]!;
}
