import { startChild } from '../child.js';
import type { Fault } from './faults.js';

/** A store in a process of its own, for as long as a test needs it. */
export interface EventStore {
  /** How a client finds it. */
  readonly connection: string;
  readonly port: number;
  /** Lets this go wrong from the next call on. */
  arm(fault: Fault): Promise<void>;
  disarm(): Promise<void>;
  /** The node at that port leads from now on; this one sends everybody there. */
  follow(leader: number): Promise<void>;
  /** Stops its process in mid-air, and lets it go on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** Resolves when its process is gone. */
  readonly ended: Promise<unknown>;
}

/** @param flags as `main.ts` takes them */
export async function startEventStore(...flags: readonly string[]): Promise<EventStore> {
  const child = startChild('eventstore/main.js', flags);
  const line = await child.line((one) => one.startsWith('{"port"'));
  if (line === undefined) throw new Error(`the store did not start: ${await child.ended}`);
  const { port } = JSON.parse(line) as { port: number };
  let told = 0;
  const tell = async (what: object): Promise<void> => {
    told += 1;
    child.process.stdin!.write(`${JSON.stringify(what)}\n`);
    let heard = 0;
    await child.line((one) => one === '{"armed":true}' && ++heard === told);
  };
  return {
    connection: `esdb://127.0.0.1:${port}?tls=false`,
    port,
    arm: tell,
    disarm: () => tell({ disarm: true }),
    follow: (leader) => tell({ leader }),
    freeze: () => void child.process.kill('SIGSTOP'),
    thaw: () => void child.process.kill('SIGCONT'),
    ended: child.ended,
    async stop() {
      child.process.kill('SIGKILL');
      await child.ended;
    },
  };
}
