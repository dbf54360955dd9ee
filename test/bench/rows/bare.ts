import { openSession, type Session } from '../../../adapters/recordings/session/session.js';
import type { MarketColumns } from '../../../core/market/columns.js';
import { int64At, Kind } from '../../../core/market/columns.js';
import { FastBook } from '../../../core/market/fast-book.js';
import { applyAll, bareLoop, TickArray } from '../bare-loop.js';
import { longSession } from '../inputs.js';
import { profiled, profileText, shareText } from '../profile.js';
import { inTurns, type Ratio } from '../rounds.js';
import { millions, ratioRow } from '../table.js';
import type { MeasureRow } from './row.js';

export const bareRow: MeasureRow = async ({ folder, quick, profile }) => {
  const { name, path, rows, levelChanges } = await longSession(folder, quick ? 4 : 20, 300);
  const session = await openSession(path, { verify: false });
  const { batches, lowest, highest } = await inMemory(session);
  const array = new TickArray(lowest, highest);
  const overArray = (): Promise<void> => {
    for (const batch of batches) array.applyAll(batch);
    return Promise.resolve();
  };
  // compiled code is thrown away with the last object of the shapes that it was made for
  const kept = new FastBook();
  kept.set(0, 1, 1);
  const rounds = quick ? 5 : 15;
  const ratio = await inTurns(() => bareLoop(session), overArray, rounds);
  const reading = await inTurns(() => readOnly(session), overArray, 5);
  const booking = await inTurns(() => bookOnly(batches), overArray, 5);
  const profileOfBare = await profiled(async () => {
    for (let round = 0; round < 3; round++) await bareLoop(session);
  });
  kept.set(0, 1, 0);
  if (profile) console.error(profileText(profileOfBare));
  const perChange = ({ oursMs }: Ratio): string => `${((oursMs * 1e6) / levelChanges).toFixed(1)} ns`;
  return ratioRow(
    {
      what: 'that bare loop',
      against: 'the columns in memory, into an array indexed by tick',
      notes: [
        `${name}: ${millions(rows)} rows, ${millions(levelChanges)} level changes over ${highest - lowest + 1} ticks`,
        `a level change takes ${perChange(ratio)}: reading alone ${perChange(reading)}, the book alone ${perChange(booking)}; the array ${((ratio.theirsMs * 1e6) / levelChanges).toFixed(1)} ns`,
        `profile of the bare loop: ${shareText(profileOfBare)}`,
      ],
    },
    ratio,
    5,
  );
};

async function readOnly(session: Session): Promise<number> {
  let rows = 0;
  for await (const { market } of session.inputs()) rows += market.rows;
  return rows;
}

function bookOnly(batches: readonly MarketColumns[]): Promise<FastBook> {
  const book = new FastBook();
  for (const batch of batches) applyAll(batch, book);
  return Promise.resolve(book);
}

/** The columns that a book is made of, copied out of the session. */
async function inMemory(
  session: Session,
): Promise<{ readonly batches: MarketColumns[]; readonly lowest: number; readonly highest: number }> {
  const batches: MarketColumns[] = [];
  let lowest = Infinity;
  let highest = 0;
  for await (const columns of session.market()) {
    const { rows, kind, price, side, size, flags } = columns;
    for (let row = 0; row < rows; row++) {
      const ticks = int64At(price, row);
      if (kind[row]! > Kind.snapshot || ticks === 0) continue;
      if (ticks < lowest) lowest = ticks;
      if (ticks > highest) highest = ticks;
    }
    batches.push({
      ...columns,
      kind: kind.slice(),
      side: side.slice(),
      price: price.slice(),
      size: size.slice(),
      flags: flags.slice(),
    });
  }
  return { batches, lowest, highest };
}
