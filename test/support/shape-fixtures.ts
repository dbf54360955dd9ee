import { readdirSync, readFileSync } from 'node:fs';
import type { EventLog } from '../../core/ports.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { fixture } from './fixtures.js';
import type { Line } from './make-shapes.js';

/** A file of `fixtures/shapes`. */
export interface ShapesFile {
  /** `0.1.0/log`: the version that wrote it, and which of its logs. */
  readonly name: string;
  /** A log from its beginning on; else single events. */
  readonly whole: boolean;
  readonly lines: readonly Line[];
}

/** What every version left on disk, the oldest first. */
export function shapesFiles(): ShapesFile[] {
  const folders = readdirSync(fixture('shapes')).sort((a, b) => order(a) - order(b));
  return folders.flatMap((folder) =>
    readdirSync(fixture(`shapes/${folder}`))
      .filter((file) => file.endsWith('.ndjson'))
      .sort()
      .map((file) => ({
        name: `${folder}/${file.slice(0, -'.ndjson'.length)}`,
        whole: !folder.startsWith('since-'),
        lines: linesIn(`shapes/${folder}/${file}`),
      })),
  );
}

function linesIn(name: string): Line[] {
  const lines = readFileSync(fixture(name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Versions by their numbers; what came since one, behind it. */
function order(folder: string): number {
  const [major = 0, minor = 0, patch = 0] = folder.replace('since-', '').split('.').map(Number);
  return 2 * ((major * 1000 + minor) * 1000 + patch) + (folder.startsWith('since-') ? 1 : 0);
}

/** The lines as a log, each in its stream. */
export async function logOfLines(lines: readonly Line[], into: EventLog = memoryLog()): Promise<EventLog> {
  for (const { stream, event } of lines) await into.append([{ stream, expected: 'any', events: [event] }]);
  return into;
}
