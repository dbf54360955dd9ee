import { eventId } from '../../../adapters/log/event-id.js';
import type { StoredEvent } from '../../../core/ports.js';
import { readLog, shownAddress, streamsName, type LogAddress } from '../data.js';
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

/** `reprise log check`: every stored byte; damage ends with exit 1. */
export async function logCheck(flags: LogFlags, terminal: Terminal): Promise<void> {
  const log = await readLog(flags.data);
  try {
    const damages: unknown[] = [];
    let summary: unknown = null;
    for await (const item of log.check?.() ?? [])
      if (item.kind === 'damage') {
        damages.push({ message: item.failure.message, ...item.failure.where });
        if (flags.json !== true) terminal.out(item.failure.message);
      } else summary = item;
    if (flags.json === true) terminal.out(JSON.stringify({ sound: damages.length === 0, damages, summary }));
    else if (damages.length === 0) terminal.out(`sound: ${JSON.stringify(summary)}`);
    if (damages.length > 0)
      throw new CheckFailed(
        `${shownAddress(flags.data)}: damage in ${damages.length} place${damages.length === 1 ? '' : 's'}`,
      );
  } finally {
    await log.close();
  }
}
