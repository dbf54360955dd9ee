import { openSession } from '../../../adapters/recordings/session/session.js';
import { parseScaled } from '../../../core/market/increments.js';
import { inspect } from '../../../replay/inspect.js';
import { WrongRequest } from '../failures.js';
import { cell, table } from '../report.js';
import type { Terminal } from '../terminal.js';
import { moment } from '../times.js';

export interface InspectFlags {
  readonly at?: string;
  readonly sweep?: string;
  readonly json?: boolean;
}

/** `reprise inspect`: what is in a session; a broken one ends with exit 1. */
export async function inspectSession(path: string, flags: InspectFlags, terminal: Terminal): Promise<void> {
  if (flags.sweep !== undefined && (parseScaled(flags.sweep)?.mantissa ?? 0) === 0)
    throw new WrongRequest(`--sweep: "${flags.sweep}" is no quantity above zero; write it like 1.5`);
  const until = flags.at === undefined ? undefined : moment(flags.at, '--at');
  const session = await openSession(path);
  const result = await inspect(
    {
      from: session.from,
      to: session.to,
      ignored: session.meta.counts.ignored,
      contentHash: session.meta.contentHash,
      inputs: () => session.inputs(),
    },
    { ...(until === undefined ? {} : { until }), ...(flags.sweep === undefined ? {} : { sweep: flags.sweep }) },
  );
  if (flags.json === true) {
    terminal.out(JSON.stringify(result));
    return;
  }
  terminal.out(
    `${path}: ${cell(result['from'])} to ${cell(result['to'])}, ${cell(result['messages'])} messages, ${cell(result['ignored'])} ignored`,
  );
  const instruments = Object.entries(result['instruments'] as unknown as Record<string, Instrument>);
  table(
    terminal,
    ['instrument', 'trust', 'rules', 'updates', 'gaps', 'crossed', 'trades', 'volume', 'vwap', 'bid', 'ask', 'levels'],
    instruments.map(([name, it]) =>
      [
        name,
        it.trust,
        it.rules,
        it.bookUpdates,
        it.gaps,
        it.crossed,
        it.trades.count,
        it.trades.volume,
        it.trades.vwap,
        it.book.bid?.[0],
        it.book.ask?.[0],
        it.book.levels.join(' + '),
      ].map(cell),
    ),
  );
}

interface Instrument {
  readonly trust: string;
  readonly rules: string;
  readonly bookUpdates: number;
  readonly gaps: number;
  readonly crossed: number;
  readonly trades: { readonly count: number; readonly volume: string; readonly vwap: string | null };
  readonly book: { readonly bid: string[] | null; readonly ask: string[] | null; readonly levels: number[] };
}
