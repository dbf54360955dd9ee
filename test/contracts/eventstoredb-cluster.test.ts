import { expect } from 'chai';
import { join } from 'node:path';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import type { EventLog } from '../../core/ports.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { logFolder, type LogFolder } from '../support/log-folder.js';
import { appendOf, input, inputs, readSeqs, seqsOf } from '../support/log-events.js';

const PATIENCE = { deadlineMs: 600, patienceMs: 20_000 };
/** A silent connection is given up soon: the library takes 20 s for it otherwise, and warns of less. */
const KEEP_ALIVE = 'keepAliveInterval=150&keepAliveTimeout=150';
const seqs = (to: number): readonly number[] => Array.from({ length: to }, (_, i) => i + 1);

/** Follows a log until it has met this seq; every seq that it was given. */
function followTo(log: EventLog, last: number) {
  const stop = new AbortController();
  const seen: (number | undefined)[] = [];
  let caughtUp = (): void => undefined;
  const live = new Promise<void>((resolve) => (caughtUp = resolve));
  const over = (async () => {
    for await (const item of log.subscribe({}, stop.signal)) {
      if (item.kind === 'caughtUp') caughtUp();
      else seen.push(...seqsOf(item.events));
      if (seen.at(-1) === last) stop.abort();
    }
    return seen;
  })();
  return { live, over };
}

describe('a log on EventStoreDB while its nodes come and go', () => {
  const { warn } = console;
  before(() => {
    console.warn = (...said: readonly unknown[]) => {
      if (!String(said[0]).includes('KeepAliveInterval')) warn(...said);
    };
  });
  after(() => {
    console.warn = warn;
  });

  const nodes: EventStore[] = [];
  const start = async (...flags: readonly string[]): Promise<EventStore> => {
    const node = await startEventStore(...flags);
    nodes.push(node);
    return node;
  };
  let folder: LogFolder;
  let log: EventLog | undefined;
  /** A node that has what the nodes before it had when it started, as one has that followed them. */
  const startAlike = (...flags: readonly string[]): Promise<EventStore> =>
    start('--journal', join(folder.path, 'journal'), ...flags);
  beforeEach(() => {
    folder = logFolder();
  });
  afterEach(async () => {
    await log?.close();
    for (const node of nodes.splice(0)) await node.stop();
    folder.remove();
  });
  /** A port that nobody listens on. */
  const freePort = async (): Promise<number> => {
    const node = await startEventStore();
    await node.stop();
    return node.port;
  };

  it('follows on when its node stood still and goes on', async () => {
    const node = await start();
    log = await openEventStoreLog(`${node.connection}&${KEEP_ALIVE}`, PATIENCE);
    await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
    const following = followTo(log, 6);
    await following.live;
    node.freeze();
    const appending = log.append([appendOf('a', 2, inputs(4, 6))]);
    setTimeout(() => node.thaw(), 2_500);
    await appending;
    expect(await following.over).to.deep.equal(seqs(6));
    expect(await readSeqs(log, 'a')).to.deep.equal(seqs(6));
  });

  it('finds the node that lives among several, and goes on at another one when that stands still', async () => {
    const first = await startAlike();
    const [dead, free] = [await freePort(), await freePort()];
    const hosts = [dead, first.port, free].map((port) => `127.0.0.1:${port}`).join();
    const settings = `tls=false&gossipTimeout=1&maxDiscoverAttempts=100&${KEEP_ALIVE}`;
    log = await openEventStoreLog(`esdb://${hosts}?${settings}`, { ...PATIENCE, deadlineMs: 2_500 });
    await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
    const following = followTo(log, 6);
    await following.live;
    await startAlike('--port', String(free));
    first.freeze();
    await log.append([appendOf('a', 2, inputs(4, 6))]);
    expect(await following.over).to.deep.equal(seqs(6));
    expect(await readSeqs(log, 'a')).to.deep.equal(seqs(6));
  });

  for (const discovery of [false, true])
    it(`goes where its node sends it when another one leads${discovery ? ', over several hosts too' : ''}`, async () => {
      const first = await startAlike();
      const hosts = Array.from({ length: discovery ? 2 : 1 }, () => `127.0.0.1:${first.port}`).join();
      log = await openEventStoreLog(`esdb://${hosts}?tls=false`, PATIENCE);
      await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
      const following = followTo(log, 7);
      await following.live;
      const second = await startAlike();
      await first.follow(second.port);
      await log.append([appendOf('a', 2, inputs(4, 6))]);
      await log.append([appendOf('b', 'no_stream', [input(7)])]);
      expect(await following.over).to.deep.equal(seqs(7));
      expect(await readSeqs(log, 'a')).to.deep.equal(seqs(6));
      await first.stop(); // nobody needs it any more
      expect(await readSeqs(log, 'b')).to.deep.equal([7]);
    });
});
