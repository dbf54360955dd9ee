import { crc32 } from 'node:zlib';
import type { Sent } from './mapped.js';

type Entry = readonly [price: number, count: number, amount: number];

/** Messages of one Bitfinex connection, each a millisecond after the one before, numbered where that was asked for. */
export class BitfinexConnection {
  #number = 0;

  constructor(
    public at: number,
    readonly flags = 65_536,
  ) {}

  greeting(): Sent {
    return this.#sent({ event: 'info', version: 2, serverId: 'x', platform: { status: 1 } });
  }
  conf(): Sent {
    return this.#sent({ event: 'conf', status: 'OK', flags: this.flags });
  }
  subscribed(channel: string, chanId: number, symbol: string, more: object = {}): Sent {
    const book = channel === 'book' ? { prec: 'P0', freq: 'F0', len: '25' } : {};
    return this.#sent({ event: 'subscribed', channel, chanId, symbol, ...book, pair: symbol.slice(1), ...more });
  }
  event(event: object): Sent {
    return this.#sent(event);
  }
  /** A numbered array: `[channel, ...payload, number]`. */
  data(chanId: number, ...payload: readonly unknown[]): Sent {
    this.#number++;
    return this.#sent([chanId, ...payload, ...((this.flags & 65_536) === 0 ? [] : [this.#number])]);
  }
  beat(chanId: number): Sent {
    return this.data(chanId, 'hb');
  }
  book(chanId: number, ...entries: readonly Entry[]): Sent {
    return this.data(chanId, entries);
  }
  level(chanId: number, entry: Entry): Sent {
    return this.data(chanId, entry);
  }
  /** Loses a message. */
  skip(): this {
    this.#number++;
    return this;
  }

  #sent(message: object): Sent {
    return [this.at++, message];
  }
}

/** The checksum that the venue sends of these levels: bids and asks, best first, amounts with their signs. */
export function bitfinexChecksum(bids: readonly (readonly [number, number])[], asks: typeof bids): number {
  const numbers: number[] = [];
  for (let level = 0; level < 25; level++) numbers.push(...(bids[level] ?? []), ...(asks[level] ?? []));
  return crc32(numbers.join(':')) | 0;
}
