/** Longest text that is compared; what is longer is no typing error. */
const MOST_COMPARED = 64;

/**
 * The known word that is the fewest edits away from what was written; the first of several.
 *
 * @param known  at least one word
 */
export function nearest(written: string, known: readonly string[]): string {
  const from = written.slice(0, MOST_COMPARED).toLowerCase();
  let best = known[0] ?? '';
  let least = Infinity;
  for (const word of known) {
    const edits = editDistance(from, word.toLowerCase());
    if (edits < least) [best, least] = [word, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, beforeLast[j - 2]! + 1);
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
