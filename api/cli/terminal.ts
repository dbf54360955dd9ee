/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
  /** A line of result. */
  out(line: string): void;
  /** A line for the person at the terminal. */
  say(line: string): void;
  /** Replaces the line of progress; silent in a pipe. */
  progress(line: string): void;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
}

/** Least time between two lines of progress, in milliseconds, and how long work is silent at first. */
const PROGRESS_MS = 200;
const SILENT_MS = 1_000;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort(name));
  const isTerminal = process.stderr.isTTY;
  const began = performance.now();
  let shown = 0;
  let open = false;
  const clear = (): void => {
    if (open) process.stderr.write('\r\u001b[K');
    open = false;
  };
  return {
    signal: stopping.signal,
    out: (line) => {
      clear();
      process.stdout.write(`${line}\n`);
    },
    say: (line) => {
      clear();
      process.stderr.write(`${line}\n`);
    },
    progress: (line) => {
      const now = performance.now();
      if (!isTerminal || now - began < SILENT_MS || now - shown < PROGRESS_MS) return;
      shown = now;
      open = true;
      process.stderr.write(`\r\u001b[K${line}`);
    },
  };
}
