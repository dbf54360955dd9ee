import { createHash, type Hash } from 'node:crypto';
import type { EventLog } from '../core/ports.js';
import { CHECKPOINTS, type CheckpointData } from './checkpoints.js';
import type { Finding } from './log-check.js';

/** A checkpoint of a log. */
export interface SeenCheckpoint extends Pick<CheckpointData, 'seq' | 'n' | 'inputsDigest'> {
  readonly stream: string;
  readonly revision: number;
  readonly isSound: boolean;
}

export interface SeenCheckpoints {
  /** By seq. */
  readonly seen: readonly SeenCheckpoint[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Reads every checkpoint of a log, piece by piece, and holds its content against its hash. */
export async function seenCheckpoints(log: EventLog, name: string): Promise<SeenCheckpoints> {
  const seen: SeenCheckpoint[] = [];
  const findings: Finding[] = [];
  let unfinished = 0;
  for await (const { stream } of log.rolls(name + CHECKPOINTS)) {
    let pieces = new Pieces(-1);
    for await (const page of log.readStream(stream))
      for (const { revision, event } of page) {
        if (event.type === 'CheckpointPart') {
          const { checkpoint, part, text } = event.data as unknown as Piece;
          if (part === 0) {
            if (pieces.count > 0) unfinished++;
            pieces = new Pieces(checkpoint);
          }
          pieces.add(checkpoint, part, text);
          continue;
        }
        if (event.type !== 'CheckpointTaken') continue;
        const data = event.data as unknown as CheckpointData;
        const fault = pieces.fault(data);
        seen.push({ ...data, stream, revision, isSound: fault === undefined });
        if (fault !== undefined) findings.push(finding(stream, revision, data.seq, fault));
        pieces = new Pieces(-1);
      }
    if (pieces.count > 0) unfinished++;
  }
  seen.sort((a, b) => a.seq - b.seq);
  const notes =
    unfinished === 0
      ? []
      : [`${unfinished} checkpoint${unfinished === 1 ? ' was' : 's were'} begun and not finished; nobody reads that`];
  return { seen, findings, notes };
}

interface Piece {
  readonly checkpoint: number;
  readonly part: number;
  readonly text: string;
}

/** The pieces of one checkpoint as they come. */
class Pieces {
  count = 0;
  #inOrder = true;
  /** The first line says how the engine counted, and stands outside the hash. */
  #content = false;
  readonly #hash: Hash = createHash('sha256');

  constructor(readonly seq: number) {}

  add(checkpoint: number, part: number, text: string): void {
    this.#inOrder &&= checkpoint === this.seq && part === this.count;
    this.count++;
    const start = this.#content ? 0 : text.indexOf('\n') + 1;
    this.#content ||= start > 0;
    if (this.#content) this.#hash.update(start === 0 ? text : text.slice(start));
  }

  fault({ seq, parts, stateHash }: CheckpointData): string | undefined {
    if (this.count !== parts || !this.#inOrder || this.seq !== seq)
      return `the checkpoint at input ${seq} is not whole: ${parts} pieces are its own, and ${this.count} stand before it`;
    if (this.#hash.digest('hex') !== stateHash) return `the checkpoint at input ${seq} is not what its hash says`;
    return undefined;
  }
}

const finding = (stream: string, revision: number, seq: number, fault: string): Finding => ({
  message: `stream ${stream}, revision ${revision}: ${fault}; a start passes it over and reads from the one before, or take the stream from a copy`,
  stream,
  revision,
  seq,
});
