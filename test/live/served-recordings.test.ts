import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { VENUES } from '../../adapters/venues/venues.js';
import type { Recording } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import { recordingOf, sampleAs } from '../support/loopback.js';
import { comparable, eventsIn, heardLive, marketData } from '../support/served-live.js';
import { SERVED_VENUES } from '../support/served-venues.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

/** How a capture and what is heard live may differ: not at all, by what an older protocol does not tell, or by its numbers. */
type Alike = 'exactly' | 'as told' | 'renumbered';

const CAPTURES: readonly (readonly [venue: string, speed: number, alike: Alike, files: readonly string[]])[] = [
  ['binance', 200, 'exactly', ['binance-spot/btcusdt_20240808.gz']],
  ['binance', 50, 'exactly', ['binance-spot/BINANCE.http.0.0.gz', 'binance-spot/BINANCE.ws.1.0.gz']],
  ['binance-us', 100, 'exactly', ['binance-us/BINANCE_US-63b290.0.gz']],
  ['binance-usdm', 100, 'exactly', ['binance-usdm/btcusdt_20240718.gz']],
  [
    'binance-coinm',
    50,
    'exactly',
    ['binance-coinm/BINANCE_DELIVERY.http.0.0.gz', 'binance-coinm/BINANCE_DELIVERY.ws.1.0.gz'],
  ],
  ['kraken', 100, 'as told', ['kraken/KRAKEN-4b7396.0.gz', 'kraken/KRAKEN-82ac16.0.gz', 'kraken/KRAKEN-c197c0.0.gz']],
  ['okx', 50, 'as told', ['okx/OKX.ws.1.0.gz']],
  ['okx', 50, 'as told', ['okx/OKEX.ws.1.0.gz']],
  ['coinbase', 50, 'as told', ['coinbase/COINBASE.ws.28.0.gz']],
  ['bybit-inverse', 50, 'renumbered', ['bybit/BYBIT.ws.26.0.gz']],
  ['bybit-linear', 50, 'renumbered', ['bybit/BYBIT.ws.25.0.gz']],
  ['kucoin', 50, 'as told', ['kucoin/KUCOIN.http.0.0.gz', 'kucoin/KUCOIN.ws.1.0.gz']],
];

describe('a live feed of a recording that is served over real sockets', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-served-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const shared = sharedDir();
  for (const [name, speed, alike, files] of CAPTURES)
    it(`is what import makes of ${files[0]!}`, async function () {
      if (shared === undefined) {
        sayNoShared();
        this.skip();
      }
      const out = join(folder, files[0]!.replace(/\W+/g, '-'));
      const paths = files.map((file) => join(shared, 'captures', file));
      await importRecordings(paths, { out, engineVersion: 'test', venue: name });
      await expectSame(name, await openSession(out), speed, alike);
    });

  for (const { venue, instruments } of SERVED_VENUES)
    it(`is what was recorded of ${venue.name}`, () =>
      expectSame(venue.name, recordingOf(sampleAs({ instruments, duration: 30 * MICROS.s })), 60, 'as told'));
});

async function expectSame(name: string, recording: Recording, speed: number, alike: Alike): Promise<void> {
  const heard = marketData(await heardLive(VENUES.get(name)!, recording, speed));
  const recorded = marketData(await eventsIn(recording));
  for (const [what, events] of recorded) {
    const found = heard.get(what) ?? [];
    // a book of which no message comes is asked for when the recording is over, and one that it never had cannot be
    const whole = events.filter(({ type }) => type !== 'Traded');
    if (found.length === 0 && whole.length === 1) continue;
    events.forEach((event, index) => {
      const one = found[index];
      const [told, came] =
        alike === 'exactly' || one === undefined
          ? [event.data, one?.data]
          : [comparable(event, one, alike === 'as told'), comparable(one, event, alike === 'as told')];
      expect([one?.type, came], `${what}, ${index}`).to.deep.equal([event.type, told]);
    });
    expect(found.length, what).to.equal(events.length);
  }
  expect([...heard.keys()].filter((what) => !recorded.has(what))).to.deep.equal([]);
}
