import { resolve } from 'node:path';
import { eventId } from '../../../adapters/log/event-id.js';
import { RUNS } from '../../../adapters/log/streams.js';
import type { StoredEvent } from '../../../core/ports.js';
import { checkLog, type Finding } from '../../../replay/log-check.js';
import { copyLog, type Copied } from '../../../replay/log-copy.js';
import { isStoreAddress, readLog, shownAddress, streamsName, writeLog, type LogAddress } from '../data.js';
import { CheckFailed, WrongRequest } from '../failures.js';
import { table } from '../report.js';
import type { Terminal } from '../terminal.js';

export interface LogFlags extends LogAddress {
  readonly json?: boolean;
}

export type LogStreamsFlags = LogFlags & { readonly prefix?: string };
export type LogReadFlags = LogFlags & { readonly from?: number; readonly limit?: number };

/** `reprise log streams`: names, events and bytes. */
export async function logStreams(flags: LogStreamsFlags, terminal: Terminal): Promise<void> {
  const name = streamsName(flags.name);
  const log = await readLog(flags.data);
  try {
    const found: { stream: string; events: number; bytes: number }[] = [];
    for await (const { stream, lastRevision, bytes } of log.streams(name + (flags.prefix ?? '')))
      found.push({ stream, events: lastRevision + 1, bytes });
    if (flags.json === true) terminal.out(JSON.stringify(found));
    else
      table(
        terminal,
        ['stream', 'events', 'bytes'],
        found.map(({ stream, events, bytes }) => [stream, String(events), String(bytes)]),
      );
  } finally {
    await log.close();
  }
}

/** `reprise log read`: events as JSON lines; with `--json` as one array. */
export async function logRead(stream: string | undefined, flags: LogReadFlags, terminal: Terminal): Promise<void> {
  const name = streamsName(flags.name);
  const log = await readLog(flags.data);
  try {
    const { from = 0, limit = Infinity } = flags;
    const full = stream === undefined || stream.startsWith(name) ? stream : name + stream;
    if (full !== undefined && (await log.lastRevision(full)) === undefined)
      throw new WrongRequest(`there is no stream ${full}; \`reprise log streams\` lists them`);
    const pages = full === undefined ? log.readAll({ prefixes: [name] }) : log.readStream(full, { from });
    const kept: string[] = [];
    let count = 0;
    for await (const page of pages) {
      for (const stored of page) {
        if (full === undefined && from > 0 && (stored.event.seq ?? 0) < from) continue;
        if (count++ >= limit) break;
        if (flags.json === true) kept.push(line(stored));
        else terminal.out(line(stored));
      }
      if (count >= limit || terminal.signal.aborted) break;
    }
    if (flags.json === true) terminal.out(`[${kept.join(',\n')}]`);
  } finally {
    await log.close();
  }
}

function line({ stream, revision, event }: StoredEvent): string {
  return JSON.stringify({ stream, revision, id: eventId(stream, revision, event), ...event });
}

/** `reprise log check`: of a folder every stored byte, of any store what the log says; damage ends with exit 1. */
export async function logCheck(flags: LogFlags, terminal: Terminal): Promise<void> {
  const name = streamsName(flags.name);
  const log = await readLog(flags.data);
  try {
    const damages: Finding[] = [];
    const notes: string[] = [];
    let summary: object = {};
    const damaged = (finding: Finding): void => {
      if (damages.some(({ message }) => message === finding.message)) return; // its bytes said so before
      damages.push(finding);
      if (flags.json !== true) terminal.out(finding.message);
    };
    for await (const item of log.check?.() ?? [])
      if (item.kind === 'damage') damaged({ message: item.failure.message, ...item.failure.where });
      else summary = item;
    for await (const item of checkLog(log, name)) {
      if (terminal.signal.aborted) throw new CheckFailed('the check was interrupted before its end');
      if (item.kind === 'damage') damaged(item.finding);
      else if (item.kind === 'summary') summary = { ...summary, ...item.summary };
      else {
        notes.push(item.note);
        if (flags.json !== true) terminal.out(`note: ${item.note}`);
      }
    }
    if (flags.json === true) terminal.out(JSON.stringify({ sound: damages.length === 0, damages, notes, summary }));
    else if (damages.length === 0) terminal.out(`sound: ${JSON.stringify(summary)}`);
    if (damages.length > 0)
      throw new CheckFailed(
        `${shownAddress(flags.data)}: damage in ${damages.length} place${damages.length === 1 ? '' : 's'}`,
      );
  } finally {
    await log.close();
  }
}

export interface LogCopyFlags {
  readonly name?: string;
  readonly toName?: string;
  readonly json?: boolean;
}

/** `reprise log copy`: a log into another store; run again after an interruption it goes on. */
export async function logCopy(from: string, to: string, flags: LogCopyFlags, terminal: Terminal): Promise<void> {
  const name = streamsName(flags.name);
  const toName = streamsName(flags.toName ?? flags.name);
  if (placeOf(from) === placeOf(to) && name === toName)
    throw new WrongRequest(`${shownAddress(to)} is where the log is; name another store, or another --to-name`);
  const source = await readLog(from);
  try {
    if ((await source.lastRevision(name + RUNS)) === undefined)
      throw new WrongRequest(`${shownAddress(from)} holds no log whose streams begin with ${name}; say its --name`);
    const target = await writeLog(to);
    try {
      const copied = await copyLog({ log: source, name }, { log: target, name: toName }, terminal.signal, (soFar) =>
        terminal.progress(`${soFar.events} events copied, up to input ${soFar.seq}`),
      );
      tellCopied(copied, to, flags, terminal);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function tellCopied(copied: Copied, to: string, flags: LogCopyFlags, terminal: Terminal): void {
  const { events, present, seq, complete, torn } = copied;
  const there = present === 0 ? '' : `, and ${present} stood there before`;
  if (!complete)
    throw new CheckFailed(
      `the copy was interrupted: ${events} events were written to ${shownAddress(to)}${there}; run the command again to go on`,
    );
  if (torn !== undefined)
    terminal.say(
      `inputs ${torn.from} to ${torn.to} do not all stand in the source: run the command again when its server has stored them, or, where it died, has been started again`,
    );
  if (flags.json === true)
    terminal.out(JSON.stringify({ to: shownAddress(to), events, present, seq, torn: torn ?? null }));
  else terminal.out(`${shownAddress(to)}: ${events} events were written${there}; the last input is ${seq}`);
}

/** One text for one place, however it is written. */
const placeOf = (data: string): string => (isStoreAddress(data) ? shownAddress(data) : resolve(data));
