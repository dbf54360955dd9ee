import type { BestSet } from '../../replay/sweep/ranking.js';
import { table } from './report.js';
import type { Terminal } from './terminal.js';

/** Prints the best sets of a sweep side by side, each with its figures under every assumption. */
export function showBest(
  terminal: Terminal,
  best: readonly BestSet[],
  assumes: readonly string[],
  isShown: (key: string, set: BestSet) => boolean,
): void {
  const tested = best.some(({ test }) => test !== null);
  const under = (each: BestSet, assume: string): number | null =>
    assume === each.assume ? each.mean : (each.under[assume]?.mean ?? null);
  if (best.length === 0) terminal.out('no set can be compared: no start is completed by every set');
  else
    table(
      terminal,
      [
        ...['best under', 'set', ...assumes.map((assume) => `mean if ${assume}`)],
        ...['against baseline', 'from', 'to', 'starts', 'blocks', 'p', ...(tested ? ['on test', 'from', 'to'] : [])],
        'parameters',
      ],
      best.map((each) => [
        ...[each.assume, String(each.set), ...assumes.map((assume) => figure(under(each, assume)))],
        ...[figure(each.difference), figure(each.low), figure(each.high)],
        ...[String(each.starts), String(each.blocks), figure(each.p)],
        ...(tested
          ? [each.test?.difference, each.test?.low, each.test?.high].map((value) => figure(value ?? null))
          : []),
        Object.entries(each.parameters)
          .filter(([key]) => isShown(key, each))
          .filter(([key]) => key !== 'instrument' && key !== 'account')
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      ]),
    );
}

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
