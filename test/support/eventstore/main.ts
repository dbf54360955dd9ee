// An EventStoreDB in memory, as far as a client can tell: `{"port":2113}` on standard output once it listens, then a
// fault a line on standard input (faults.ts; `{"disarm":true}` takes them all back), each answered by `{"armed":true}`.
// It ends when standard input does. `--port N` listens there, `--journal FILE` keeps what is stored for a next process,
// `--unary` knows no batches of appends, `--limit BYTES` takes so much at once; `--cert FILE --key FILE` speaks TLS,
// `--user NAME --password WORD` asks who calls. `{"leader":2114}` on standard input: the node at that port leads from now on.
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Appending } from './appending.js';
import { Faults, type Fault } from './faults.js';
import { askingWho } from './guard.js';
import { Journal } from './journal.js';
import { services, type Answer } from './messages.js';
import { Reading } from './reading.js';
import { LARGEST_APPEND, MemoryStore } from './store.js';

const STREAMS = 'event_store.client.streams.streams';
const LEADER = 8;
const FOLLOWER = 6;
const { values: flags } = parseArgs({
  options: {
    port: { type: 'string' },
    journal: { type: 'string' },
    unary: { type: 'boolean' },
    limit: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
  },
});
const store = new MemoryStore(Number(flags.limit ?? LARGEST_APPEND));
const faults = new Faults();
let port = Number(flags.port ?? 0);
if (flags.journal !== undefined) store.journal = new Journal(flags.journal, store);
const say = (said: Answer): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

const appending = new Appending(store, faults, () => port);
const reading = new Reading(store, faults, () => port);
const { streams, features, gossip } = services();
const server = new Server({
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
  ...(flags.user === undefined ? {} : { interceptors: [askingWho(flags.user, flags.password ?? '')] }),
});
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
      members: [...new Set([port, faults.leader ?? port])].map((at) => ({
        state: at === (faults.leader ?? port) ? LEADER : FOLLOWER,
        is_alive: true,
        http_end_point: { address: flags.cert === undefined ? '127.0.0.1' : 'localhost', port: at },
      })),
    }),
});
const credentials =
  flags.cert === undefined || flags.key === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [
        { cert_chain: readFileSync(flags.cert), private_key: readFileSync(flags.key) },
      ]);
server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => {
  if (error !== null) throw error;
  port = bound;
  say({ port });
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const told = JSON.parse(line) as Fault | { readonly disarm: true } | { readonly leader: number };
    if ('leader' in told) {
      faults.leader = told.leader;
      reading.sendAway();
    } else if ('disarm' in told) faults.disarm();
    else faults.arm(told);
    say({ armed: true });
  })
  .on('close', () => process.exit(0));
