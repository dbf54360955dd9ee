import type { BookData, BookDelta, BookSnapshot, LevelText, MarketEvent, Traded } from '../../../core/market/events.js';
import { MICROS } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument } from '../loopback/dialect.js';
import { SentBook } from '../loopback/sent-book.js';
import { CHECKSUM } from './checksum.js';
import { askedIn, CONNECTION_ID, noSuchChannel, type Asked } from './requests.js';

/** What one connection was given of one instrument. */
interface Given {
  books: boolean;
  trades: boolean;
  /** Undefined until the book was sent. */
  sent: SentBook | undefined;
  /** Number of the last book message. */
  seq: number;
  /** The recording's book broke, and no snapshot came since: how the feed shows that. */
  broken: 'gap' | 'checksum' | undefined;
}

/** OKX's side of a connection to the fifth version of its feed. */
export class OkxDialect implements Dialect {
  readonly #given = new Map<string, Given>();

  greeting(): readonly string[] {
    return [];
  }

  receive(text: string, served: Served): Received {
    if (text === 'ping') return { answers: ['pong'] };
    const asked = askedIn(text);
    if (typeof asked === 'string') return { answers: [asked] };
    return asked.op === 'subscribe' ? this.#subscribe(asked, served) : this.#unsubscribe(asked);
  }

  refuse(text: string): readonly string[] | undefined {
    const asked = askedIn(text);
    if (typeof asked === 'string' || asked.op !== 'subscribe') return undefined;
    return asked.args.map((arg) => noSuchChannel(arg, asked.tag));
  }

  /** Called for trades that are opened, too: a book that was sent is not sent again. */
  opening({ symbol, book }: ServedInstrument): readonly string[] {
    const given = this.#given.get(symbol);
    if (given === undefined || !given.books || given.sent !== undefined) return [];
    const told = book.toldAt(0);
    return told?.type === 'BookSnapshot' ? [snapshot(symbol, given, told)] : [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    const given = this.#given.get(symbol);
    if (given === undefined) return [];
    switch (event.type) {
      case 'BookSnapshot':
        return given.books ? [snapshot(symbol, given, event)] : [];
      case 'BookDelta':
        return given.sent === undefined || event.data.dropped === true
          ? []
          : [update(symbol, given, given.sent, event)];
      case 'Traded':
        return given.trades ? trades(symbol, event) : [];
      case 'FeedInterrupted':
        if (event.data.reason !== 'silent') given.broken ??= event.data.reason === 'checksum' ? 'checksum' : 'gap';
        return [];
      default:
        return [];
    }
  }

  corrupted(message: string): string | undefined {
    return CHECKSUM_OF.test(message)
      ? message.replace(CHECKSUM_OF, (_, name: string, sum: string) => name + String(wrong(Number(sum))))
      : undefined;
  }

  #subscribe({ args, tag }: Asked, served: Served): Received {
    const opens = new Set<string>();
    const answers = args.map((arg) => {
      const { channel, instId } = arg;
      if (!served.has(instId)) return noSuchChannel(arg, tag);
      const given = this.#given.get(instId) ?? {
        books: false,
        trades: false,
        sent: undefined,
        seq: 0,
        broken: undefined,
      };
      this.#given.set(instId, given);
      if (channel === 'trades') given.trades = true;
      else Object.assign(given, { books: true, sent: undefined, broken: undefined });
      opens.add(instId);
      return JSON.stringify({ ...tag, event: 'subscribe', arg, connId: CONNECTION_ID });
    });
    return { answers, opens: [...opens] };
  }

  #unsubscribe({ args, tag }: Asked): Received {
    const closes: string[] = [];
    const answers = args.map((arg) => {
      const { channel, instId } = arg;
      const given = this.#given.get(instId);
      if (given !== undefined) {
        if (channel === 'trades') given.trades = false;
        else Object.assign(given, { books: false, sent: undefined });
        if (!given.books && !given.trades) {
          this.#given.delete(instId);
          closes.push(instId);
        }
      }
      return JSON.stringify({ ...tag, event: 'unsubscribe', arg, connId: CONNECTION_ID });
    });
    return { answers, closes };
  }
}

const CHECKSUM_OF = /("checksum":)(-?\d+)/;

const wrong = (checksum: number): number => (checksum ^ 1) | 0;

function snapshot(symbol: string, given: Given, { at, data }: BookSnapshot): string {
  given.sent = new SentBook(CHECKSUM);
  given.seq = data.venueSeq ?? given.seq + 1;
  given.broken = undefined;
  return message(
    'snapshot',
    symbol,
    { venueAt: at, ...data },
    given.sent.begin(data.bids, data.asks) | 0,
    -1,
    given.seq,
  );
}

function update(symbol: string, given: Given, sent: SentBook, { at, data }: BookDelta): string {
  const { seq: before, broken } = given;
  const checksum = sent.change(data.bids, data.asks) | 0;
  given.seq = data.venueSeq ?? before + 1;
  const previous = broken === 'gap' ? before + 1 : before;
  return message(
    'update',
    symbol,
    { venueAt: at, ...data },
    broken === 'checksum' ? wrong(checksum) : checksum,
    previous,
    given.seq,
  );
}

function message(
  action: 'snapshot' | 'update',
  symbol: string,
  { venueAt = 0, bids, asks }: BookData,
  checksum: number,
  prevSeqId: number,
  seqId: number,
): string {
  const data = [{ asks: levels(asks), bids: levels(bids), ts: millis(venueAt), checksum, prevSeqId, seqId }];
  return JSON.stringify({ arg: { channel: 'books', instId: symbol }, action, data });
}

/** How many orders stand at a level is not known; no level has none. */
const levels = (side: readonly LevelText[]): readonly (readonly string[])[] =>
  side.map(([price, quantity]) => [price, quantity, '0', quantity === '0' ? '0' : '1']);

const millis = (at: number): string => String(Math.floor(at / MICROS.ms));

/** Prints that are no market trades have no word in this feed. */
function trades(symbol: string, { at, data: { venueAt = at, trades: all } }: Traded): readonly string[] {
  const arg = { channel: 'trades', instId: symbol };
  const data = all
    .filter(({ notMarket }) => notMarket !== true)
    .map(({ side, price, quantity, tradeId = 0 }) => ({
      instId: symbol,
      tradeId: String(tradeId),
      px: price,
      sz: quantity,
      side,
      ts: millis(venueAt),
      count: '1',
      source: '0',
    }));
  return data.length === 0 ? [] : [JSON.stringify({ arg, data })];
}
