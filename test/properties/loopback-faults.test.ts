import { expect } from 'chai';
import type { Fault } from '../../adapters/venues/loopback/faults.js';
import { possibleFaults } from '../../adapters/venues/loopback/faults.js';
import { MICROS } from '../../core/time.js';
import { sampleAs } from '../support/loopback.js';
import { randomTrial } from '../support/loopback-random.js';
import { trial } from '../support/loopback-trial.js';
import { expectTruth, reasonsIn } from '../support/loopback-truth.js';
import { SERVED_VENUES } from '../support/served-venues.js';

const named = process.env['REPRISE_SEED'];
const seeds = named === undefined ? [1, 2, 3, 4, 5] : [Number(named)];

/** What the loss of trust is put down to, by fault. */
const REASONS: Readonly<Record<Fault['kind'], RegExp>> = {
  drop: /gap|checksum/,
  duplicate: /gap|checksum/,
  reorder: /gap|checksum/,
  corrupt: /checksum/,
  garble: /bad_message/,
  silent: /silent|disconnected/,
  disconnect: /disconnected/,
  refuse: /disconnected/,
  'refuse-subscriptions': /disconnected/,
  'rate-limit': /gap|checksum/,
};

describe('a live feed of a loopback venue', () => {
  for (const { venue, instruments, guarded, unnoticed } of SERVED_VENUES)
    describe(venue.name, () => {
      const events = sampleAs({ instruments, duration: 20 * MICROS.s, messagesPerSecond: 10, gapsPerHour: 0 });

      it('gives the books of the recording when nothing goes wrong', async () => {
        const whole = await trial({ venue, events });
        expectTruth(whole, events, Infinity);
        expect(reasonsIn(whole.events)).to.deep.equal([]);
      });

      for (const kind of possibleFaults(venue.server!.newDialect())) {
        it(`is never wrong for a ${kind}, says why it is not trusted, and mends it`, async () => {
          const broken = await trial({
            venue,
            events,
            faults: leadingTo({ kind, at: 60 }, venue.connection!.limits.silence),
          });
          expectTruth(broken, events, guarded);
          if (!unnoticed.includes(kind)) expect(reasonsIn(broken.events).join()).to.match(REASONS[kind]);
        });
      }

      for (const seed of seeds)
        it(`is never wrong whatever happens (REPRISE_SEED=${seed})`, () =>
          randomTrial(venue, instruments, guarded, seed));
    });
});

/** A fault with what makes it be noticed. */
function leadingTo(fault: Fault & { readonly at: number }, silence: number): Fault[] {
  switch (fault.kind) {
    case 'silent':
      return [{ ...fault, lasts: silence + 3 * MICROS.s }];
    case 'refuse':
    case 'refuse-subscriptions':
      return [fault, { kind: 'disconnect', at: fault.at }];
    case 'rate-limit':
      return [fault, { kind: 'drop', at: fault.at }];
    default:
      return [fault];
  }
}
