import type { BookData, LevelText, MarketEvent, Traded } from '../../../core/market/events.js';
import { formatInstant } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument } from '../loopback/dialect.js';
import { SentBook } from '../loopback/sent-book.js';
import { CHECKSUM } from './checksum.js';
import { DEPTHS } from './messages.js';
import { askedIn, type Asked } from './requests.js';

/** What one connection has open of one instrument. */
interface Open {
  trades: boolean;
  /** Depth of its book; undefined while that is not open. */
  depth: number | undefined;
  /** Undefined until the book was sent. */
  sent: SentBook | undefined;
  /** The recording's book broke, and no snapshot came since: a checksum is the only word that the feed has for it. */
  isBroken: boolean;
}

/** Kraken's side of a connection to the second version of its feed. */
export class KrakenDialect implements Dialect {
  readonly #open = new Map<string, Open>();

  greeting(): readonly string[] {
    const data = [{ version: '2.0.10', system: 'online', api_version: 'v2', connection_id: 1 }];
    return [JSON.stringify({ channel: 'status', type: 'update', data })];
  }

  receive(text: string, served: Served): Received {
    const asked = askedIn(text);
    if (typeof asked === 'string') return { answers: [asked] };
    switch (asked.method) {
      case 'ping':
        return { answers: [JSON.stringify({ method: 'pong', ...asked.tag })] };
      case 'subscribe':
        return this.#subscribe(asked, served);
      case 'unsubscribe':
        return this.#unsubscribe(asked);
    }
  }

  refuse(text: string): readonly string[] | undefined {
    const asked = askedIn(text);
    if (typeof asked === 'string' || asked.method !== 'subscribe') return undefined;
    return asked.symbols.map((symbol) => notSupported(asked, symbol));
  }

  /** Called for trades that are opened, too: a book that was sent is not sent again. */
  opening({ symbol, book }: ServedInstrument): readonly string[] {
    const open = this.#open.get(symbol);
    if (open?.depth === undefined || open.sent !== undefined) return [];
    const told = book.toldAt(0);
    return told?.type === 'BookSnapshot' ? [snapshot(symbol, open, told.data)] : [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    const open = this.#open.get(symbol);
    if (open === undefined) return [];
    switch (event.type) {
      case 'BookSnapshot':
        return open.depth === undefined ? [] : [snapshot(symbol, open, event.data)];
      case 'BookDelta':
        return open.sent === undefined || event.data.dropped === true
          ? []
          : [update(symbol, open, open.sent, event.data)];
      case 'Traded':
        return open.trades ? trades(symbol, event) : [];
      case 'FeedInterrupted':
        open.isBroken ||= event.data.reason !== 'silent';
        return [];
      default:
        return [];
    }
  }

  heartbeat(): string {
    return '{"channel":"heartbeat"}';
  }

  corrupted(message: string): string | undefined {
    return CHECKSUM_OF.test(message)
      ? message.replace(CHECKSUM_OF, (_, name: string, sum: string) => name + String(wrong(Number(sum))))
      : undefined;
  }

  #subscribe(asked: Asked, served: Served): Received {
    const { channel, symbols, depth = 10, tag } = asked;
    const opens = symbols.filter((symbol) => served.has(symbol));
    const answers = symbols.map((symbol) => {
      if (!served.has(symbol)) return notSupported(asked, symbol);
      const result = { channel, ...(channel === 'book' ? { depth } : {}), snapshot: channel === 'book', symbol };
      return JSON.stringify({ method: 'subscribe', result, success: true, ...tag });
    });
    if (channel === 'book' && !DEPTHS.includes(depth))
      return {
        answers: [
          JSON.stringify({ error: 'Subscription depth not supported', method: 'subscribe', success: false, ...tag }),
        ],
      };
    for (const symbol of opens) {
      const open = this.#of(symbol);
      if (channel === 'trade') open.trades = true;
      else Object.assign(open, { depth, sent: undefined, isBroken: false });
    }
    return { answers, opens };
  }

  #unsubscribe({ channel, symbols, tag }: Asked): Received {
    const closes: string[] = [];
    for (const symbol of symbols) {
      const open = this.#of(symbol);
      if (channel === 'trade') open.trades = false;
      else Object.assign(open, { depth: undefined, sent: undefined });
      if (open.trades || open.depth !== undefined) continue;
      this.#open.delete(symbol);
      closes.push(symbol);
    }
    const answers = symbols.map((symbol) =>
      JSON.stringify({ method: 'unsubscribe', result: { channel, symbol }, success: true, ...tag }),
    );
    return { answers, closes };
  }

  #of(symbol: string): Open {
    const open = this.#open.get(symbol) ?? { trades: false, depth: undefined, sent: undefined, isBroken: false };
    this.#open.set(symbol, open);
    return open;
  }
}

const CHECKSUM_OF = /("checksum":)(\d+)/;

const wrong = (checksum: number): number => (checksum ^ 1) >>> 0;

const notSupported = ({ tag }: Asked, symbol: string): string =>
  JSON.stringify({
    error: `Currency pair not supported ${symbol}`,
    method: 'subscribe',
    success: false,
    symbol,
    ...tag,
  });

function snapshot(symbol: string, open: Open, { venueAt, bids, asks }: BookData): string {
  const sides = [bids.slice(0, open.depth), asks.slice(0, open.depth)] as const;
  open.sent = new SentBook(CHECKSUM, open.depth);
  open.isBroken = false;
  return message('snapshot', symbol, sides, open.sent.begin(...sides), venueAt);
}

function update(symbol: string, open: Open, sent: SentBook, { venueAt, bids, asks }: BookData): string {
  const checksum = sent.change(bids, asks);
  return message('update', symbol, [bids, asks], open.isBroken ? wrong(checksum) : checksum, venueAt);
}

/** Numbers stand as they are, digit by digit: JSON of ours would read and write them anew. */
function message(
  type: 'snapshot' | 'update',
  symbol: string,
  [bids, asks]: readonly [readonly LevelText[], readonly LevelText[]],
  checksum: number,
  venueAt: number | undefined,
): string {
  const time = venueAt === undefined ? '' : `,"timestamp":"${formatInstant(venueAt)}"`;
  const name = JSON.stringify(symbol);
  const sides = `"bids":[${levels(bids)}],"asks":[${levels(asks)}]`;
  return `{"channel":"book","type":"${type}","data":[{"symbol":${name},${sides},"checksum":${checksum}${time}}]}`;
}

const levels = (side: readonly LevelText[]): string =>
  side.map(([price, quantity]) => `{"price":${price},"qty":${quantity}}`).join(',');

/** Prints that are no market trades have no word in this feed. */
function trades(symbol: string, { at, data: { venueAt = at, trades: all } }: Traded): readonly string[] {
  const told = all.filter(({ notMarket }) => notMarket !== true);
  if (told.length === 0) return [];
  const name = JSON.stringify(symbol);
  const entries = told.map(({ side, price, quantity, tradeId }) => {
    const id = tradeId === undefined ? '' : `,"trade_id":${tradeId}`;
    const what = `"symbol":${name},"side":"${side}","price":${price},"qty":${quantity},"ord_type":"market"`;
    return `{${what}${id},"timestamp":"${formatInstant(venueAt)}"}`;
  });
  return [`{"channel":"trade","type":"update","data":[${entries.join(',')}]}`];
}
