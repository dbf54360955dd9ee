import { randomTrial } from '../support/loopback-random.js';
import { SERVED_VENUES } from '../support/served-venues.js';

const SCRIPTS = 100;

describe('a live feed of a loopback venue, at length', () => {
  for (const { venue, instruments, guarded } of SERVED_VENUES)
    it(`is never wrong for ${venue.name}, whatever happens`, async () => {
      for (let seed = 1_000; seed < 1_000 + SCRIPTS; seed++) await randomTrial(venue, instruments, guarded, seed);
    });
});
