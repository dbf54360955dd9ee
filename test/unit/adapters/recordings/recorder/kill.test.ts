import { seedOf } from '../../../../support/seed.js';
import { surviveRecorderKills } from '../../../../support/recorder-kills.js';

describe('a recorder that is killed', () => {
  it('has left all that it said was flushed, whenever it dies', () =>
    seedOf('a recorder that is killed', (seed) => surviveRecorderKills(5, seed)));
});
