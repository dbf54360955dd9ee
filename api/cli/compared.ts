import type { VenueLists } from '../../adapters/requests/grid-file.js';
import { ASSUMPTIONS, VENUE_READERS } from '../../adapters/requests/venue-values.js';
import { askedSettings, taken, type AskedSettings, type VenueFlags } from './settings.js';

/** The settings that several values of are compared: `--assume` and `--latency` take lists, and flags win over the settings file. */
export async function comparedSettings(flags: VenueFlags): Promise<{ lists: VenueLists; asked: AskedSettings }> {
  const { assume, latency, ...single } = flags;
  const asked = await askedSettings(single);
  const { venue } = asked;
  const assumes = assume?.split(',').map((each) => taken(VENUE_READERS.assume(each, '--assume')));
  const latencies = latency?.split(',').map((each) => taken(VENUE_READERS.latency(each, '--latency')));
  const lists: VenueLists = {
    ...(venue.assume === undefined ? {} : { assume: [venue.assume] }),
    ...(venue.latency === undefined ? {} : { latency: [venue.latency] }),
    ...(venue.fees === undefined ? {} : { fees: [venue.fees] }),
    ...(venue.takeSlack === undefined ? {} : { takeSlack: [venue.takeSlack] }),
    ...(venue.allowPartialBook === undefined ? {} : { allowPartialBook: [venue.allowPartialBook] }),
    ...(assumes === undefined ? {} : { assume: ASSUMPTIONS.filter((each) => assumes.includes(each)) }),
    ...(latencies === undefined ? {} : { latency: [...new Set(latencies)] }),
  };
  return { lists, asked };
}
