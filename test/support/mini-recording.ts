import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ImportOptions, importRecordings } from '../../adapters/recordings/import.js';
import type { SessionMeta } from '../../adapters/recordings/session/meta.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { eventOf, messages } from '../../core/market/column-codec.js';
import type { MarketEvent } from '../../core/market/events.js';

export type Pairs = readonly (readonly [price: string, quantity: string])[];

/** 2024-01-01T00:00:00Z in microseconds: where mini recordings begin. */
export const START = 1_704_067_200_000_000;

const frame = (channel: string, symbol: string, data: object): object => ({
  stream: `${symbol.toLowerCase()}@${channel}`,
  data,
});

/** Messages as Binance sends them. Venue times are left out unless given. */
export const binance = {
  depth: (first: number, last: number, bids: Pairs = [], asks: Pairs = [], more: object = {}, symbol = 'AAABTC') =>
    frame('depth@100ms', symbol, { e: 'depthUpdate', s: symbol, U: first, u: last, b: bids, a: asks, ...more }),
  futuresDepth: (
    previous: number,
    first: number,
    last: number,
    bids: Pairs = [],
    asks: Pairs = [],
    more: object = {},
    symbol = 'AAAUSDT',
  ) =>
    frame('depth@0ms', symbol, {
      e: 'depthUpdate',
      s: symbol,
      U: first,
      u: last,
      pu: previous,
      b: bids,
      a: asks,
      ...more,
    }),
  trade: (id: number, price: string, quantity: string, buyerIsMaker: boolean, more: object = {}, symbol = 'AAABTC') =>
    frame('trade', symbol, { e: 'trade', s: symbol, t: id, p: price, q: quantity, m: buyerIsMaker, M: true, ...more }),
  ticker: (symbol = 'AAABTC', bid = '1') =>
    frame('bookTicker', symbol, { u: 1, s: symbol, b: bid, B: '1', a: '2', A: '1' }),
  rest: (lastUpdateId: number, bids: Pairs, asks: Pairs, more: object = {}) => ({ lastUpdateId, ...more, bids, asks }),
};

/** A line of a collector file: milliseconds after `START`, then the message. Text is written as it is. */
export type Line = readonly [afterMs: number, message: object | string] | string;

export function linesOf(lines: readonly Line[], unit: 'us' | 'ns' = 'us'): string {
  return lines
    .map((line) => {
      if (typeof line === 'string') return line;
      const [afterMs, message] = line;
      const stamp = `${START + afterMs * 1_000}${unit === 'ns' ? '789' : ''}`;
      return `${stamp} ${typeof message === 'string' ? message : JSON.stringify(message)}`;
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** A folder for one test, with what it needs around `import`. */
export class MiniRecordings {
  #folder = '';

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'reprise-mini-'));
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  async write(name: string, content: string | Buffer): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  zip(name: string, lines: readonly Line[], unit: 'us' | 'ns' = 'us'): Promise<string> {
    return this.write(name, gzipSync(linesOf(lines, unit)));
  }

  /** Imports lines of one file, or files that are there. */
  async import(
    what: readonly Line[] | { readonly files: readonly string[] },
    options: Partial<ImportOptions> = {},
  ): Promise<{ events: MarketEvent[]; meta: SessionMeta; out: string }> {
    const files = 'files' in what ? what.files : [await this.zip('lines.gz', what)];
    const { out = this.path('session') } = options;
    const { session } = await importRecordings(files, { engineVersion: 'test', force: true, ...options, out });
    return { events: await eventsOf(out), meta: session, out };
  }
}

/** All market events of a session, as they would stand in a log. */
export async function eventsOf(directory: string): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const { market } of (await openSession(directory)).inputs())
    for (const { from, to } of messages(market)) events.push(eventOf(market, from, to));
  return events;
}

/** Events as short lines, so that a test reads as a story: `100 BookDelta 7 b 1x2 a 3x4`. */
export function story(events: readonly MarketEvent[]): string[] {
  return events.map((event) => {
    const afterMs = (event.at - START) / 1_000;
    return `${afterMs} ${event.type}${detailOf(event)}`;
  });
}

function detailOf(event: MarketEvent): string {
  switch (event.type) {
    case 'BookSnapshot':
    case 'BookDelta': {
      const { bids, asks, venueSeq } = event.data;
      const side = (name: string, levels: typeof bids): string =>
        levels.length === 0 ? '' : ` ${name} ${levels.map((level) => level.join('x')).join(' ')}`;
      const dropped = event.type === 'BookDelta' && event.data.dropped === true ? ' dropped' : '';
      return ` ${venueSeq ?? '-'}${dropped}${side('b', bids)}${side('a', asks)}`;
    }
    case 'Traded':
      return event.data.trades
        .map(
          ({ side, price, quantity, notMarket }) =>
            ` ${side} ${quantity}@${price}${notMarket === true ? ' no market' : ''}`,
        )
        .join('');
    case 'FeedInterrupted':
      return ` ${event.data.reason}`;
    case 'FeedResumed':
      return ` ${event.data.trust}`;
    case 'InstrumentDefined':
      return ` ${event.data.instrument}`;
  }
}
