import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRecordings } from '../../adapters/recordings/import.js';
import { RAW_FORMAT, RAW_FORMAT_VERSION } from '../../adapters/recordings/raw/line.js';
import { RawLines, tapInto } from '../../adapters/recordings/recorder/raw-lines.js';
import { faultScript } from '../../adapters/venues/loopback/fault-script.js';
import { type Fault, possibleFaults } from '../../adapters/venues/loopback/faults.js';
import type { MarketEvent } from '../../core/market/events.js';
import { MICROS } from '../../core/time.js';
import { sampleAs } from '../support/loopback.js';
import { trial } from '../support/loopback-trial.js';
import { eventsOf, START, story } from '../support/mini-recording.js';
import { seedOf } from '../support/seed.js';
import { SERVED_VENUES } from '../support/served-venues.js';

/** Book messages up to which faults come. */
const SPOILED = 250;

describe('the raw frames of a live venue', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'reprise-raw-'))));
  afterEach(() => rm(folder, { recursive: true }));

  for (const { venue, instruments } of SERVED_VENUES)
    it(`give, of ${venue.name}, the market data that its feed gave, event for event, whatever happened to it`, () =>
      seedOf(`raw frames of ${venue.name}`, async (seed) => {
        const faults: Fault[] = [];
        for (const fault of faultScript(seed, possibleFaults(venue.server!.newDialect()))) {
          if (fault.at > SPOILED) break;
          faults.push(fault);
        }
        const lines = new RawLines();
        const begin = { format: RAW_FORMAT, formatVersion: RAW_FORMAT_VERSION, venue: venue.name, feed: 1 };
        lines.add({ at: START }, 0, 'begin', JSON.stringify(begin));
        const live = await trial({
          venue,
          events: sampleAs({ instruments, seed, duration: 40 * MICROS.s, messagesPerSecond: 10, gapsPerHour: 0 }),
          faults,
          restLatency: (seed % 4) * 150 * MICROS.ms,
          tap: tapInto(() => lines),
        });
        const defined = live.definitions.map((definition) => `${START}000 0 defined ${JSON.stringify(definition)}`);
        const [first, ...rest] = lines.take();
        await writeFile(join(folder, 'raw'), [first, ...defined, ...rest, ''].join('\n'));
        await importRecordings([join(folder, 'raw')], { out: join(folder, 's'), engineVersion: 'test' });
        const definitions = live.definitions.map((data): MarketEvent => ({
          type: 'InstrumentDefined',
          version: 1,
          at: START,
          data,
        }));
        const expected = [...definitions, ...live.events];
        const again = await eventsOf(join(folder, 's'));
        expect(story(again)).to.deep.equal(story(expected));
        expect(again).to.deep.equal(expected);
        expect(live.events.length).to.be.greaterThan(100);
      }));
});
