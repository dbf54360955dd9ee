import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../../adapters/results/columns.js';
import { ResultsWriter, type ResultHashes } from '../../adapters/results/writer.js';
import { COLUMNS } from './columns.js';
import { FILES } from './folder.js';
import type { Parts } from './parts.js';
import { placeOf, type SessionPlan } from './plan.js';
import type { SessionWork } from './work.js';

/** A row with the desk that it is of. */
export interface PlacedRow {
  readonly session: number;
  readonly desk: number;
  readonly row: Row;
}

/** All rows of a sweep in the order of its results. */
export function* inOrder(work: readonly SessionWork[], parts: Parts): Generator<PlacedRow> {
  for (const [session, { plan }] of work.entries())
    for (const desk of orderOfResults(plan)) yield { session, desk, row: parts.row(session, desk) };
}

/** The desks of a session in the order of its results: set, start, venue, seed. */
export function orderOfResults(plan: SessionPlan): Float64Array {
  const perSet = plan.venues.length * plan.seeds.length;
  const ranks = plan.places.map((place) => {
    const at = placeOf(plan, place);
    return (at.set * plan.starts.length + at.start) * perSet + at.venue * plan.seeds.length + at.seed;
  });
  return Float64Array.from(plan.places.keys()).sort((a, b) => ranks[a]! - ranks[b]!);
}

/** Writes `results.arrow` and `results.csv`; a file that is there is whole. */
export async function writeResults(
  folder: string,
  rows: Iterable<PlacedRow>,
  each: (row: PlacedRow) => void,
): Promise<ResultHashes> {
  const names = [FILES.arrow, FILES.csv].map((name) => join(folder, name)) as [string, string];
  const drafts = names.map((name) => `${name}.draft`) as [string, string];
  for (const draft of drafts) await rm(draft, { force: true });
  const writer = await ResultsWriter.create(...drafts, COLUMNS);
  let hashes: ResultHashes;
  try {
    for (const placed of rows) {
      each(placed);
      await writer.add(placed.row);
    }
    hashes = await writer.close();
  } catch (error) {
    await writer.abandon();
    for (const draft of drafts) await rm(draft, { force: true });
    throw error;
  }
  for (const [i, draft] of drafts.entries()) await rename(draft, names[i]!);
  return hashes;
}
