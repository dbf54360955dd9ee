import { randomTrial } from '../support/loopback-random.js';
import { SERVED_VENUES } from '../support/served-venues.js';

const SCRIPTS = 100;
const named = process.env['REPRISE_SEED'];
const seeds = named === undefined ? Array.from({ length: SCRIPTS }, (_, n) => 1_000 + n) : [Number(named)];

describe('a live feed of a loopback venue, at length', () => {
  for (const { venue, instruments, guarded } of SERVED_VENUES)
    it(`is never wrong for ${venue.name}, whatever happens`, async () => {
      for (const seed of seeds) await randomTrial(venue, instruments, guarded, seed);
    });
});
