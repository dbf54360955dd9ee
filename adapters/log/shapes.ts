import { Ajv, type ValidateFunction } from 'ajv';
import { LogFailure, type LogEvent } from '../../core/ports.js';

const text = { type: 'string' };
const instant = { type: 'integer', minimum: 0 };
const level = { type: 'array', items: text, minItems: 2, maxItems: 2 };
const levels = { type: 'array', items: level };

const object = (required: readonly string[], properties: object): object => ({ type: 'object', required, properties });
const book = object(['instrument', 'bids', 'asks'], { instrument: text, bids: levels, asks: levels, venueAt: instant });
const addressed = object(['orderId', 'account'], { orderId: text, account: text });

/** The inputs that this version folds, each with its newest version and the shape of its data. */
const INPUTS: Readonly<Record<string, { readonly version: number; readonly data: object }>> = {
  InstrumentDefined: {
    version: 1,
    data: object(['instrument', 'kind', 'tickSize', 'lotSize', 'rules', 'fees'], {
      instrument: text,
      tickSize: text,
      lotSize: text,
    }),
  },
  BookSnapshot: { version: 1, data: book },
  BookDelta: { version: 1, data: book },
  Traded: {
    version: 1,
    data: object(['instrument', 'trades'], {
      instrument: text,
      venueAt: instant,
      trades: {
        type: 'array',
        minItems: 1,
        items: object(['side', 'price', 'quantity'], { side: { enum: ['buy', 'sell'] }, price: text, quantity: text }),
      },
    }),
  },
  FeedInterrupted: { version: 1, data: object(['instrument', 'reason'], { instrument: text, reason: text }) },
  FeedResumed: { version: 1, data: object(['instrument', 'trust'], { instrument: text, trust: text }) },
  ClockTicked: { version: 1, data: { type: 'object' } },
  RunStarted: {
    version: 1,
    data: object(['engineVersion', 'settings', 'live'], { engineVersion: text, live: { type: 'boolean' } }),
  },
  AccountOpened: { version: 1, data: object(['account'], { account: text }) },
  FundsDeposited: {
    version: 1,
    data: object(['account', 'currency', 'amount'], { account: text, currency: text, amount: text }),
  },
  SubmitTwap: {
    version: 1,
    data: object(['orderId', 'instrument', 'account'], { orderId: text, instrument: text, account: text }),
  },
  AmendOrder: { version: 1, data: object(['orderId', 'account', 'changes'], { orderId: text, account: text }) },
  StartOrder: { version: 1, data: addressed },
  PauseOrder: { version: 1, data: addressed },
  ResumeOrder: { version: 1, data: addressed },
  StopOrder: { version: 1, data: addressed },
  CancelOrder: { version: 1, data: addressed },
};

const ajv = new Ajv({ strict: true, strictRequired: false });
const checks = new Map<string, { readonly version: number; readonly check: ValidateFunction }>(
  Object.entries(INPUTS).map(([type, { version, data }]) => [type, { version, check: ajv.compile(data) }]),
);

/**
 * The reading seam: an input as this version knows it. A known shape passes; an unknown type or a newer version is refused
 * rather than guessed at. Older versions would be brought up to date here, once there are any. Outcomes are compared as
 * text and pass as they are.
 *
 * @throws {LogFailure} `foreign`
 */
export function readShape(event: LogEvent): LogEvent {
  if (event.seq === undefined) return event;
  const known = checks.get(event.type);
  const where = { seq: event.seq };
  if (known === undefined || event.version > known.version)
    throw new LogFailure(
      'foreign',
      `input ${event.seq} is ${event.type} version ${event.version}, which this version does not know; use the version that wrote it, or a newer one`,
      where,
    );
  if (!known.check(event.data))
    throw new LogFailure(
      'foreign',
      `input ${event.seq}: ${event.type} does not look as it should: ${ajv.errorsText(known.check.errors, { dataVar: 'data' })}`,
      where,
    );
  return event;
}
