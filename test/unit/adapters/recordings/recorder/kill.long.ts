import { seedOf } from '../../../../support/seed.js';
import { surviveRecorderKills } from '../../../../support/recorder-kills.js';

describe('a recorder that is killed very often', () => {
  it('has left all that it said was flushed, each time', () =>
    seedOf('a recorder that is killed very often', (seed) => surviveRecorderKills(60, seed)));
});
