import { LogFailure, type EventLog } from '../../../core/ports.js';
import { formatDuration, formatInstant } from '../../../core/time.js';
import { dropPlanned, retentionPlan, type RetentionPlan } from '../../live/upkeep.js';
import { hourEnd } from '../../../adapters/log/retention.js';
import { ownLog, readLog, streamsName } from '../data.js';
import { lastInstant } from '../../../replay/log-end.js';
import { cell, table } from '../report.js';
import type { Terminal } from '../terminal.js';
import { duration } from '../times.js';
import type { LogFlags } from './log.js';

export type LogRetainFlags = LogFlags & { readonly olderThan: string; readonly yes?: boolean };

/**
 * `reprise log retain`: shows which whole streams of market data, ticks and checkpoints are older than a span, counted back from
 * the log's last instant, and drops them with `--yes`.
 */
export async function logRetain(flags: LogRetainFlags, terminal: Terminal): Promise<void> {
  const name = streamsName(flags.name);
  const span = duration(flags.olderThan, '--older-than');
  const log = flags.yes === true ? await notServed(ownLog(flags.data)) : await readLog(flags.data);
  try {
    const last = await lastInstant(log, name);
    const before = last > span ? last - span : 0;
    const plan = await retentionPlan(log, name, before);
    if (flags.yes === true) await dropPlanned(log, plan);
    const asked = { olderThan: formatDuration(span), before: formatInstant(before), dropped: flags.yes === true };
    const report: Report = { ...asked, ...reportOf(plan, asked.olderThan) };
    if (flags.json === true) terminal.out(JSON.stringify(report));
    else tell(report, terminal);
  } finally {
    await log.close();
  }
}

/** A server that has the folder writes its log, and nobody else may. */
async function notServed(opening: Promise<EventLog>): Promise<EventLog> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof LogFailure) || error.code !== 'in_use') throw error;
    throw new LogFailure(
      'in_use',
      `${error.message}; a server drops old data of its log itself, see \`serve --keep-market\``,
      error.where,
      { cause: error },
    );
  }
}

interface Report {
  readonly dropped: boolean;
  readonly olderThan: string;
  /** The instant that this is, counted back from the log's last one. */
  readonly before: string;
  readonly streams: readonly { stream: string; events: number; bytes: number | null; endedAt: string | null }[];
  readonly events: number;
  /** Null where the store does not know without counting. */
  readonly bytes: number | null;
  readonly oldestCheckpoint: { readonly seq: number; readonly at: string } | null;
  readonly staying: readonly { because: string; streams: number; detail: string }[];
}

function reportOf(plan: RetentionPlan, span: string): Omit<Report, 'olderThan' | 'before' | 'dropped'> {
  const { days, droppable, staying, oldestKept } = plan;
  const streams = [...droppable, ...days].map(({ stream, lastRevision, bytes }) => {
    const end = hourEnd(stream);
    const endedAt = end === undefined ? null : formatInstant(end);
    return { stream, events: lastRevision + 1, bytes: bytes ?? null, endedAt };
  });
  const count = (because: string): number => staying.filter((one) => one.because === because).length;
  const needed =
    oldestKept === undefined
      ? 'there is no checkpoint yet: a start folds them all'
      : `they hold inputs behind the oldest checkpoint that is kept, at input ${oldestKept.seq} (${formatInstant(oldestKept.at)}): a start folds them`;
  return {
    streams,
    events: streams.reduce((sum, { events }) => sum + events, 0),
    bytes: streams.reduce<number | null>((sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes), 0),
    oldestCheckpoint: oldestKept === undefined ? null : { seq: oldestKept.seq, at: formatInstant(oldestKept.at) },
    staying: [
      {
        because: 'recent',
        streams: count('recent'),
        detail: `their hour ended less than ${span} before the log's last instant`,
      },
      { because: 'needed', streams: count('needed'), detail: needed },
    ].filter((reason) => reason.streams > 0),
  };
}

function tell({ dropped, olderThan, before, streams, events, bytes, staying }: Report, terminal: Terminal): void {
  if (streams.length > 0)
    table(
      terminal,
      ['stream', 'events', 'bytes', 'ended'],
      streams.map((one) => [one.stream, String(one.events), cell(one.bytes), cell(one.endedAt)]),
    );
  const all = `${plural(streams.length, 'stream')} with ${plural(events, 'event')}${bytes === null ? '' : `, ${bytes} bytes`}`;
  if (streams.length === 0) terminal.out(`nothing from before ${before} (${olderThan}) may go`);
  else terminal.out(dropped ? `dropped ${all}` : `${all} may go; nothing was dropped: add --yes to drop them`);
  for (const reason of staying)
    terminal.out(`${plural(reason.streams, 'stream')} of market data and ticks stay: ${reason.detail}`);
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
