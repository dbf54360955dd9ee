import { checkpointStream, OUTCOME_STREAMS, RUNS, streamOfInput } from '../adapters/log/streams.js';
import type { LogEvent } from '../core/ports.js';

const isNumber = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;

/** What is wrong with how an event is written, whatever its type; undefined when nothing is. */
export function malformation(event: LogEvent): string | undefined {
  const { type, version, at, seq, n, cause, data } = event;
  if (typeof type !== 'string' || !Number.isSafeInteger(version) || !Number.isSafeInteger(at))
    return 'it has no type, version or time';
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'its data is no object';
  if (seq !== undefined && n !== undefined) return 'it is both an input and an outcome';
  if (seq !== undefined && !isNumber(seq)) return `its seq is ${JSON.stringify(seq)}`;
  if (n !== undefined && !isNumber(n)) return `its ordinal is ${JSON.stringify(n)}`;
  if (n !== undefined && !isNumber(cause)) return 'it is an outcome without a cause';
  return undefined;
}

/**
 * What is wrong with where an event stands (docs/log.md); undefined when nothing is.
 *
 * @param stream  without the log's name
 */
export function misplacement(stream: string, event: LogEvent): string | undefined {
  if (event.seq !== undefined) return elsewhere(stream, streamOfInput(event));
  if (event.n !== undefined) return misplacedOutcome(stream, event);
  switch (event.type) {
    case 'CheckpointPart':
    case 'CheckpointTaken':
      return elsewhere(stream, checkpointStream(event.at));
    case 'RunStopped':
      return elsewhere(stream, RUNS);
    case 'BookIndexed':
      return stream.startsWith('market-') ? undefined : 'it belongs into a stream of market data';
    default:
      return undefined; // bookkeeping of another version: nobody folds it
  }
}

function misplacedOutcome(stream: string, { type, data }: LogEvent): string | undefined {
  const { orderId, account, instrument } = data as Readonly<Record<string, string | undefined>>;
  const kind = OUTCOME_STREAMS.find((prefix) => stream.startsWith(prefix));
  if (type === 'DeskHalted') return elsewhere(stream, `desk-${account ?? ''}`);
  if (type === 'CommandRefused') return kind === 'desk-' ? undefined : 'it belongs into the stream of a desk';
  if (orderId !== undefined) return elsewhere(stream, `execution-${orderId}`);
  if (kind !== 'trust-') return 'no such outcome stands in this stream';
  return elsewhere(stream, `trust-${instrument ?? 'engine'}`);
}

const elsewhere = (stream: string, right: string): string | undefined =>
  stream === right ? undefined : `it belongs into ${right}`;
