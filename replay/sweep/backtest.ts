import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCommand, FileOrder } from '../../adapters/requests/orders-file.js';
import type { VenueLists } from '../../adapters/requests/grid-file.js';
import type { VenueSettings } from '../../core/desk/settings.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { parseInstant } from '../../core/time.js';
import { sha256 } from '../digest.js';
import type { Insertion } from '../insertions.js';
import { plannedInsertions } from '../orders.js';
import { alone } from './alone.js';
import type { DeskPlan, DeskResult } from './desks.js';
import { FILES, prepareFolder } from './folder.js';
import { passOver } from './pass.js';
import { venuesOf } from './planning.js';
import { SweepInterrupted, SweepRefused } from './refused.js';
import { writeResults, type PlacedRow } from './results.js';
import { rowOf } from './row.js';
import { identityOf, runSession, writeRun } from './run-file.js';
import { definitionIn, openEntrants, swept, type Entrant } from './sessions.js';

export interface BacktestOptions {
  readonly sessions: readonly string[];
  readonly orders: readonly FileOrder[];
  /** Of these orders. */
  readonly commands?: readonly FileCommand[];
  readonly out?: string;
  readonly force?: boolean;
  /** Settings of the venue that are put side by side. */
  readonly venue?: VenueLists;
  readonly settings: (recorded: RunSettings | undefined) => RunSettings;
  readonly signal?: AbortSignal;
  readonly onProgress?: (finished: number, desks: number) => void;
}

/** An order in one session under one assumption: an item of a replay's `orders`, and where it stood. */
export type BacktestOrder = DeskResult['order'] & {
  readonly session: string;
  readonly assume: VenueSettings['assume'];
  readonly outcomesHash: string | null;
};

export interface BacktestReport {
  readonly inputs: number;
  readonly outcomes: number;
  /** SHA-256 over the outcomes' hashes of all orders, a line each. */
  readonly outcomesHash: string;
  readonly orders: readonly BacktestOrder[];
  readonly results: string | null;
}

/**
 * Runs orders over sessions, each on a desk of its own, in each session that it falls into and under each setting of the
 * venue: exactly what a replay of this order alone concludes.
 *
 * @throws {SweepRefused} when an order falls into no session @throws {SweepInterrupted}
 */
export async function backtest(options: BacktestOptions): Promise<BacktestReport> {
  if (options.orders.length === 0) throw new SweepRefused('there is no order to test; name at least one');
  const entrants = (await openEntrants(options.sessions)).map((entrant) => ({ ...entrant, part: '' as const }));
  return backtestOver(
    entrants,
    entrants.map(({ recorded }) => options.settings(recorded)),
    options,
  );
}

/** The same over opened sessions, each with the settings that hold in it. */
export async function backtestOver(
  entrants: readonly Entrant[],
  settings: readonly RunSettings[],
  options: Omit<BacktestOptions, 'sessions' | 'settings'>,
): Promise<BacktestReport> {
  const { orders, commands = [], venue = {}, out } = options;
  const tests = entrants.map((entrant, i) => new SessionTest(entrant, settings[i]!, venue, entrants.length === 1));
  refuseStrayOrders(orders, tests);
  const terms = { kind: 'backtest', orders, commands, venue };
  const identity = identityOf({ ...terms, sessions: entrants.map((entrant, i) => runSession(entrant, settings[i]!)) });
  if (out !== undefined) await prepareFolder(out, identity, options.force === true);
  const desks = tests.reduce((sum, test) => sum + test.size(orders), 0);
  const found: (PlacedRow & { readonly order: BacktestOrder; readonly outcomes: number })[] = [];
  for (const [session, test] of tests.entries())
    for await (const { plan, result } of test.results(orders, commands)) {
      if (options.signal?.aborted === true)
        throw new SweepInterrupted('the backtest was interrupted; nothing was kept');
      const { desk, set } = plan;
      const origin = {
        session: test.entrant.name,
        part: '' as const,
        definition: test.definition(orders[set]!),
        isBaseline: false,
        asked: {},
      };
      const order = {
        session: test.entrant.name,
        assume: plan.venue.assume,
        ...result.order,
        outcomesHash: result.outcomesHash,
      };
      found.push({ session, desk, row: rowOf(plan, result, origin), order, outcomes: result.outcomes });
      options.onProgress?.(found.length, desks);
    }
  found.sort((a, b) => a.session - b.session || a.desk - b.desk);
  if (out !== undefined) {
    const hashes = await writeResults(out, found, () => undefined);
    const counts = { orders: orders.length, desks };
    await writeRun(out, identity, entrants, { counts, skipped: { sets: {}, desks: {} } }, hashes);
    await rm(join(out, FILES.plan), { force: true });
  }
  const digest = sha256();
  for (const { order } of found) digest.update(`${order.outcomesHash ?? ''}\n`);
  return {
    inputs: entrants.reduce((sum, { session }) => sum + session.meta.counts.inputs, 0),
    outcomes: found.reduce((sum, { outcomes }) => sum + outcomes, 0),
    outcomesHash: digest.hex(),
    orders: found.map(({ order }) => order),
    results: out === undefined ? null : join(out, FILES.arrow),
  };
}

/** An order of the file that no session meets. @throws {SweepRefused} */
function refuseStrayOrders(orders: readonly FileOrder[], tests: readonly SessionTest[]): void {
  for (const order of orders) {
    if (tests.some((test) => test.takes(order))) continue;
    const only = tests.length === 1 ? tests[0] : undefined;
    if (only !== undefined) definitionIn(only.entrant, order.parameters.instrument, only.settings);
    throw new SweepRefused(
      `order ${order.orderId}: no session has ${order.parameters.instrument} at its time; ` +
        'name a session that does, or give it a time within one',
    );
  }
}

/** One session and the orders that fall into it. */
class SessionTest {
  readonly venues: readonly VenueSettings[];

  constructor(
    readonly entrant: Entrant,
    readonly settings: RunSettings,
    lists: VenueLists,
    readonly isOnly: boolean,
  ) {
    this.venues = venuesOf(settings.venue, lists);
  }

  /** An order without a time falls into every session; into an only one, also an order of a time before it. */
  takes(order: FileOrder): boolean {
    const { session } = this.entrant;
    if (!session.instruments.some(({ instrument }) => instrument === order.parameters.instrument)) return false;
    const at = timeOf(order);
    return at === undefined || this.isOnly || (at >= session.from && at <= session.to);
  }

  size(orders: readonly FileOrder[]): number {
    return orders.filter((order) => this.takes(order)).length * this.venues.length;
  }

  definition(order: FileOrder) {
    return definitionIn(this.entrant, order.parameters.instrument, this.settings);
  }

  /** Results as they come: of the orders with a time of their own over one pass, of the others by a replay each. */
  async *results(
    orders: readonly FileOrder[],
    commands: readonly FileCommand[],
  ): AsyncGenerator<{ readonly plan: DeskPlan; readonly result: DeskResult }> {
    const session = swept(this.entrant);
    const options = { settings: () => this.settings, hashes: true };
    const inPass: DeskPlan[] = [];
    const byThemselves: { readonly plan: DeskPlan; readonly insertions: readonly Insertion[] }[] = [];
    for (const [number, venue] of this.venues.entries()) {
      const own = orders.filter((order) => this.takes(order));
      const ids = new Set(own.map(({ orderId }) => orderId));
      const theirs = commands.filter(({ orderId, at }) => ids.has(orderId) && (this.isOnly || at <= session.to));
      const insertions = await plannedInsertions(own, theirs, session, venue.allowPartialBook);
      for (const order of own) {
        const set = orders.indexOf(order);
        const its = insertions.filter(({ data }) => (data as { orderId: string }).orderId === order.orderId);
        const { at, beforeSeq } = its.find(({ type }) => type === 'SubmitTwap')!;
        const { orderId, parameters } = order;
        const { seed } = this.settings;
        const plan = { desk: set * this.venues.length + number, set, at, seed, venue, orderId, parameters };
        if (its.length === 1 && beforeSeq === undefined && at >= session.from) inPass.push(plan);
        else byThemselves.push({ plan, insertions: its });
      }
    }
    inPass.sort((a, b) => a.at - b.at || a.desk - b.desk);
    const plans = new Map(inPass.map((plan) => [plan.desk, plan]));
    if (inPass.length > 0)
      for await (const results of passOver(session, inPass, options))
        for (const result of results) yield { plan: plans.get(result.desk)!, result };
    for (const { plan, insertions } of byThemselves)
      yield { plan, result: await alone(session, plan, options, insertions) };
  }
}

const timeOf = ({ at, parameters: { startTime } }: FileOrder) =>
  at ?? (startTime === undefined ? undefined : parseInstant(startTime));
