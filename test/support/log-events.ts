import type { EventLog, LogEvent, StoredEvent, StreamAppend } from '../../core/ports.js';

const START = 1_723_161_313_000_000;

/** An input with this place in the one order. */
export const input = (seq: number, data: LogEvent['data'] = { text: `input ${seq}` }): LogEvent => ({
  type: 'ClockTicked',
  version: 1,
  at: START + seq,
  seq,
  data,
});

/** The n-th outcome of a run, met by the input `cause`. */
export const outcome = (n: number, cause: number): LogEvent => ({
  type: 'SliceReleased',
  version: 1,
  at: START + cause,
  n,
  cause,
  data: { slice: n },
});

/** Inputs `from` … `to`, both included. */
export const inputs = (from: number, to: number): readonly LogEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => input(from + i));

export const appendOf = (
  stream: string,
  expected: StreamAppend['expected'],
  events: readonly LogEvent[],
): StreamAppend => ({ stream, expected, events });

/** Everything that a read hands over, in one list. */
export async function allOf(batches: AsyncIterable<readonly StoredEvent[]>): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
}

export const seqsOf = (events: readonly StoredEvent[]): readonly (number | undefined)[] =>
  events.map(({ event }) => event.seq);

export const readSeqs = async (log: EventLog, stream: string): Promise<readonly (number | undefined)[]> =>
  seqsOf(await allOf(log.readStream(stream)));

/** What a promise is rejected with; fails the test when it is not. */
export async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to be refused, and was not');
}
