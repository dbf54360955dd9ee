import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that a test starts, listened to line by line. */
export interface Child {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** The first line, heard already or to come, that this is true of; undefined when it ends without one. */
  line(wanted: (line: string) => boolean): Promise<string | undefined>;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string>;
}

/**
 * Starts a script of this folder.
 *
 * @param through a command that starts it, with its arguments
 */
export function startChild(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  through: readonly string[] = [],
): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const [command, ...rest] = [...through, process.execPath, file, ...args] as [string, ...string[]];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  let over = false;
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      over = true;
      wake();
      resolve(signal ?? String(code));
    });
  });
  return {
    process: child,
    lines,
    ended,
    line: (wanted) =>
      new Promise((resolve) => {
        let next = 0;
        const look = (): void => {
          const found = lines.slice(next).find(wanted);
          next = lines.length;
          if (found === undefined && !over) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
