import { capture, checkpointText, restore, unitsLine } from '../core/engine/checkpoint.js';
import { Engine } from '../core/engine/engine.js';
import type { RunSettings, RunStarted } from '../core/engine/inputs.js';
import { canonical, type Json } from '../core/json.js';
import { amended, type Changes } from '../core/orders/amendment.js';
import type { Concluded } from '../core/orders/outcomes.js';
import type { TwapParameters } from '../core/orders/parameters.js';
import type { EventLog, InputBatch, OtherInput, StoredEvent } from '../core/ports.js';
import { formatInstant, type EpochMicros } from '../core/time.js';
import { ENGINE_VERSION } from '../core/version.js';
import { engineAsOf } from './as-of.js';
import { nearestCheckpoint } from './nearest-checkpoint.js';
import type { StoredOutcome } from './conclusions.js';
import { asBatch } from './epochs.js';
import { logPages } from './log-pages.js';
import { difference, orderJson, Side } from './what-if-side.js';

/** What is to be other in the second run. */
export interface WhatIfAsked {
  readonly orderId: string;
  readonly changes: Changes;
  /** The settings of the second run, out of those that were in force; absent: the same. */
  readonly settings?: (recorded: RunSettings) => RunSettings;
}

export interface Changed {
  readonly key: string;
  readonly original: Json | null;
  readonly amended: Json | null;
}

export type OrderJson = Readonly<Record<string, Json | undefined>>;

/** An order as it ran, and as it would have run. */
export interface WhatIf {
  readonly orderId: string;
  /** Of its `SubmitTwap`. */
  readonly seq: number;
  readonly parameters: readonly Changed[];
  readonly settings: readonly Changed[];
  /** As it is stored; of a recording without outcomes, as the control run gives it. */
  readonly original: OrderJson | null;
  readonly amended: OrderJson | null;
  /** Whether a second run without any change gives what is stored: if not, the two do not differ by the change alone. */
  readonly reproduced: boolean;
  readonly notes: readonly string[];
}

/** There is no such order in the log or the session. */
export class NoSuchOrder extends Error {
  override readonly name = 'NoSuchOrder';
}

/** A past that two runs can go over: both begin before the order's `SubmitTwap`. */
interface Story {
  readonly submit: Pick<OtherInput, 'seq' | 'at' | 'data'>;
  readonly stored: readonly StoredOutcome[] | undefined;
  readonly inputs: AsyncIterable<InputBatch>;
  /** An engine as it was where the inputs begin. */
  readonly begin: (conclude: (concluded: Concluded) => void) => Engine;
  /** Where the story is over; of a log, at its last input. */
  readonly to?: EpochMicros;
}

/**
 * Runs a past order of a log again with other parameters, against the same inputs, from the nearest checkpoint before it until
 * both runs know its costs or the log ends.
 *
 * @throws {NoSuchOrder} @throws {LogHole} when inputs that it met are gone
 */
export async function whatIfInLog(log: EventLog, name: string, asked: WhatIfAsked): Promise<WhatIf> {
  const { orderId } = asked;
  const commands = await eventsOf(log, `${name}order-${orderId}`);
  const submit = commands.find(({ event }) => event.type === 'SubmitTwap')?.event;
  if (submit === undefined) throw new NoSuchOrder(`the log holds no order ${orderId}`);
  const before = { seq: submit.seq! - 1 };
  const after = (await nearestCheckpoint(log, name, before))?.after;
  const then = await engineAsOf(log, name, before, before.seq);
  const taken = capture(then);
  const lines = [unitsLine(taken), ...checkpointText(taken)].map((line) => line.slice(0, -1));
  const tail = { afterSeq: then.seq, afterN: then.n, ...(after === undefined ? {} : { after }) };
  async function* inputs(): AsyncGenerator<InputBatch> {
    for await (const { events } of logPages(log, name, tail)) yield asBatch(events);
  }
  const stored = await eventsOf(log, `${name}execution-${orderId}`);
  return await run(
    {
      submit: submit as Story['submit'],
      stored: stored.map(({ event, revision }) => ({ ...event, stream: `execution-${orderId}`, revision })),
      inputs: inputs(),
      begin: (conclude) => restore(lines, conclude),
    },
    asked,
  );
}

/** A captured session, as a second run of one of its orders needs it. */
export interface SessionToAmend {
  readonly to: EpochMicros;
  inputs(): AsyncIterable<InputBatch>;
  /** Absent for a bare recording. */
  readonly outcomes: (() => AsyncIterable<readonly StoredOutcome[]>) | undefined;
}

/** As `whatIfInLog`, for an order that a session submits itself. @throws {NoSuchOrder} */
export async function whatIfInSession(session: SessionToAmend, asked: WhatIfAsked): Promise<WhatIf> {
  const submit = await submitIn(session, asked.orderId);
  let stored: StoredOutcome[] | undefined;
  if (session.outcomes !== undefined) {
    stored = [];
    for await (const page of session.outcomes())
      for (const outcome of page) if (outcome.stream === `execution-${asked.orderId}`) stored.push(outcome);
  }
  const begin: Story['begin'] = (conclude) => new Engine(conclude);
  return await run({ submit, stored, inputs: session.inputs(), begin, to: session.to }, asked);
}

async function submitIn(session: SessionToAmend, orderId: string): Promise<Story['submit']> {
  for await (const { others } of session.inputs())
    for (const input of others)
      if (input.type === 'SubmitTwap' && (input.data as { orderId: string }).orderId === orderId) return input;
  throw new NoSuchOrder(`the session submits no order ${orderId}`);
}

async function run(story: Story, asked: WhatIfAsked): Promise<WhatIf> {
  const { orderId, settings } = asked;
  const { submit, stored } = story;
  const data = submit.data as unknown as TwapParameters;
  const { parameters, changed } = amended(data, asked.changes);
  const company = new Company(data.account, orderId, submit);
  const control = new Side(orderId, story.begin, company.hear);
  const second = new Side(orderId, story.begin);
  company.begin(control.engine);
  if (settings !== undefined) settle(second.engine, settings(second.engine.settings));
  const replaced = (input: OtherInput): OtherInput => {
    if (input.seq === submit.seq) return { ...input, data: parameters as unknown as Json };
    if (input.type !== 'RunStarted' || settings === undefined) return input;
    const run = input.data as unknown as RunStarted['data'];
    return { ...input, data: { ...run, settings: settings(run.settings) } as unknown as Json };
  };
  for await (const batch of story.inputs) {
    for (const input of batch.others) company.meet(input);
    control.engine.fold(batch);
    second.engine.fold({ market: batch.market, others: batch.others.map(replaced) });
    if (control.isOver && second.isOver) break;
  }
  if (story.to !== undefined) for (const { engine } of [control, second]) engine.passTo(story.to);
  const ended = control.isOver && second.isOver;
  const differs = stored === undefined ? undefined : difference(stored, control.outcomes, !ended);
  return {
    orderId,
    seq: submit.seq,
    parameters: changes(data, parameters),
    settings: changes(venueOf(control.engine), venueOf(second.engine)),
    original: orderJson(stored ?? control.outcomes, control) ?? null,
    amended: orderJson(second.outcomes, second) ?? null,
    reproduced: differs === undefined,
    notes: [
      ...(differs === undefined ? [] : [differs + company.versionsTold()]),
      ...company.commands.map((command) => commandTold(command, changed, second)),
      ...company.othersTold(),
      ...(ended ? [] : ['the inputs end before everything about its costs is known: they are as of then']),
    ],
  };
}

/** Other settings hold from here on, as with a run that begins; what is in flight arrives as it was sent. */
function settle(engine: Engine, settings: RunSettings): void {
  engine.settings = settings;
  for (const desk of engine.desks.values()) desk.settle(settings.venue);
}

const venueOf = ({ settings: { venue, seed } }: Engine): object => ({ ...venue, seed });

/** Keys that two objects say differently, in their order. */
function changes(original: object, amended: object): Changed[] {
  const [before, after] = [original, amended] as [Record<string, Json>, Record<string, Json>];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((key) => ({ key, original: before[key] ?? null, amended: after[key] ?? null }))
    .filter(({ original, amended }) => canonical(original) !== canonical(amended));
}

/** What else happened while the order ran. */
class Company {
  /** Later commands to the order. */
  readonly commands: OtherInput[] = [];
  /** Other orders of its account that were open beside it. */
  readonly #others = new Set<string>();
  readonly #versions = new Set<string>();

  constructor(
    readonly account: string,
    readonly orderId: string,
    readonly submit: Story['submit'],
  ) {}

  /** Where the runs begin. */
  begin({ desks, engineVersion }: Engine): void {
    for (const other of desks.get(this.account)?.orders.keys() ?? []) this.#others.add(other);
    this.#versions.add(engineVersion);
  }

  meet(input: OtherInput): void {
    const { orderId, account, engineVersion } = input.data as Readonly<Record<string, string | undefined>>;
    if (engineVersion !== undefined) this.#versions.add(engineVersion);
    if (orderId === this.orderId && account === this.account && input.seq > this.submit.seq) this.commands.push(input);
  }

  readonly hear = ({ outcome, at }: Concluded): void => {
    if (outcome.type === 'OrderAccepted' && outcome.data.parameters.account === this.account)
      this.#others.add(outcome.data.orderId);
    const isEnd = outcome.type === 'OrderCompleted' || outcome.type === 'OrderCancelled';
    if (isEnd && at < this.submit.at) this.#others.delete(outcome.data.orderId);
  };

  versionsTold(): string {
    const others = [...this.#versions].filter((version) => version !== '' && version !== ENGINE_VERSION);
    return others.length === 0 ? '' : `; it was made by ${others.join(', ')} and run by ${ENGINE_VERSION}`;
  }

  othersTold(): string[] {
    const { size } = this.#others;
    if (size === 0) return [];
    return [`${size} other order${size === 1 ? '' : 's'} of account ${this.account} shared its balances and its book`];
  }
}

function commandTold({ type, seq, at, data }: OtherInput, changed: readonly string[], second: Side): string {
  const again = Object.keys((data as { readonly changes?: object }).changes ?? {}).filter((key) =>
    changed.includes(key),
  );
  const refusal = second.refusals.get(seq);
  return [
    `${type} of input ${seq} (${formatInstant(at)}) came to it as it did`,
    ...(again.length === 0 ? [] : [`from then on its ${again.join(', ')} holds`]),
    ...(refusal === undefined ? [] : [`the amended order refused it: ${refusal.what}`]),
  ].join('; ');
}

async function eventsOf(log: EventLog, stream: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of log.readStream(stream)) events.push(...page);
  return events;
}
