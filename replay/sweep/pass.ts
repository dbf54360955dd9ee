import { Engine } from '../../core/engine/engine.js';
import type { Guest, Guests } from '../../core/engine/guests.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { DEFAULT_VENUE } from '../../core/desk/settings.js';
import { NO_COLUMNS } from '../../core/market/columns.js';
import type { Market } from '../../core/market/market.js';
import { encodeOutcome, type StoredOutcome } from '../../core/engine/outcome-codec.js';
import type { InputBatch, OtherInput } from '../../core/ports.js';
import { formatInstant, type EpochMicros } from '../../core/time.js';
import { rewritten } from '../insertions.js';
import { replay, reported } from '../replay.js';
import { DeskRun } from './desk-run.js';
import { Tracer } from './trace.js';
import type { DeskPlan, DeskResult, PassOptions, SweptSession } from './desks.js';

/**
 * Runs desks over one fold of a session's market. Each concludes what a replay of its order alone concludes.
 *
 * @param desks  ascending by `at`, none of them behind the session's end
 * @returns      results as they become final, each once; those of orders that are open at the session's end come last
 */
export async function* passOver(
  session: SweptSession,
  desks: Iterable<DeskPlan>,
  options: PassOptions = {},
): AsyncGenerator<readonly DeskResult[]> {
  const pass = new Pass(session, desks, options);
  for await (const batch of openingApart(inputsOf(session, options), session)) {
    pass.fold(batch);
    const results = pass.finished();
    if (results.length > 0) yield results;
  }
  const rest = pass.end();
  if (rest.length > 0) yield rest;
  for (const plan of pass.alone) yield [await alone(session, plan, options)];
}

interface Over {
  readonly run: DeskRun;
  readonly result: DeskResult;
}

/** One fold of a market, and whoever trades in it. */
class Pass implements Guests {
  nextAt: EpochMicros = 0;
  /** Desks that would make the market another one by coming into it. */
  readonly alone: DeskPlan[] = [];
  readonly #engine: Engine;
  readonly #plans: Iterator<DeskPlan>;
  #next: DeskPlan | undefined;
  readonly #open = new Map<number, DeskRun>();
  readonly #over: Over[] = [];
  /** Results that wait for the end, because the hash of all outcomes does. */
  readonly #hashed: Over[] = [];
  readonly #news: StoredOutcome[] = [];

  constructor(
    readonly session: SweptSession,
    desks: Iterable<DeskPlan>,
    readonly options: PassOptions,
  ) {
    this.#plans = desks[Symbol.iterator]();
    this.#pull();
    this.#engine = new Engine((concluded) => {
      if (this.options.hashes === true)
        this.#news.push({
          ...encodeOutcome(concluded),
          stream: concluded.stream,
          revision: concluded.revision,
        });
    });
    if (session.hasRun) this.#engine.guests = this;
  }

  fold(batch: InputBatch): void {
    this.#engine.fold(batch);
    this.#engine.guests = this; // a run that was put first has begun by now, and nobody comes before it
  }

  admit(seq: number): Guest {
    const plan = this.#next!;
    const news = this.options.hashes === true ? this.#news : undefined;
    const market = (): Market | undefined => this.#engine.markets.get(plan.parameters.instrument);
    const tracer = this.options.traces?.has(plan.desk) === true ? new Tracer(plan.parameters) : undefined;
    const run = new DeskRun(plan, seq, news, tracer, market, this.#whenOver);
    this.#open.set(run.plan.desk, run);
    this.#pull();
    return run;
  }

  turnAway(): void {
    this.alone.push(this.#next!);
    this.#pull();
  }

  /** The results of desks about which nothing can change any more; they leave. */
  finished(): DeskResult[] {
    const results: DeskResult[] = [];
    for (const { run, result } of this.#over) {
      this.#engine.dismiss(run.name);
      this.#open.delete(run.plan.desk);
      if (this.options.hashes === true) this.#hashed.push({ run, result });
      else results.push(result);
    }
    this.#over.length = 0;
    return results;
  }

  /** The session is over, and so is every desk. */
  end(): DeskResult[] {
    this.#engine.passTo(this.session.to);
    const results = this.finished();
    for (const run of this.#open.values()) {
      const result = this.#result(run);
      if (this.options.hashes === true) this.#hashed.push({ run, result });
      else results.push(result);
    }
    for (const { run, result } of this.#hashed) results.push({ ...result, outcomesHash: run.outcomesHash() });
    return results;
  }

  /** What is said of it must not depend on where a batch ends. A refused one may have come before its instrument: it waits. */
  readonly #whenOver = (run: DeskRun): void => {
    if (run.projection?.state !== 'refused') this.#over.push({ run, result: this.#result(run) });
  };

  #pull(): void {
    const before = this.#next?.at ?? 0;
    const pulled = this.#plans.next();
    this.#next = pulled.done === true ? undefined : pulled.value;
    this.nextAt = this.#next?.at ?? Infinity;
    if (this.#next === undefined) return;
    const { desk, at } = this.#next;
    if (at < before) throw new Error(`desk ${desk} begins before the one in front of it: sort the plan by \`at\``);
    if (at > this.session.to)
      throw new Error(
        `desk ${desk} begins at ${formatInstant(at)}, after the session's end at ${formatInstant(this.session.to)}: leave it out of the plan`,
      );
  }

  #result(run: DeskRun): DeskResult {
    const { plan, outcomes, projection } = run;
    const { instrument } = plan.parameters;
    const market = this.#engine.markets.get(instrument);
    const measured = projection?.measured ?? this.#engine.measured(run.name, plan.orderId);
    return {
      desk: plan.desk,
      order: projection === undefined ? {} : reported(projection, market, measured),
      outcomes,
      outcomesHash: null,
      ...(run.watch === undefined ? {} : { trace: run.watch.trace() }),
    };
  }
}

/** The inputs of a session without its own orders. */
function inputsOf(session: SweptSession, options: PassOptions, only?: DeskPlan): AsyncIterable<InputBatch> {
  const { from, hasRun } = session;
  const { venue = DEFAULT_VENUE, seed = 1 } = only ?? {};
  const settings = (recorded: RunSettings | undefined): RunSettings => ({
    ...(options.settings ?? rulesAndBalances)(recorded),
    venue,
    seed,
  });
  return rewritten(session.inputs(), {
    from,
    hasRun,
    settings,
    insertions: only === undefined ? [] : [inserted(only)],
  });
}

function rulesAndBalances(recorded: RunSettings | undefined): Pick<RunSettings, 'rules' | 'balances'> {
  const { rules, balances } = recorded ?? {};
  return { ...(rules === undefined ? {} : { rules }), ...(balances === undefined ? {} : { balances }) };
}

function inserted({ at, orderId, parameters }: DeskPlan): {
  readonly at: EpochMicros;
  readonly type: string;
  readonly data: OtherInput['data'];
} {
  return { at, type: 'SubmitTwap', data: { orderId, ...parameters } };
}

/** A run that is put first begins before anybody comes, also where that happens at one instant. */
async function* openingApart(batches: AsyncIterable<InputBatch>, { hasRun }: SweptSession): AsyncGenerator<InputBatch> {
  let first = !hasRun;
  for await (const { market, others } of batches) {
    if (first) {
      const [opening, ...rest] = others;
      yield { market: NO_COLUMNS, others: [opening!] };
      yield { market, others: rest };
    } else yield { market, others };
    first = false;
  }
}

/** A desk whose order changes what becomes of the market, by itself. */
async function alone(session: SweptSession, plan: DeskPlan, options: PassOptions): Promise<DeskResult> {
  let outcomes = 0;
  const report = await replay(inputsOf(session, options, plan), session, {
    onOutcome: ({ stream }) => {
      if (!stream.startsWith('trust-')) outcomes++;
    },
  });
  return {
    desk: plan.desk,
    order: report.orders[0] ?? {},
    outcomes,
    outcomesHash: options.hashes === true ? report.outcomesHash : null,
  };
}
