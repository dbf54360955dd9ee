import { Engine } from '../core/engine/engine.js';
import type { EventLog, LogEvent } from '../core/ports.js';
import type { StoredOutcome } from './conclusions.js';
import { asBatches, stretches, type Stretch } from './epochs.js';
import { logPages, type LogPage } from './log-pages.js';
import { upToMoment, type Moment } from './moment.js';
import { restoreNearest, type OnDamage } from './nearest-checkpoint.js';

/** Inputs that are folded before the process gets its turn: a few milliseconds. */
const AT_ONCE = 250;
/** Outcomes are stored with later inputs; more than these are never between the two, by far. */
const OUTCOMES_LAG = 10_000;

/**
 * An engine as it was at a moment of its log: as of a seq it stands right after that input; as of a time every input
 * received by then is folded, and what was due by then has happened. It comes from the nearest sound checkpoint and the tail
 * behind that; an epoch of another version is folded as it was stored. The process gets its turn every few milliseconds.
 *
 * @param lastSeq  an input that the log holds; nothing behind it is looked at
 * @throws {LogHole} when inputs before the moment are missing and no checkpoint stands behind them
 */
export async function engineAsOf(
  log: EventLog,
  name: string,
  moment: Moment,
  lastSeq: number,
  onDamage: OnDamage = () => undefined,
): Promise<Engine> {
  const restored = await restoreNearest(log, name, moment, unheard, onDamage);
  const engine = restored?.engine ?? new Engine(unheard);
  const until = 'seq' in moment && moment.seq < lastSeq ? moment.seq : lastSeq;
  if (engine.seq >= until && 'seq' in moment) return engine;
  const tail = restored === undefined ? {} : { after: restored.found.after, afterSeq: engine.seq, afterN: engine.n };
  const cut = new Cut(moment, until, engine.seq);
  for await (const stretch of stretches(cut.pages(logPages(log, name, tail)), engine.engineVersion)) {
    const isLast = cut.done && (stretch.events.at(-1)?.seq ?? engine.seq) >= cut.last;
    const pass = isLast && 'at' in moment ? { at: moment.at, next: cut.next } : undefined;
    if (stretch.own) {
      for (const batch of asBatches(stretch.events, AT_ONCE)) {
        engine.fold(batch);
        await turn();
      }
      if (pass !== undefined) engine.passTo(pass.at, pass.next);
    } else {
      const outcomes = byThen(stretch, engine, moment);
      for (const _ of engine.foldingAsStored(asBatches(stretch.events, AT_ONCE), outcomes, pass)) await turn();
    }
    if (isLast) break;
  }
  return engine;
}

const unheard = (): void => undefined;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A log's pages up to a moment. Behind it come only outcomes, which an epoch of another version is folded with. */
class Cut {
  /** The moment has been reached. */
  done: boolean;
  /** The first input behind it, where it was met. */
  next: LogEvent | undefined;

  constructor(
    readonly moment: Moment,
    readonly lastSeq: number,
    /** Seq of the last input up to the moment, of those that were met; at first the one behind which the pages begin. */
    public last: number,
  ) {
    this.done = last >= lastSeq;
  }

  async *pages(pages: AsyncIterable<LogPage>): AsyncGenerator<LogPage> {
    let behind = 0;
    if (this.done) yield { events: [], outcomes: [] };
    for await (const page of pages) {
      if (this.done) {
        behind += page.events.length;
        if (page.outcomes.length > 0) yield { events: [], outcomes: page.outcomes };
        if (behind > OUTCOMES_LAG) return;
        continue;
      }
      const events = upToMoment(upToMoment(page.events, this.moment), { seq: this.lastSeq });
      this.last = events.at(-1)?.seq ?? this.last;
      this.next = page.events[events.length];
      this.done = this.next !== undefined || this.last === this.lastSeq;
      yield { events, outcomes: page.outcomes };
    }
  }
}

/** What an epoch of another version had concluded by a moment that a stretch of it was cut at. */
function byThen({ events, outcomes }: Stretch, engine: Engine, moment: Moment): readonly StoredOutcome[] {
  const seq = events.at(-1)?.seq ?? engine.seq;
  const at = events.reduce((latest, event) => (event.at > latest ? event.at : latest), engine.clock);
  const isLater = (outcome: StoredOutcome): boolean =>
    'at' in moment ? outcome.at > moment.at : outcome.at > at || outcome.cause! > seq;
  const end = outcomes.findIndex(isLater);
  return end === -1 ? outcomes : outcomes.slice(0, end);
}
