import { parseScaled } from '../../../core/market/increments.js';
import { MessageFault } from './fault.js';

/** The prices and sizes of one message as numbers, each with its own decimal places: bids first, then asks. */
export class Levels {
  count = 0;
  bidCount = 0;
  price = new Float64Array(256);
  size = new Float64Array(256);
  pricePlaces = new Uint8Array(256);
  sizePlaces = new Uint8Array(256);
  /** Most decimal places of any price and any size. */
  mostPricePlaces = 0;
  mostSizePlaces = 0;

  clear(): void {
    this.count = 0;
    this.bidCount = 0;
    this.mostPricePlaces = 0;
    this.mostSizePlaces = 0;
  }

  /**
   * Reads two lists of `[price, quantity]` texts.
   *
   * @returns false when a number has too many digits to be counted exactly
   * @throws {MessageFault} when a level is no pair of plain decimals, is negative or has no price
   */
  read(bids: unknown, asks: unknown): boolean {
    this.clear();
    if (!Array.isArray(bids) || !Array.isArray(asks))
      throw new MessageFault('bad_message', 'a book message without its two lists of levels');
    if (!this.#readSide(bids)) return false;
    this.bidCount = this.count;
    return this.#readSide(asks);
  }

  /** Reads one price and size. @returns false when one has too many digits; @throws {MessageFault} */
  add(priceText: unknown, sizeText: unknown): boolean {
    if (typeof priceText !== 'string' || typeof sizeText !== 'string')
      throw new MessageFault(
        'bad_message',
        `a price or quantity that is no text: ${shown(priceText)}, ${shown(sizeText)}`,
      );
    const price = parseScaled(priceText);
    const size = parseScaled(sizeText);
    if (price === undefined || size === undefined) {
      if (price === undefined) refuseUnlessLong(priceText);
      if (size === undefined) refuseUnlessLong(sizeText);
      return false;
    }
    const level = this.count;
    if (level === this.price.length) this.#grow();
    this.price[level] = price.mantissa;
    this.size[level] = size.mantissa;
    this.pricePlaces[level] = price.scale;
    this.sizePlaces[level] = size.scale;
    if (price.scale > this.mostPricePlaces) this.mostPricePlaces = price.scale;
    if (size.scale > this.mostSizePlaces) this.mostSizePlaces = size.scale;
    this.count = level + 1;
    return true;
  }

  #readSide(side: readonly unknown[]): boolean {
    for (const level of side) {
      if (!Array.isArray(level)) throw new MessageFault('bad_message', `a level that is no pair: ${shown(level)}`);
      if (!this.add(level[0], level[1])) return false;
      if (this.price[this.count - 1] === 0)
        throw new MessageFault('bad_message', `a level at price 0: ${shown(level)}`);
    }
    return true;
  }

  #grow(): void {
    const wide = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(2 * old.length);
      grown.set(old);
      return grown;
    };
    const narrow = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const grown = new Uint8Array(2 * old.length);
      grown.set(old);
      return grown;
    };
    this.price = wide(this.price);
    this.size = wide(this.size);
    this.pricePlaces = narrow(this.pricePlaces);
    this.sizePlaces = narrow(this.sizePlaces);
  }
}

/** A plain decimal that could not be read is too long; anything else is a fault of the recording. */
function refuseUnlessLong(text: string): void {
  if (/^\d+(\.\d+)?$/.test(text)) return;
  throw new MessageFault(
    'bad_message',
    text.startsWith('-') ? `a negative price or quantity: ${shown(text)}` : `no plain decimal: ${shown(text)}`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
