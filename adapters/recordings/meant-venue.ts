import { RecordingError } from './errors.js';
import type { ImportContext, ToldFile } from './format.js';

/**
 * The venue of a file whose content tells it: the likeliest, or one that speaks alike, where `--venue` names that.
 *
 * @throws {RecordingError} where `--venue` names one that it cannot be of
 */
export function meantVenue({ path, venue: found, alike = [] }: ToldFile, { venue }: ImportContext): string {
  if (venue === undefined || venue === found || alike.includes(venue)) return venue ?? found!;
  throw new RecordingError('foreign', path, `is a recording of ${found!}, not of ${venue}`, 'leave --venue out');
}
