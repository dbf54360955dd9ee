import type { LogEvent, StreamAppend } from '../../../core/ports.js';
import { explicitRevision, placeOf, wrongRevision } from '../expectation.js';
import { LARGEST_APPEND, type KeptEvent } from './body.js';
import { isSame, type Heads } from './heads.js';

export interface Part extends StreamAppend {
  readonly kept: readonly KeptEvent[];
}

/** What goes to the node in one append: whole or not at all. */
export interface Piece {
  readonly part: Part;
  /** Revision of the part's first event. */
  readonly begin: number;
  readonly stream: string;
  readonly first: number;
  readonly events: LogEvent[];
  bytes: number;
}

/** Most events of one append; more make it no quicker, and keep others waiting. */
export const MOST_EVENTS = 500;

/**
 * Holds every part against what its stream is, so that an append that cannot be is refused before any of it is sent.
 *
 * @param trusting a revision that the writer names is believed where the end of the stream is not known: the node judges it
 * @throws {WrongExpectedRevision}
 */
export async function piecesOf(parts: readonly Part[], heads: Heads, trusting: boolean): Promise<readonly Piece[]> {
  const firsts = new Map<string, Part>();
  for (const part of parts) if (!firsts.has(part.stream)) firsts.set(part.stream, part);
  const ends = new Map<string, number>();
  const find = async (part: Part): Promise<unknown> => ends.set(part.stream, await endFor(part, heads, trusting));
  await Promise.all([...firsts.values()].map(find));
  const staged = new Map<string, LogEvent[]>();
  const pieces: Piece[] = [];
  for (const part of parts) {
    const { stream, kept } = part;
    const here = staged.get(stream) ?? [];
    staged.set(stream, here);
    const stored = ends.get(stream)! + 1;
    const length = stored + here.length;
    const actual = length === 0 ? undefined : length - 1;
    const place = placeOf(part, actual);
    if (place.mayBeRepeat) {
      const events = kept.map(({ event }) => event);
      const before = events.slice(0, Math.max(stored - place.revision, 0));
      const between = here.slice(Math.max(place.revision - stored, 0));
      const isRepeat =
        events.slice(before.length).every((event, i) => between[i] !== undefined && isSame(between[i], event)) &&
        (await heads.stands(stream, place.revision, before));
      if (!isRepeat) throw wrongRevision(stream, part.expected, actual);
      continue;
    }
    for (const { event, bytes } of kept) {
      const last = pieces.at(-1);
      if (last?.part === part && last.bytes + bytes <= LARGEST_APPEND && last.events.length < MOST_EVENTS) {
        last.events.push(event);
        last.bytes += bytes;
      } else pieces.push({ part, begin: length, stream, first: stored + here.length, events: [event], bytes });
      here.push(event);
    }
  }
  return pieces;
}

/** Where the stream ends, of which this is the first part. */
async function endFor({ stream, expected, events }: Part, heads: Heads, trusting: boolean): Promise<number> {
  const known = heads.known(stream);
  if (known !== undefined) return known;
  const named = explicitRevision(expected);
  const believed = trusting && events.length > 0 && named !== undefined && !Number.isNaN(named);
  return believed ? named - 1 : heads.look(stream);
}
