/** A kind of file, by the columns behind `exchange,symbol,timestamp,local_timestamp`. */
export type FileType =
  | { readonly kind: 'changes' | 'trades' }
  | { readonly kind: 'books'; readonly depth: number }
  /** What becomes no input: best bid and offer, statistics of contracts, liquidations, chains of options. */
  | { readonly kind: 'ignored' };

const COMMON = 'exchange,symbol,timestamp,local_timestamp';

const TYPES: Readonly<Partial<Record<string, FileType>>> = {
  'is_snapshot,side,price,amount': { kind: 'changes' },
  'id,side,price,amount': { kind: 'trades' },
  'ask_amount,ask_price,bid_price,bid_amount': { kind: 'ignored' },
  'funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price': {
    kind: 'ignored',
  },
};

/** Whether these are columns of such a file at all. */
export const isOfTardis = (header: string): boolean => header.startsWith(`${COMMON},`);

/**
 * What a file holds. Liquidations have the columns of trades, and only the name of the file or of its folder tells them
 * apart.
 *
 * @returns undefined for columns of no known type
 */
export function typeOf(header: string, path: string): FileType | undefined {
  const columns = header.slice(COMMON.length + 1);
  const books = booksOf(columns);
  if (books !== undefined) return books;
  if (columns.startsWith('type,strike_price,expiration,')) return { kind: 'ignored' };
  const type = Object.hasOwn(TYPES, columns) ? TYPES[columns] : undefined;
  return type?.kind === 'trades' && /(^|[^a-z])liquidations([^a-z]|$)/i.test(path) ? { kind: 'ignored' } : type;
}

/** `asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price…` */
function booksOf(columns: string): FileType | undefined {
  const depth = columns.split(',').length / 4;
  const expected = Array.from(
    { length: Math.floor(depth) },
    (_, level) => `asks[${level}].price,asks[${level}].amount,bids[${level}].price,bids[${level}].amount`,
  );
  return columns === expected.join(',') ? { kind: 'books', depth } : undefined;
}
