import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { Refusal } from './faults.js';
import type { Answer, AppendOptions, Proposed, StreamIdentifier, Uuid } from './messages.js';
import type { Expected, Proposal, Recorded } from './store.js';

/** How things of the store look on the wire, and the other way round. */

export const nameOf = ({ stream_name }: StreamIdentifier): string => stream_name.toString('utf8');

export function expectedOf({ revision, no_stream, stream_exists }: AppendOptions): Expected {
  if (revision !== undefined) return Number(revision);
  if (no_stream !== undefined) return 'no_stream';
  return stream_exists === undefined ? 'any' : 'stream_exists';
}

export const proposalOf = ({ id, metadata, custom_metadata, data }: Proposed): Proposal => ({
  id: uuidText(id),
  type: metadata['type'] ?? '',
  contentType: metadata['content-type'] ?? 'application/octet-stream',
  metadata: custom_metadata ?? Buffer.alloc(0),
  data: data ?? Buffer.alloc(0),
});

export function uuidText({ structured, text }: Uuid): string {
  if (structured === undefined) return text ?? '';
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(structured.most_significant_bits), 0);
  bytes.writeBigInt64BE(BigInt(structured.least_significant_bits), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function uuidAs(text: string, structured: boolean): Uuid {
  if (!structured) return { text };
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return {
    structured: {
      most_significant_bits: String(bytes.readBigInt64BE(0)),
      least_significant_bits: String(bytes.readBigInt64BE(8)),
    },
  };
}

export const eventAnswer = (one: Recorded, structured: boolean): Answer => ({
  event: {
    event: {
      id: uuidAs(one.id, structured),
      stream_identifier: { stream_name: Buffer.from(one.stream) },
      stream_revision: one.revision,
      prepare_position: one.position,
      commit_position: one.position,
      metadata: { type: one.type, 'content-type': one.contentType, created: one.created },
      custom_metadata: one.metadata,
      data: one.data,
    },
    commit_position: one.position,
  },
});

export const successAnswer = (current: number | undefined, position: number | undefined): Answer => ({
  ...(current === undefined ? { no_stream: {} } : { current_revision: current }),
  ...(position === undefined ? { no_position: {} } : { position: positionAnswer(position) }),
});

export const positionAnswer = (position: number): Answer => ({
  commit_position: position,
  prepare_position: position,
});

export function conflictAnswer(expected: Expected, current: number | undefined): Answer {
  return {
    ...(current === undefined ? { current_no_stream: {} } : { current_revision: current }),
    ...(typeof expected === 'number' ? { expected_revision: expected } : { [expected]: {} }),
  };
}

/** What ends a call that cannot be answered, with what the real store says beside the status. */
export function failure(code: status, details: string, said: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(said)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export const deletedFailure = (stream: string): ServiceError =>
  failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const tooLargeFailure = (largest: number): ServiceError =>
  failure(status.INVALID_ARGUMENT, 'Maximum Append Size Exceeded.', {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(largest),
  });

export function refusal(as: Refusal, leaderPort: number): ServiceError {
  switch (as) {
    case 'not_ready':
      return failure(status.UNAVAILABLE, 'Server Is Not Ready');
    case 'busy':
      return failure(status.UNAVAILABLE, 'Server Is Too Busy');
    case 'too_slow':
      return failure(
        status.ABORTED,
        'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
      );
    case 'not_leader':
      return failure(status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': '127.0.0.1',
        'leader-endpoint-port': String(leaderPort),
      });
  }
}

export const brokenOff = (): ServiceError => failure(status.UNAVAILABLE, 'the connection was broken off');
