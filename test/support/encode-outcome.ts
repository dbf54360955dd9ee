import { readOutcome } from '../../adapters/log/shapes.js';
import { encodeOutcome as encode } from '../../core/engine/outcome-codec.js';
import type { Concluded } from '../../core/orders/outcomes.js';
import type { LogEvent } from '../../core/ports.js';

/** As the engine's own, and held to its schema: whatever a test makes an engine conclude, docs/events.md describes. */
export const encodeOutcome = (concluded: Concluded): LogEvent => readOutcome(encode(concluded));
