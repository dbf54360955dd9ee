import { LogFailure, type StopSignal } from '../../../core/ports.js';
import { isAborted } from '../changes.js';
import { NodeRefusal, type NodeEvent, type NodePosition, type PatientNode } from './node.js';
import { isBehind } from './position.js';

const BATCH = 1_000;

/** Events as they come, or nothing where everything stored has come. */
export type Stretch = readonly (NodeEvent & { readonly position: NodePosition })[];

interface Stretches {
  readonly after: NodePosition | undefined;
  /** Empty: everything. */
  readonly prefixes: readonly string[];
  /** Ends when it has been everywhere up to here. */
  readonly until?: NodePosition;
  readonly signal?: StopSignal;
}

/**
 * Follows all streams, and comes back behind the last event when the node breaks off, which some do in normal running.
 * Nothing is held but what the client reads ahead.
 */
export async function* follow(
  node: PatientNode,
  { after, prefixes, until, signal }: Stretches,
): AsyncGenerator<Stretch, void, undefined> {
  let cursor = after;
  const over = (): boolean => signal !== undefined && isAborted(signal);
  const isDone = (): boolean => until !== undefined && cursor !== undefined && !isBehind(until, cursor);
  const trial = node.trial('following the log');
  let told = false; // the first catching up is told even when there was nothing to read
  while (!over() && !isDone()) {
    const client = node.client();
    const following = node.begin((one) => one.follow(cursor, prefixes));
    const stop = (): void => following.wake();
    let silence: NodeRefusal | undefined;
    signal?.addEventListener('abort', stop);
    try {
      while (!over() && !isDone()) {
        node.client(); // closed meanwhile?
        const fresh = newer(following.take(BATCH), cursor);
        if (fresh.length > 0) {
          cursor = fresh.at(-1)!.position;
          trial.went();
          told = false;
          yield fresh;
          continue;
        }
        const { lookedTo } = following;
        if (lookedTo !== undefined && isBehind(lookedTo, cursor)) cursor = lookedTo;
        if (following.isLive && until !== undefined) return;
        if (following.isLive && !told) {
          told = true;
          yield [];
          continue;
        }
        if (following.failure !== undefined) break;
        // one that waits for what will be written may wait for ever, one that still catches up may not
        if (following.isLive) await following.change();
        else if (!(await isInTime(following.change(), node.patience.deadlineMs))) {
          silence = new NodeRefusal('silent', `nothing came for ${node.patience.deadlineMs} ms`);
          break;
        }
      }
      if (over() || isDone()) return;
      const failure = following.failure ?? silence;
      if (failure !== undefined) await trial.failed(failure, client);
    } catch (error) {
      if (!(error instanceof NodeRefusal)) throw error;
      throw new LogFailure(
        error.kind === 'denied' ? 'read_only' : 'unavailable',
        `the store does not let this log be followed (${error.kind}: ${error.message})`,
        {},
        { cause: error },
      );
    } finally {
      signal?.removeEventListener('abort', stop);
      node.leave(following);
    }
  }
}

/** Those behind the cursor, and each behind the one before: a node may send some a second time. */
function newer(events: readonly NodeEvent[], cursor: NodePosition | undefined): Stretch {
  const fresh: Stretch[number][] = [];
  let last = cursor;
  for (const one of events) {
    if (!isPlaced(one)) throw new LogFailure('unavailable', NO_POSITIONS);
    if (!isBehind(one.position, last)) continue;
    fresh.push(one);
    last = one.position;
  }
  return fresh;
}

const isPlaced = (one: NodeEvent): one is Stretch[number] => one.position !== undefined;
const NO_POSITIONS = 'the store tells no positions: it is older than 23.10, the oldest that will do';

/** Whether it comes in so many ms. */
export async function isInTime(change: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, ms, false)));
  const isIn = await Promise.race([change.then(() => true), late]);
  clearTimeout(timer);
  return isIn;
}
