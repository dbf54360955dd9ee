import { parseOrdersFile } from '../../../adapters/requests/orders-file.js';
import { openSession, type Session } from '../../../adapters/recordings/session/session.js';
import { createSession, type SessionWriter } from '../../../adapters/recordings/session/writer.js';
import type { RunSettings } from '../../../core/engine/inputs.js';
import type { Json } from '../../../core/json.js';
import type { InputBatch } from '../../../core/ports.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { rewritten, type Insertion } from '../../../replay/insertions.js';
import { plannedInsertions } from '../../../replay/orders.js';
import { replay, type RunReport } from '../../../replay/replay.js';
import type { StoredOutcome } from '../../../replay/conclusions.js';
import { CheckFailed, WrongRequest } from '../failures.js';
import { cell, table } from '../report.js';
import { askedSettings, readTextFile, runSettings, type AskedSettings } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { amendPast, type WhatIfFlags } from './what-if.js';

export interface ReplayFlags extends WhatIfFlags {
  readonly force?: boolean;
}

/** `reprise replay`: the engine over a session, with its own commands or with those of a file. */
export async function replaySession(path: string | undefined, flags: ReplayFlags, terminal: Terminal): Promise<void> {
  if (flags.amend !== undefined) {
    await amendPast(path, flags, terminal);
    return;
  }
  if (flags.data !== undefined)
    throw new WrongRequest(
      'replay --data runs one order of a log again: say which with --amend FILE; `verify` runs all of it',
    );
  if (path === undefined) throw new WrongRequest("replay: missing required argument 'session'");
  const asked = await askedSettings(flags);
  const session = await openSession(path);
  const recorded = (session.meta.settings ?? undefined) as unknown as RunSettings | undefined;
  const settings = runSettings(asked, recorded);
  const insertions = flags.orders === undefined ? undefined : await readOrders(flags.orders, session, settings);
  const writer =
    flags.out === undefined
      ? undefined
      : await createSession(flags.out, { force: flags.force === true, outcomes: true });
  const began = performance.now();
  try {
    const inputs = interruptible(inputsOf(session, asked, recorded, insertions), terminal);
    const file = writer === undefined ? undefined : new RunFile(writer);
    const report = await replay(inputs, session, file);
    await file?.settle();
    const seconds = Math.round(performance.now() - began) / 1000;
    await writer?.close({
      engineVersion: ENGINE_VERSION,
      name: session.meta.name ?? '',
      from: session.from,
      to: session.to,
      settings: settings as unknown as Json,
      seed: settings.seed,
      ignored: session.meta.counts.ignored,
      sources: session.meta.sources,
    });
    show(report, seconds, flags, terminal);
  } catch (error) {
    await writer?.abort();
    throw error;
  }
}

async function readOrders(file: string, session: Session, settings: RunSettings): Promise<Insertion[]> {
  const { orders, commands } = parseOrdersFile(await readTextFile(file), file);
  return plannedInsertions(orders, commands, session, settings.venue.allowPartialBook);
}

/** The session as it is, or rewritten where other orders or settings were asked for. */
function inputsOf(
  session: Session,
  asked: AskedSettings,
  recorded: RunSettings | undefined,
  insertions: Insertion[] | undefined,
): AsyncIterable<InputBatch> {
  if (recorded !== undefined && asked.isEmpty && insertions === undefined) return session.inputs();
  return rewritten(session.inputs(), {
    from: session.from,
    hasRun: recorded !== undefined,
    settings: (before) => runSettings(asked, before),
    ...(insertions === undefined ? {} : { insertions }),
  });
}

async function* interruptible(inputs: AsyncIterable<InputBatch>, terminal: Terminal): AsyncGenerator<InputBatch> {
  let rows = 0;
  for await (const batch of inputs) {
    if (terminal.signal.aborted) throw new CheckFailed('replay was interrupted; nothing was kept');
    rows += batch.market.rows;
    terminal.progress(`${rows} rows`);
    yield batch;
  }
}

/** Writes a run as a session while it happens. The writer takes one call at a time: outcomes wait for the next batch. */
class RunFile {
  #waiting: StoredOutcome[] = [];

  constructor(readonly writer: SessionWriter) {}

  readonly onOutcome = (outcome: StoredOutcome): void => void this.#waiting.push(outcome);

  readonly onInputs = async ({ market, others }: InputBatch): Promise<void> => {
    await this.settle();
    if (market.rows > 0) await this.writer.writeMarket(market);
    for (const other of others) await this.writer.writeInput(other);
  };

  async settle(): Promise<void> {
    for (const outcome of this.#waiting) await this.writer.writeOutcome(outcome);
    this.#waiting = [];
  }
}

function show(report: RunReport, seconds: number, flags: ReplayFlags, terminal: Terminal): void {
  const perSecond = seconds === 0 ? null : Math.round(report.inputs / seconds);
  const { orders, invalid, ...counts } = report;
  if (flags.json === true)
    terminal.out(
      JSON.stringify({
        ...counts,
        seconds,
        inputsPerSecond: perSecond,
        ...(invalid === undefined ? {} : { invalid }),
        orders,
      }),
    );
  else {
    terminal.out(`${report.inputs} inputs, ${report.outcomes} outcomes in ${seconds} s`);
    terminal.out(`state    ${report.stateHash}`);
    terminal.out(`outcomes ${report.outcomesHash}`);
    if (orders.length > 0)
      table(
        terminal,
        [
          'order',
          'side',
          'state',
          'reason',
          'quantity',
          'filled',
          'average price',
          'fees',
          'slippage bps',
          'all-in bps',
          'fills',
          'released',
          'skipped',
        ],
        orders.map((order) => {
          const slices = order['slices'] as { released: number; skipped: number };
          const costs = order['costs'] as { slippageBps: string | null; costAllIn: string | null } | null;
          const keys = ['orderId', 'side', 'state', 'reason', 'quantity', 'filled', 'averagePrice', 'fees'];
          return [
            ...keys.map((key) => cell(order[key])),
            cell(costs?.slippageBps),
            cell(costs?.costAllIn),
            cell(order['fills']),
            cell(slices.released),
            cell(slices.skipped),
          ];
        }),
      );
  }
  if (invalid !== undefined) throw new CheckFailed(`the run is invalid: ${invalid}`);
}
