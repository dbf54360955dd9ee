import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A way to make what is forced to the disk take longer for a process, and to see its order among what it notes. */
export interface SlowDisk {
  readonly name: 'cc' | 'strace';
  /** The command that the process is started through, none for its own. */
  readonly through: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What happened, in its order: the process's own notes, and `sync-` where something is on the disk. */
  lines(notes: string): readonly string[];
}

const DELAY_US = '20000';

/** Builds a library that is loaded before the C library. Undefined where there is no compiler. */
export function slowedByLibrary(folder: string, notes: string): SlowDisk | undefined {
  const source = fileURLToPath(new URL('../../../test/support/slow-sync.c', import.meta.url));
  const library = join(folder, 'slow-sync.so');
  if (process.platform !== 'linux' || !existsSync(source)) return undefined;
  if (spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']).status !== 0) return undefined;
  return {
    name: 'cc',
    through: [],
    env: { LD_PRELOAD: library, SYNC_TRACE: notes, SYNC_DELAY_US: DELAY_US },
    lines: () => readFileSync(notes, 'utf8').trimEnd().split('\n'),
  };
}

/** Has the system's tracer delay it. Undefined where there is none, or none that is allowed to. */
export function slowedByTracer(folder: string): SlowDisk | undefined {
  if (process.platform !== 'linux') return undefined;
  const trace = join(folder, 'strace');
  const calls = 'fdatasync,pwrite64,write';
  const through = [
    'strace',
    '-f',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=fdatasync:delay_exit=${DELAY_US}`,
    '-o',
    trace,
  ];
  if (spawnSync(through[0]!, [...through.slice(1), 'true']).status !== 0) return undefined;
  return { name: 'strace', through, env: {}, lines: () => readFileSync(trace, 'utf8').split('\n').flatMap(noteOf) };
}

/** A line of the tracer: a call that has returned, or the rest of one that was cut by another's line. */
function noteOf(line: string): readonly string[] {
  const said = /write\(\d+, "(\w+ \d)\\n"/.exec(line);
  if (said !== null) return [said[1]!];
  if (/fdatasync.*= 0/.test(line)) return ['sync-'];
  // LMDB's root: it is written behind the page's header to a file opened so that every write is forced
  return /pwrite64.*, 128, (40|4136)\) *= 128/.test(line) || /pwrite64 resumed.*= 128/.test(line) ? ['sync-'] : [];
}
