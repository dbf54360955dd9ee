import { isInTime } from './follow.js';
import { NodeRefusal, type NodeEvent, type PatientNode } from './node.js';
import { failureOf } from './refusals.js';

const BATCH = 1_000;

/**
 * Reads a stream to its end, and goes on behind the last event when the node breaks off. Nothing is held but what the client
 * reads ahead.
 *
 * @param stream  as the store has it
 * @returns what comes, cut as it comes; undefined for a stream that is not there
 */
export async function* read(
  node: PatientNode,
  stream: string,
  from: number,
): AsyncGenerator<readonly NodeEvent[] | undefined, void, undefined> {
  const what = `reading ${stream}`;
  const trial = node.trial(what);
  for (let next = from; ;) {
    const start = next;
    const client = node.client();
    const reading = node.begin((one) => one.open(stream, start));
    try {
      for (;;) {
        node.client(); // closed meanwhile?
        const some = reading.take(BATCH);
        if (some.length > 0) {
          next = some.at(-1)!.revision + 1;
          trial.went();
          yield some;
          continue;
        }
        if (reading.end === 'absent') yield undefined;
        if (reading.end !== undefined) return;
        if (reading.failure === undefined && !(await isInTime(reading.change(), node.patience.deadlineMs)))
          reading.fail(new NodeRefusal('silent', `nothing came for ${node.patience.deadlineMs} ms`));
        if (reading.failure !== undefined) break;
      }
      await trial.failed(reading.failure, client);
    } catch (error) {
      throw error instanceof NodeRefusal ? failureOf(error, what) : error;
    } finally {
      node.leave(reading);
    }
  }
}
