import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEventStore } from '../../support/eventstore/start.js';
import type { Task, Took } from '../children/store-client.js';
import { ratioOf, type Pair, type Ratio } from '../rounds.js';
import { ratioRow, type Row } from '../table.js';
import type { MeasureRow, RowOptions } from './row.js';

/** Streams that are written at once, in batches of 100 (`children/store-client.ts`). */
const STREAMS = 4;
/** Of the rate of the bare client. */
const APPENDS_AT_LEAST = 0.7;
const READS_AT_LEAST = 0.8;
/** Of the time of a bare append. */
const COMMAND_AT_MOST = 3;

const AGAINST = 'the vendor’s client alone, same batches, same pages';

export const storeAppendRow: MeasureRow = ({ quick, profile }) =>
  withBoth(async (both) => {
    const events = quick ? 10_000 : 40_000;
    const ratio = await both({ what: 'append', prefix: '', events }, quick ? 3 : 9, profile);
    return ratioRow(
      {
        what: 'store: append of 250-byte events, 100 x 4 in flight',
        against: AGAINST,
        notes: [rates(ratio, events), 'server in memory in a process of its own, on this machine'],
      },
      ratio,
      1 / APPENDS_AT_LEAST,
    );
  });

export const storeReadRow: MeasureRow = ({ quick, profile }) =>
  withBoth(async (both, fill) => {
    const events = quick ? 10_000 : 40_000;
    await fill({ what: 'append', prefix: 'read-', events });
    const ratios: Figures[] = [];
    const notes: string[] = [];
    for (const [what, share] of [
      ['stream', STREAMS],
      ['all', 1],
      ['subscription', 1],
    ] as const) {
      const count = events / share;
      const ratio = await both({ what, prefix: 'read-', events: count }, quick ? 3 : 9, profile);
      ratios.push(ratio);
      notes.push(
        `${what}: ${ratio.median.toFixed(2)} x (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}), ${rates(ratio, count)}`,
      );
    }
    const worst = ratios.reduce((one, other) => (other.median > one.median ? other : one));
    return ratioRow(
      { what: 'store: reading a stream, all, a subscription; the worst', against: AGAINST, notes },
      worst,
      1 / READS_AT_LEAST,
    );
  });

/** A command takes an append of its own; what it comes to rides in the next one. */
export const storeCommandRow: MeasureRow = ({ quick, profile }) =>
  withBoth(async (both) => {
    const events = quick ? 100 : 500;
    const ratio = await both({ what: 'command', prefix: 'c-', events }, quick ? 3 : 9, profile);
    return ratioRow(
      {
        what: 'store: a command to its outcome, one in flight',
        against: 'append of one 250-byte event by the vendor’s client alone',
        notes: [
          `${(ratio.oursMs / events).toFixed(2)} ms against ${(ratio.theirsMs / events).toFixed(2)} ms each, until it is durable and folded`,
        ],
      },
      ratio,
      COMMAND_AT_MOST,
    );
  });

/** Ratios of what the clock says, and of what the processor did for the two clients. */
interface Figures extends Ratio {
  readonly cpu: number;
}

const rates = ({ oursMs, theirsMs, cpu }: Figures, events: number): string =>
  `${Math.round(events / oursMs)} against ${Math.round(events / theirsMs)} thousand events/s, ${cpu.toFixed(2)} x the processor time`;

type Both = (task: Task, rounds: number, profile: RowOptions['profile']) => Promise<Figures>;

/** A store and two clients, each in a process of its own; they take turns. */
async function withBoth(measure: (both: Both, fill: (task: Task) => Promise<unknown>) => Promise<Row>): Promise<Row> {
  const store = await startEventStore();
  const script = fileURLToPath(new URL('../children/store-client.js', import.meta.url));
  const clients: ChildProcess[] = [];
  for (const mode of ['ours', 'bare']) {
    const client = fork(script, [mode, store.connection]);
    await once(client, 'message');
    clients.push(client);
  }
  const [ours, bare] = clients as [ChildProcess, ChildProcess];
  const told = async (client: ChildProcess, task: Task): Promise<Took> => {
    client.send(task);
    return ((await once(client, 'message')) as [Took])[0];
  };
  try {
    const both: Both = async (task, rounds, profile) => {
      const pairs: Pair[] = [];
      const cpuPairs: Pair[] = [];
      for (let round = -1; round < rounds; round++) {
        // each appends to streams of its own, a round to new ones
        const taskOf = (name: string): Task =>
          task.what === 'append' || task.what === 'command'
            ? { ...task, prefix: `${task.prefix}${name}-${round + 1}-` }
            : task;
        const turns = [
          [ours, taskOf('ours')],
          [bare, taskOf('bare')],
        ] as const;
        const oursFirst = round % 2 === 0;
        const first = await told(...turns[oursFirst ? 0 : 1]);
        const second = await told(...turns[oursFirst ? 1 : 0]);
        if (round < 0) continue;
        const [mine, theirs] = oursFirst ? [first, second] : [second, first];
        pairs.push([mine.ms, theirs.ms]);
        cpuPairs.push([mine.cpuMs, theirs.cpuMs]);
      }
      if (profile)
        await told(ours, {
          ...task,
          prefix: task.what === 'append' || task.what === 'command' ? 'profile-' : task.prefix,
          profile,
        });
      return { ...ratioOf(pairs), cpu: ratioOf(cpuPairs).median };
    };
    return await measure(both, (task) => told(bare, task));
  } finally {
    for (const client of clients) client.disconnect();
    await store.stop();
  }
}
