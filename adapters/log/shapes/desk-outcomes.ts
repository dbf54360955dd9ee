import type { DeskOutcome, TrustOutcome } from '../../../core/orders/outcomes.js';
import { account, instrument, orderId, part } from './parts.js';
import { choice, fields, maybe, micros, text, word } from './schema.js';
import type { Shape } from './shape.js';

/** What a desk and a market's trust came to. */
export const DESK_OUTCOMES: Readonly<Record<(DeskOutcome | TrustOutcome)['type'], Shape>> = {
  CommandRefused: {
    version: 1,
    meaning: 'A command to an order was not followed.',
    stream: 'desk-<account>',
    data: fields({
      orderId,
      command: choice(['submit', 'amend', 'start', 'pause', 'resume', 'stop', 'cancel'], 'What was asked.'),
      refusal: part('Refusal', 'Why.'),
    }),
  },
  DeskHalted: {
    version: 1,
    meaning: 'A rule that must hold did not: this desk stands still, the others go on.',
    stream: 'desk-<account>',
    data: fields({ account, reason: text('A sentence.') }),
  },
  TrustLost: {
    version: 1,
    meaning: 'The book of an instrument is not to be relied on.',
    stream: 'trust-<symbol>@<venue>',
    data: fields({
      instrument,
      reason: word(
        ['no_snapshot', 'crossed', 'engine_down', 'fold_failed'],
        'Why; the reason of a `FeedInterrupted`, or',
      ),
    }),
  },
  TrustRegained: {
    version: 1,
    meaning: 'It is again.',
    stream: 'trust-<symbol>@<venue>',
    data: fields({
      instrument,
      trust: choice(['trusted', 'partial'], 'Wholly, or only for what is known of it.'),
    }),
  },
  InputLate: {
    version: 1,
    meaning:
      "An input came in before the engine's time and was folded at that time. Of one that is no market data it stands in `trust-engine`.",
    stream: 'trust-<symbol>@<venue>',
    data: fields({
      instrument: maybe(text('`SYMBOL@venue`; absent for an input that is no market data.')),
      lateBy: micros('How much earlier.'),
    }),
  },
};
