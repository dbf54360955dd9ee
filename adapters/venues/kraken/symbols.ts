/** Currencies that the REST API and the first version of the feed call otherwise than the second one does. */
const NEWER: Readonly<Partial<Record<string, string>>> = { XBT: 'BTC', XDG: 'DOGE' };
const OLDER: Readonly<Partial<Record<string, string>>> = { BTC: 'XBT', DOGE: 'XDG' };

const renamed = (pair: string, names: Readonly<Partial<Record<string, string>>>): string =>
  pair
    .split('/')
    .map((currency) => names[currency] ?? currency)
    .join('/');

/** `XBT/USD` as the second version writes it: `BTC/USD`. */
export const newerName = (pair: string): string => renamed(pair, NEWER);

/** `BTC/USD` as REST and the first version write it: `XBT/USD`. */
export const olderName = (pair: string): string => renamed(pair, OLDER);
