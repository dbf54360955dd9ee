import { openSession } from '../../../adapters/recordings/session/session.js';
import { parseAmendFile } from '../../../adapters/requests/amend-file.js';
import type { Json } from '../../../core/json.js';
import type { StoredOutcome } from '../../../replay/conclusions.js';
import { LogHole } from '../../../replay/log-pages.js';
import {
  whatIfInLog,
  whatIfInSession,
  type OrderJson,
  type WhatIf,
  type WhatIfAsked,
} from '../../../replay/what-if.js';
import { readLog, streamsName } from '../data.js';
import { WrongRequest } from '../failures.js';
import { cell, table } from '../report.js';
import { askedSettings, readTextFile, runSettings, type VenueFlags } from '../settings.js';
import type { Terminal } from '../terminal.js';

export interface WhatIfFlags extends VenueFlags {
  /** A file that says which past order to run again, and with what. */
  readonly amend?: string;
  readonly data?: string;
  readonly name?: string;
  readonly orders?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `reprise replay --amend`: an order of the past once more with other parameters, and both costs side by side. */
export async function amendPast(path: string | undefined, flags: WhatIfFlags, terminal: Terminal): Promise<void> {
  const { amend = '', data } = flags;
  if ((path === undefined) === (data === undefined))
    throw new WrongRequest('replay --amend: name one past, a session or a log with --data');
  if (flags.orders !== undefined || flags.out !== undefined)
    throw new WrongRequest('replay --amend takes no --orders and writes no --out; it runs one order twice');
  const asked = await askedFor(amend, flags);
  const told = path === undefined ? await inLog(data!, flags.name, asked) : await inSession(path, asked);
  const refusal = told.amended?.['refusal'] as { readonly what: string; readonly mend: string } | undefined;
  if (refusal !== undefined && told.original?.['refusal'] === undefined)
    throw new WrongRequest(`${amend}: order ${told.orderId} would be refused: ${refusal.what}; ${refusal.mend}`);
  if (flags.json === true) terminal.out(JSON.stringify(told));
  else show(told, terminal);
}

async function askedFor(file: string, flags: WhatIfFlags): Promise<WhatIfAsked> {
  const { orderId, changes } = parseAmendFile(await readTextFile(file), file);
  const asked = await askedSettings(flags);
  if (asked.rules !== undefined || asked.balances !== undefined)
    throw new WrongRequest(
      'replay --amend keeps the rules and the balances of the past; leave out --rules and "balances"',
    );
  return { orderId, changes, ...(asked.isEmpty ? {} : { settings: (recorded) => runSettings(asked, recorded) }) };
}

async function inLog(data: string, name: string | undefined, asked: WhatIfAsked): Promise<WhatIf> {
  const streams = streamsName(name);
  const log = await readLog(data);
  try {
    return await whatIfInLog(log, streams, asked);
  } catch (error) {
    if (!(error instanceof LogHole)) throw error;
    throw new WrongRequest(
      `order ${asked.orderId} cannot be run again: inputs ${error.from} to ${error.to - 1} that it met are gone from the log; use a copy or an export from before they were dropped`,
      { cause: error },
    );
  } finally {
    await log.close();
  }
}

async function inSession(path: string, asked: WhatIfAsked): Promise<WhatIf> {
  const session = await openSession(path);
  const outcomes = (): AsyncIterable<readonly StoredOutcome[]> =>
    session.outcomes() as AsyncIterable<readonly StoredOutcome[]>;
  return await whatIfInSession(
    { to: session.to, inputs: () => session.inputs(), outcomes: session.hasOutcomes ? outcomes : undefined },
    asked,
  );
}

const ROWS = [
  'state',
  'reason',
  'quantity',
  'filled',
  'leaves',
  'averagePrice',
  'fees',
  'fills',
  'slices',
  'makerShare',
];

function show(told: WhatIf, terminal: Terminal): void {
  const { original, amended } = told;
  terminal.out(`order ${told.orderId}, submitted as input ${told.seq}`);
  const rows = (of: readonly string[], from: OrderJson | null, to: OrderJson | null): string[][] =>
    of.map((key) => [key, cell(from?.[key]), cell(to?.[key])]);
  const [costs, otherCosts] = [flat(original?.['costs']), flat(amended?.['costs'])];
  const costKeys = [...new Set([...Object.keys(costs), ...Object.keys(otherCosts)])];
  table(
    terminal,
    ['', 'original', 'amended'],
    [
      ...[...told.parameters, ...told.settings].map((one) => [one.key, cell(one.original), cell(one.amended)]),
      ...rows(ROWS, original, amended),
      ...rows(costKeys, costs, otherCosts),
    ],
  );
  for (const note of told.notes) terminal.out(`note: ${note}`);
}

/** Costs as one list: a group's members carry its name. */
function flat(costs: Json | undefined): Record<string, Json> {
  if (typeof costs !== 'object' || costs === null) return {};
  const list: Record<string, Json> = {};
  for (const [key, value] of Object.entries(costs as Record<string, Json>))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) list[key] = value;
    else for (const [inner, one] of Object.entries(value as Record<string, Json>)) list[`${key}.${inner}`] = one;
  return list;
}
