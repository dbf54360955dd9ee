/** What `import … from 'reprise'` gives (docs/library.md): adding to it is free, renaming is not. */
export { openSession, type Session } from '../../adapters/recordings/session/session.js';
export { SweepInterrupted, SweepRefused } from '../../replay/sweep/refused.js';
export { verifyResults, type VerifiedResults } from '../../replay/sweep/verify-results.js';
export { ENGINE_VERSION as version } from '../../core/version.js';
export { backtest, type BacktestReport, type BacktestRequest } from './backtest.js';
export type { Common, VenueChoice } from './common.js';
export { sweep, type SweepReport, type SweepRequest } from './sweep.js';
