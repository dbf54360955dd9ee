/** Where a frame stands: the last input folded and the last outcome seen. */
export interface StreamPosition {
  readonly seq: number;
  readonly n: number;
}

const POSITION = /^(\d{1,15})\.(\d{1,15})$/;

/** Reads `seq.n`; undefined when the text is no position. */
export function parsePosition(text: string): StreamPosition | undefined {
  const match = POSITION.exec(text);
  return match === null ? undefined : { seq: Number(match[1]), n: Number(match[2]) };
}

/** Below zero when `a` is before `b`. */
export const comparePositions = (a: StreamPosition, b: StreamPosition): number => a.n - b.n || a.seq - b.seq;

/** Whether a frame at `position` comes after `from`; a position that cannot be read comes after everything. */
export function isAfter(position: string, from: string): boolean {
  const [a, b] = [parsePosition(position), parsePosition(from)];
  return a === undefined || b === undefined || comparePositions(a, b) > 0;
}
