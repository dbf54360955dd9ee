/** A JSON number as it was written: no digit of it has passed through a float. */
export class NumberText {
  constructor(readonly text: string) {}
}

/** Most decimal places that an exponent may make. */
const MOST_PLACES = 18;
/** Longest decimal that is let in, in characters; what it is worth is for the rules to judge. */
export const LONGEST_DECIMAL = 64;

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/**
 * A decimal, in plain notation or with an exponent, as plain text without leading and trailing zeros: `1.50` is `1.5`, `1e-5`
 * is `0.00001`, and the value is the same to the last digit.
 *
 * @returns `undefined` for no number, for an exponent that makes over 18 places, and for a result over 64 characters
 */
export function plainDecimal(text: string): string | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  const digits = whole + fraction;
  if (/^0*$/.test(digits)) return '0';
  const point = whole.length + Number(exponent ?? 0);
  if (Math.abs(point) > LONGEST_DECIMAL) return undefined;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  const plainWhole = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const plainFraction = padded.slice(at).replace(/0+$/, '');
  if (exponent !== undefined && plainFraction.length > MOST_PLACES) return undefined;
  const plain = sign + plainWhole + (plainFraction === '' ? '' : `.${plainFraction}`);
  return plain.length <= LONGEST_DECIMAL ? plain : undefined;
}
