import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

/** The messages of `proto/`, as they are handed over: 64-bit numbers as text, bytes as buffers. */
type Empty = Record<string, never>;
export interface Uuid {
  readonly structured?: { readonly most_significant_bits: string; readonly least_significant_bits: string };
  readonly text?: string;
}
export interface StreamIdentifier {
  readonly stream_name: Buffer;
}
export interface AllPosition {
  readonly commit_position: string;
  readonly prepare_position: string;
}
export interface Expression {
  readonly regex?: string;
  readonly prefix: readonly string[];
}
export interface Filter {
  readonly stream?: Expression;
  readonly type?: Expression;
  readonly max?: number;
  readonly checkpoint_interval?: number;
}
export interface ReadReq {
  readonly options: {
    readonly stream?: { readonly identifier: StreamIdentifier; readonly revision?: string; readonly end?: Empty };
    readonly all?: { readonly position?: AllPosition; readonly end?: Empty };
    readonly direction?: number;
    readonly count?: string;
    readonly subscription?: Empty;
    readonly filter?: Filter;
    readonly uuid_option?: { readonly structured?: Empty };
  };
}
export interface Proposed {
  readonly id: Uuid;
  readonly metadata: Readonly<Record<string, string>>;
  readonly custom_metadata?: Buffer;
  readonly data?: Buffer;
}
export interface AppendOptions {
  readonly identifier: StreamIdentifier;
  readonly revision?: string;
  readonly no_stream?: Empty;
  readonly any?: Empty;
  readonly stream_exists?: Empty;
}
export interface AppendReq {
  readonly options?: AppendOptions;
  readonly proposed?: Proposed;
}
export interface BatchAppendReq {
  readonly correlation_id: Uuid;
  readonly options?: AppendOptions;
  readonly proposed: readonly Proposed[];
  readonly is_final?: boolean;
}
export interface DeleteReq {
  readonly options: AppendOptions;
}
/** An answer, written as plain objects with the names of `proto/`. */
export type Answer = Readonly<Record<string, unknown>>;

// the compiler copies no .proto files: they are read where they were written
const folder = fileURLToPath(new URL('../../../../test/support/eventstore/proto/', import.meta.url));

/** The services as the server registers them. */
export function services(): Readonly<Record<'streams' | 'features' | 'gossip', ServiceDefinition>> {
  const definition = loadSync(['streams.proto', 'features.proto', 'gossip.proto'], {
    includeDirs: [folder],
    keepCase: true,
    longs: String,
    arrays: true,
    objects: true,
  });
  const grpc = loadPackageDefinition(definition) as unknown as {
    event_store: {
      client: {
        streams: { Streams: { service: ServiceDefinition } };
        server_features: { ServerFeatures: { service: ServiceDefinition } };
        gossip: { Gossip: { service: ServiceDefinition } };
      };
    };
  };
  const { streams, server_features, gossip } = grpc.event_store.client;
  return {
    streams: streams.Streams.service,
    features: server_features.ServerFeatures.service,
    gossip: gossip.Gossip.service,
  };
}
