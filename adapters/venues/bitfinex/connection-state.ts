import { type JsonRecord, text, whole } from '../mapping/fields.js';

const SEQUENCE = 65_536;
const CHECKSUM = 131_072;
const BATCHES = 536_870_912;

/** A channel that is read. */
export interface Channel {
  readonly kind: 'book' | 'trades';
  readonly symbol: string;
  /** Its first array, the snapshot, was there. */
  hasSnapshot: boolean;
}

/** What was agreed upon over one connection, and how far its messages were counted. */
export class ConnectionState {
  /** A silence was said, and no message has come since. */
  wasSilent = false;
  #flags = 0;
  #last: number | undefined;
  readonly #channels = new Map<number, Channel>();

  get isFresh(): boolean {
    return this.#channels.size === 0 && this.#last === undefined;
  }

  /** Its messages are numbered. */
  get isNumbered(): boolean {
    return (this.#flags & SEQUENCE) !== 0;
  }

  /** Several changes of a book come in one message. */
  get hasBatches(): boolean {
    return (this.#flags & BATCHES) !== 0;
  }

  get hasChecksums(): boolean {
    return (this.#flags & CHECKSUM) !== 0;
  }

  channel(id: number): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Takes `conf`: the flags are in force from the message after it. @throws {MessageFault} */
  configure({ status, flags }: JsonRecord): void {
    if (status === 'OK' && flags !== undefined) this.#flags = whole('flags', flags);
  }

  /** Takes `subscribed`. Books at a coarser precision, raw orders and funding are not read. @throws {MessageFault} */
  subscribed(event: JsonRecord): void {
    const id = whole('chanId', event['chanId']);
    this.#channels.delete(id);
    const kind = event['channel'];
    if (kind !== 'book' && kind !== 'trades') return;
    const symbol = text('symbol', event['symbol']);
    if (!symbol.startsWith('t') || (kind === 'book' && event['prec'] !== 'P0')) return;
    // an instrument has one book: the channel that was opened last
    if (kind === 'book')
      for (const [other, channel] of this.#channels)
        if (channel.kind === 'book' && channel.symbol === symbol) this.#channels.delete(other);
    this.#channels.set(id, { kind, symbol, hasSnapshot: false });
  }

  /** Takes `unsubscribed`. @returns the channel that it ends; @throws {MessageFault} */
  unsubscribed({ chanId }: JsonRecord): Channel | undefined {
    const id = whole('chanId', chanId);
    const channel = this.#channels.get(id);
    this.#channels.delete(id);
    return channel;
  }

  /** The number of a message behind its payload; undefined where the connection is not numbered. @throws {MessageFault} */
  numberOf(message: readonly unknown[]): number | undefined {
    if (!this.isNumbered) return undefined;
    const isNamed = typeof message[1] === 'string' && message[1] !== 'hb';
    return whole('sequence number', message[isNamed ? 3 : 2]);
  }

  /** The number that a message does not go on from; undefined where nothing is missing. */
  missedAfter(number: number): number | undefined {
    return this.#last === undefined || number === this.#last + 1 ? undefined : this.#last;
  }

  counted(number: number | undefined): void {
    this.#last = number;
  }
}
