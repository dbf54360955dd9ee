import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of the bench in a process of its own, so that neither memory nor compiled code is shared with others.
 *
 * @param script  beside this file, without its ending
 * @returns what it wrote to stdout last, as JSON
 */
export async function inChild<Result>(script: string, args: readonly string[]): Promise<Result> {
  const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${String(code)}`);
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Result;
}

/** What a child hands back. */
export function handBack(result: unknown): void {
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
}
