import { Desk } from '../desk/desk.js';
import { DEFAULT_VENUE } from '../desk/settings.js';
import type { Terms } from '../desk/terms.js';
import type { Market } from '../market/market.js';
import { Samplers } from '../measures/samplers.js';
import type { EpochMicros } from '../time.js';
import type { RunSettings } from './inputs.js';
import { Attentions } from './attentions.js';
import { Timers } from './timers.js';

/** Everything that the fold knows: what a checkpoint holds, and what follows from it. */
export class EngineState {
  /** The last input folded; 0 before the first. */
  seq = 0;
  /** The last outcome's ordinal. */
  n = 0;
  clock: EpochMicros = 0;
  live = false;
  /** Inputs that came with an earlier instant than the clock. */
  late = 0;
  wasLate = false;
  settings: RunSettings = { venue: DEFAULT_VENUE, seed: 1 };
  engineVersion = '';
  readonly markets = new Map<string, Market>();
  readonly desks = new Map<string, Desk>();
  readonly timers = new Timers();
  /** What open orders wait for: it follows from the rest, and no checkpoint holds it. */
  readonly attentions = new Attentions();
  /**
   * Instants at which costs look at the market. They go off behind the timers of their instant, and nobody need wake the
   * engine for them: until the next input the market stays as it is.
   */
  readonly marks = new Timers();
  readonly samplers = new Samplers();
  /** Revision of the next outcome, by stream. A stream leaves with its order, or with what that cost. */
  readonly revisions = new Map<string, number>();

  /** An account opens itself on first use: with the run's balances, or without limits where it names none. */
  openDesk(account: string): Desk {
    let desk = this.desks.get(account);
    if (desk === undefined) {
      desk = this.unopenedDesk(account);
      this.desks.set(account, desk);
    }
    return desk;
  }

  /** A desk as an account begins with; it belongs to nobody yet. */
  unopenedDesk(account: string, terms?: Terms, name?: string): Desk {
    // before the first run nobody's settings hold
    const venue = terms === undefined || this.engineVersion === '' ? this.settings.venue : terms.venue;
    const desk = new Desk(account, venue, terms, name);
    const { balances } = this.settings;
    desk.ledger.limited = balances !== undefined;
    for (const [currency, amount] of Object.entries(balances ?? {})) desk.ledger.deposit(currency, amount);
    return desk;
  }
}
