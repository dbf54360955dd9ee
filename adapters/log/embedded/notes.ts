import { indexFailure } from './damage.js';
import { encodeNumbers, readNumbers } from './entry.js';
import type { Change, Tables } from './store.js';

/** Where the log ends, noted with every change of it: a reader that does not come so far knows that something is lost. */
export interface Tail {
  /** The number of the next chunk. Numbers are given once and for ever, so that a position never means another event. */
  readonly next: number;
  /** The number of the last chunk that is there, -1 where there is none. */
  readonly last: number;
  /** How many chunks are there. */
  readonly live: number;
  /** How often chunks were taken away. */
  readonly drops: number;
}

const TAIL = 'tail';
const DROPPING = 'dropping ';
const BEHIND_DROPPING = 'dropping!'; // the character behind the blank

/** @throws {LogFailure} `damaged` when the note is */
export function readTail(tables: Tables): Tail {
  const record = tables.notes.get(TAIL);
  const [next, last, live, drops] = (record === undefined ? undefined : readNumbers(record, TAIL)) ?? [];
  if (next === undefined || last === undefined || live === undefined || drops === undefined)
    throw indexFailure(undefined);
  return { next, last, live, drops };
}

export const noteTail = ({ next, last, live, drops }: Tail): Change => ({
  table: 'notes',
  key: TAIL,
  value: encodeNumbers(TAIL, [next, last, live, drops]),
});

/** Streams that have lost their name and lose their events piece by piece, by id. */
export function droppingStreams(tables: Tables): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const key of tables.notes.keys({ start: DROPPING, end: BEHIND_DROPPING }))
    ids.add(Number(key.slice(DROPPING.length)));
  return ids;
}

export const noteDropping = (id: number): Change => {
  const key = `${DROPPING}${id}`;
  return { table: 'notes', key, value: encodeNumbers(key, [id]) };
};

export const forgetDropping = (id: number): Change => ({ table: 'notes', key: `${DROPPING}${id}` });

/** What a new log notes first; tells later that data file and log.json belong together. */
export const noteIdentity = (id: string): readonly Change[] => [
  { table: 'notes', key: `log ${id}`, value: encodeNumbers(`log ${id}`, [1]) },
  noteTail({ next: 0, last: -1, live: 0, drops: 0 }),
];

export const isIdentity = (tables: Tables, id: string): boolean => tables.notes.get(`log ${id}`) !== undefined;
