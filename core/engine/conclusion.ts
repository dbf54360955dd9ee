import type { Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { Trust } from '../market/trust.js';
import type { AnyOutcome, Concluded } from '../orders/outcomes.js';
import type { EpochMicros } from '../time.js';
import type { EngineState } from './state.js';

/** How outcomes leave the fold: each gets its place in its stream, its ordinal, and the input that it met. */
export class Conclusion {
  /** The input that what happens now has met, or for a timer the one that set it. */
  cause = 0;
  /** While an epoch is folded as it was stored, nothing new is concluded. */
  silent = false;

  constructor(
    readonly state: EngineState,
    readonly conclude: (concluded: Concluded) => void,
  ) {}

  emit(stream: string, outcome: AnyOutcome, at: EpochMicros, units?: Units): void {
    if (this.silent) return;
    const { state } = this;
    const revision = state.revisions.get(stream) ?? 0;
    state.revisions.set(stream, revision + 1);
    state.n++;
    const { n } = state;
    const { cause } = this;
    this.conclude(
      units === undefined
        ? { stream, revision, n, at, cause, outcome }
        : { stream, revision, n, at, cause, outcome, units },
    );
  }

  /** Says when a book's trust is another than before. */
  trust(market: Market, before: Trust, at: EpochMicros): void {
    const trust = market.effectiveTrust();
    if (trust === before) return;
    const { instrument } = market.units;
    this.emit(
      `trust-${instrument}`,
      trust === 'untrusted'
        ? { type: 'TrustLost', data: { instrument, reason: market.effectiveReason() } }
        : { type: 'TrustRegained', data: { instrument, trust } },
      at,
    );
  }

  /** Says that an input is late: once for inputs that are late one after the other. */
  late(at: EpochMicros, market: Market | undefined): void {
    const { clock } = this.state;
    const lateBy = clock - at;
    if (market === undefined) this.emit('trust-engine', { type: 'InputLate', data: { lateBy } }, clock);
    else {
      const { instrument } = market.units;
      this.emit(`trust-${instrument}`, { type: 'InputLate', data: { instrument, lateBy } }, clock);
    }
  }
}
