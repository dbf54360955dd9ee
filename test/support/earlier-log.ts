import { readFileSync } from 'node:fs';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import type { FoundCheckpoint } from '../../replay/checkpoints.js';
import { newestCheckpoint } from '../../replay/nearest-checkpoint.js';
import { fixture } from './fixtures.js';

/** What an earlier version left on disk, in the order of its appends. */
export function earlierEvents(version: string): { readonly stream: string; readonly event: LogEvent }[] {
  const lines = readFileSync(fixture(`shapes/${version}/log.ndjson`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as { stream: string; event: LogEvent });
}

/** The log of an earlier version, in a log of this one: the events are those of old. */
export async function earlierLog(version: string, into: EventLog = memoryLog()): Promise<EventLog> {
  for (const { stream, event } of earlierEvents(version))
    await into.append([{ stream, expected: 'any', events: [event] }]);
  return into;
}

export async function checkpointIn(log: EventLog): Promise<FoundCheckpoint> {
  const found = await newestCheckpoint(log, DEFAULT_LOG_NAME);
  if (found === undefined) throw new Error('the log holds no checkpoint');
  return found;
}
