import { nearest } from '../../adapters/requests/nearest.js';
import { shortened } from '../../adapters/requests/problem.js';
import type { LiveRun } from '../live/live-run.js';
import { StreamError } from './requests.js';

export const BOOK = 'book:';

/** The instrument whose book a channel shows, if it shows one. */
export const bookOf = (channel: string): string | undefined =>
  channel.startsWith(BOOK) ? channel.slice(BOOK.length) : undefined;

/** @throws {StreamError} unless the channel is one, and what it names is there */
export async function checkChannel(run: LiveRun, channel: string): Promise<void> {
  if (channel === 'orders') return;
  const [, kind = '', name = ''] = /^([a-z]+):(.*)$/s.exec(channel) ?? [];
  switch (kind) {
    case 'order':
      if ((await run.order(name)) !== undefined) return;
      throw new StreamError('order_unknown', 'there is no such order; GET /v1/orders lists them', channel);
    case 'book':
    case 'trades': {
      const known = run.instruments().map(({ instrument }) => instrument);
      if (known.includes(name)) return;
      const mend = known.length === 0 ? 'see GET /v1/instruments' : `did you mean "${nearest(name, known)}"?`;
      throw new StreamError(
        'instrument_unknown',
        `${JSON.stringify(shortened(name))} is not traded here; ${mend}`,
        channel,
      );
    }
    default:
      throw new StreamError(
        'unknown_channel',
        `${JSON.stringify(shortened(channel))} is no channel; subscribe to "orders", "order:<id>", "book:<instrument>" or "trades:<instrument>"`,
        shortened(channel),
      );
  }
}
