// An EventStoreDB in memory, as far as a client can tell: `{"port":2113}` on standard output once it listens, then a
// fault a line on standard input (faults.ts; `{"disarm":true}` takes them all back), each answered by `{"armed":true}`.
// It ends when standard input does. `--port N` listens there, `--journal FILE` keeps what is stored for a next process,
// `--unary` knows no batches of appends.
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Appending } from './appending.js';
import { Faults, type Fault } from './faults.js';
import { Journal } from './journal.js';
import { services, type Answer } from './messages.js';
import { Reading } from './reading.js';
import { MemoryStore } from './store.js';

const STREAMS = 'event_store.client.streams.streams';
const LEADER = 8;
const store = new MemoryStore();
const faults = new Faults();
const { values: flags } = parseArgs({
  options: { port: { type: 'string' }, journal: { type: 'string' }, unary: { type: 'boolean' } },
});
let port = Number(flags.port ?? 0);
if (flags.journal !== undefined) store.journal = new Journal(flags.journal, store);
const say = (said: Answer): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

const appending = new Appending(store, faults, () => port);
const reading = new Reading(store, faults, () => port);
const { streams, features, gossip } = services();
const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
server.addService(streams, {
  Read: reading.read,
  Append: appending.single,
  BatchAppend: appending.batch,
  Delete: appending.delete,
  Tombstone: appending.tombstone,
});
server.addService(features, {
  GetSupportedMethods: (_call: ServerUnaryCall<unknown, Answer>, callback: sendUnaryData<Answer>) =>
    callback(null, {
      version: '24.2.0',
      methods: ['append', 'read', 'delete', 'tombstone', ...(flags.unary === true ? [] : ['batchappend'])].map(
        (method_name) => ({
          method_name,
          service_name: STREAMS,
          features: method_name === 'read' ? ['position', 'events'] : [],
        }),
      ),
    }),
});
server.addService(gossip, {
  Read: (_call: ServerUnaryCall<unknown, Answer>, callback: sendUnaryData<Answer>) =>
    callback(null, {
      members: [{ state: LEADER, is_alive: true, http_end_point: { address: '127.0.0.1', port } }],
    }),
});
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
  if (error !== null) throw error;
  port = bound;
  say({ port });
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const told = JSON.parse(line) as Fault | { readonly disarm: true };
    if ('disarm' in told) faults.disarm();
    else faults.arm(told);
    say({ armed: true });
  })
  .on('close', () => process.exit(0));
