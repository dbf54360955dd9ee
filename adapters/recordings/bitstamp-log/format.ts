import { BITSTAMP } from '../../venues/bitstamp/rules.js';
import { RecordingError } from '../errors.js';
import type { RecordingFormat } from '../format.js';
import { BitstampLogSource } from './source.js';

const FIRST = /^\d{13} (?:order_book|trade|order_created|order_changed|order_deleted) \{/;

/** A log of Bitstamp's feed as it was in 2015: one file or several that go on from each other. */
export const BITSTAMP_LOG: RecordingFormat = {
  name: 'bitstamp-log',
  title: 'Bitstamp of old: receive time in milliseconds, a space, the name of the event, a space, its JSON',
  recognise: ({ lines }) =>
    Promise.resolve(
      FIRST.test(lines[0] ?? '') ? { venue: BITSTAMP, symbol: 'btcusd', group: 'bitstamp-log' } : undefined,
    ),
  open: (files, { sink, venue = BITSTAMP }) => {
    if (venue === BITSTAMP)
      return Promise.resolve([
        new BitstampLogSource(
          sink,
          files.map(({ path }) => path),
        ),
      ]);
    throw new RecordingError(
      'foreign',
      files[0]!.path,
      `is a log of ${BITSTAMP}, not of ${venue}`,
      'leave --venue out',
    );
  },
};
