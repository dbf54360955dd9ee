import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { decimalText, shown } from '../../venues/mapping/fields.js';

/** What a number was told as, and whether anything had to be rounded away. */
export interface Denoised {
  readonly text: string;
  readonly isRounded: boolean;
}

/**
 * A number that went through a double and was written with seventeen digits (`236.52000000000001`,
 * `9.9999999999999995e-07`), as the decimal that it was before.
 *
 * @param value   its digits as they stand in the file, as text
 * @param places  decimal places that the venue has
 * @throws {MessageFault} for a number that is finer than that and no noise: the double nearest to it is another one
 */
export function denoised(field: string, value: unknown, places: number): Denoised {
  const told = decimalText(field, value);
  if (!/^\d{1,15}(\.\d{1,40})?$/.test(told))
    throw new MessageFault('bad_message', `"${field}" is no plain decimal: ${shown(value)}`);
  const [whole = '', fraction = ''] = told.split('.');
  const rest = fraction.slice(places);
  if (!/[1-9]/.test(rest)) return { text: told, isRounded: false };
  const kept = parseScaled(whole + fraction.slice(0, places));
  if (kept !== undefined) {
    const text = formatScaled(kept.mantissa + (rest >= '5' ? 1 : 0), places);
    if (Number(text) === Number(told)) return { text, isRounded: true };
  }
  throw new MessageFault('bad_message', `"${field}" is ${told}, finer than ${places} places and no rounding noise`);
}
