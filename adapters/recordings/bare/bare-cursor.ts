import type { EpochMicros } from '../../../core/time.js';
import type { Venue } from '../../venues/venue.js';
import { RecordingError } from '../errors.js';
import { LineCursor } from '../lines/line-cursor.js';

/** Bare messages, one a line: the only time is the venue's own, and stands for the receive time. */
export class BareCursor extends LineCursor {
  /** When the venue says that it sent the present line. */
  at: EpochMicros = 0;
  #text = '';

  constructor(
    path: string,
    readonly venue: Venue,
  ) {
    super(path);
  }

  override text(): string {
    return this.#text;
  }

  protected override readHead(): void {
    this.#text = super.text();
    const at = this.venue.sentAt?.(this.#text);
    if (at === undefined)
      throw new RecordingError(
        'bad_line',
        this.where,
        'has no time of the venue',
        'take the recording from its origin again, or cut this line out',
      );
    this.at = at;
  }
}
