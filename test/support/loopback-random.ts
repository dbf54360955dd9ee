import { faultScript } from '../../adapters/venues/loopback/fault-script.js';
import { type Fault, possibleFaults } from '../../adapters/venues/loopback/faults.js';
import type { Venue } from '../../adapters/venues/venue.js';
import { MICROS } from '../../core/time.js';
import { sampleAs } from './loopback.js';
import { trial } from './loopback-trial.js';
import { expectTruth } from './loopback-truth.js';

/** Book messages up to which faults come: behind them the feed has time to mend its books. */
const SPOILED = 250;

/** A feed through faults drawn from a seed, held against the truth. What it takes to repeat it is printed when it fails. */
export async function randomTrial(
  venue: Venue,
  instruments: readonly string[],
  guarded: number,
  seed: number,
): Promise<void> {
  const faults: Fault[] = [];
  for (const fault of faultScript(seed, possibleFaults(venue.server!.newDialect()))) {
    if (fault.at > SPOILED) break;
    faults.push(fault);
  }
  // every other recording has lost messages itself, about one each ten seconds
  const gapsPerHour = seed % 2 === 0 ? 0 : 360;
  const events = sampleAs({ instruments, seed, duration: 40 * MICROS.s, messagesPerSecond: 10, gapsPerHour });
  const restLatency = (seed % 4) * 150 * MICROS.ms;
  const spoiled = await trial({ venue, events, faults, restLatency });
  try {
    expectTruth(spoiled, events, guarded);
  } catch (error) {
    const script = faults.map(({ kind, at, count, lasts }) => `${kind}@${at!}x${count!}:${lasts!}us`).join(',');
    console.log(`      ${venue.name} failed with REPRISE_SEED=${seed}: ${script}`);
    throw error;
  }
}
