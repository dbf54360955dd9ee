import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import type { BookData, MarketEvent, Trade } from '../../core/market/events.js';
import { MICROS, type EpochMicros } from '../../core/time.js';

const FROM: EpochMicros = 1_723_161_255_000_000;
const SYMBOL = 'BTCUSDT';
/** Depth messages gather this much, as the venue's do. */
const DEPTH_SPAN = 50 * MICROS.ms;

/**
 * Writes a market of the sample venue the way a collector records Binance spot: a receive time in nanoseconds and the
 * venue's message on each line, best prices among them, which import leaves out.
 */
export async function writeCollectorFile(path: string): Promise<void> {
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(path));
}

function* lines(): Generator<string> {
  const events = generateSample({
    seed: 1,
    from: FROM,
    duration: 300 * MICROS.s,
    instruments: ['BTC-USD@sample'],
    messagesPerSecond: 1_500,
    steady: true,
  });
  const depth = new Depth();
  let chunk = '';
  for (const event of events) {
    for (const line of messagesOf(event, depth)) chunk += `${event.at}000 ${JSON.stringify(line)}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function* messagesOf(event: MarketEvent, depth: Depth): Generator {
  switch (event.type) {
    case 'BookSnapshot':
      yield { lastUpdateId: depth.lastId, bids: event.data.bids, asks: event.data.asks };
      return;
    case 'BookDelta': {
      const full = depth.add(event.data, event.at);
      if (full !== undefined) yield frame('depth@100ms', full);
      const [price, size] = event.data.bids[0] ?? event.data.asks[0] ?? ['0', '0'];
      yield frame('bookTicker', { u: depth.lastId, s: SYMBOL, b: price, B: size, a: price, A: size });
      return;
    }
    case 'Traded':
      for (const trade of event.data.trades) yield frame('trade', tradeOf(trade, event.at, depth.nextTrade()));
      return;
    default:
  }
}

const frame = (stream: string, data: unknown): unknown => ({ stream: `btcusdt@${stream}`, data });

const tradeOf = ({ side, price, quantity }: Trade, at: EpochMicros, id: number): unknown => {
  const time = Math.floor(at / MICROS.ms);
  return { e: 'trade', E: time, s: SYMBOL, t: id, p: price, q: quantity, T: time, m: side === 'sell', M: true };
};

/** Gathers level changes into depth messages whose update numbers have no holes. */
class Depth {
  lastId = 1_000;
  #trade = 0;
  #first = 0;
  #sentAt: EpochMicros = FROM;
  #bids = new Map<string, string>();
  #asks = new Map<string, string>();

  nextTrade(): number {
    return ++this.#trade;
  }

  add({ bids, asks }: BookData, at: EpochMicros): unknown {
    this.lastId++;
    if (this.#first === 0) this.#first = this.lastId;
    for (const [price, size] of bids) this.#bids.set(price, size);
    for (const [price, size] of asks) this.#asks.set(price, size);
    if (at < this.#sentAt + DEPTH_SPAN) return undefined;
    const data = {
      e: 'depthUpdate',
      E: Math.floor(at / MICROS.ms),
      s: SYMBOL,
      U: this.#first,
      u: this.lastId,
      b: [...this.#bids],
      a: [...this.#asks],
    };
    this.#sentAt = at;
    this.#first = 0;
    this.#bids = new Map();
    this.#asks = new Map();
    return data;
  }
}
