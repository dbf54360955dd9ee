import { expect } from 'chai';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { connectTo } from '../../adapters/log/eventstoredb/client.js';
import { eventStoreLog } from '../../adapters/log/eventstoredb/log.js';
import { PatientNode } from '../../adapters/log/eventstoredb/node.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { PastAnswers } from '../../api/live/past.js';
import { Engine } from '../../core/engine/engine.js';
import { Projections } from '../../core/orders/projections.js';
import type { EventLog } from '../../core/ports.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { engineAsOf } from '../../replay/as-of.js';
import { stateHash } from '../../replay/digest.js';
import type { Moment } from '../../replay/moment.js';
import { NEWEST, nearestCheckpoint } from '../../replay/nearest-checkpoint.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { logFolder } from '../support/log-folder.js';
import { batchesOf } from '../support/market.js';
import { INPUTS, written, type Written } from '../support/written-story.js';

const SEED = 5;
const CHECKPOINT_EVERY = 2;
const PATIENCE = { deadlineMs: 10_000, patienceMs: 20_000 };

/** All that is told of moments by seq and by time: every book, every account, every order. */
async function toldOf({ log, inputs, outcomes }: Written): Promise<unknown[]> {
  const present = new Engine(() => undefined);
  for (const batch of batchesOf(inputs)) present.fold(batch);
  const orders = [...new Set(outcomes.map(({ stream }) => stream))].filter((stream) => stream.startsWith('execution-'));
  const ofOrder = (orderId: string): Written['outcomes'] =>
    outcomes.filter(({ stream }) => stream === `execution-${orderId}`);
  const past = new PastAnswers({
    log,
    name: DEFAULT_LOG_NAME,
    engine: present,
    order: (orderId) => {
      const projections = new Projections();
      ofOrder(orderId).forEach((outcome) => projections.apply(outcome));
      return projections.orders.get(orderId);
    },
    outcomes: (orderId) =>
      Promise.resolve(ofOrder(orderId).map(({ stream, revision, ...event }) => ({ stream, revision, event }))),
    onDamage: ({ message }) => expect.fail(message),
  });
  const moments: Moment[] = [];
  for (let i = 0; i < INPUTS; i += 37) moments.push({ seq: i }, { at: inputs[i]!.at + 200_000 });
  const told: unknown[] = [];
  for (const moment of moments) {
    if ('at' in moment && moment.at > present.clock) continue;
    for (const instrument of present.markets.keys()) told.push(await past.book(instrument, 10, moment));
    for (const account of present.desks.keys()) told.push(await past.account(account, moment));
    for (const stream of orders) told.push(await past.order(stream.slice('execution-'.length), moment));
  }
  return told;
}

describe('moments of the past', () => {
  let plain: readonly unknown[];
  before(async () => {
    plain = await toldOf(await written(SEED, ENGINE_VERSION, CHECKPOINT_EVERY));
    expect(plain.filter((each) => each !== undefined)).to.have.length.above(plain.length / 3);
  });

  async function areTheSameOn(log: EventLog): Promise<void> {
    const story = await written(SEED, ENGINE_VERSION, CHECKPOINT_EVERY, log);
    expect(await toldOf(story)).to.deep.equal(plain);
    for (let seq = 1; seq <= INPUTS; seq += 41)
      expect(stateHash(await engineAsOf(log, DEFAULT_LOG_NAME, { seq }, INPUTS))).to.equal(story.hashes[seq]);
  }

  it('are the same on the embedded log', async () => {
    const folder = logFolder();
    const log = await openEmbeddedLog(join(folder.path, 'log'));
    await areTheSameOn(log);
    await log.close();
    folder.remove();
  });

  describe('on a store', () => {
    let store: EventStore;
    let log: EventLog;
    /** How many events were asked for in each reading of checkpoints. */
    let asked: number[];
    beforeEach(async () => {
      asked = [];
      store = await startEventStore();
      const connect = (): ReturnType<typeof connectTo> => {
        const client = connectTo(store.connection, PATIENCE.deadlineMs);
        const readStream = client.readStream.bind(client);
        return Object.assign(client, {
          readStream: (...what: Parameters<typeof readStream>) => {
            if (what[0].includes('checkpoints-')) asked.push(what[2]);
            return readStream(...what);
          },
        });
      };
      log = await eventStoreLog(new PatientNode(connect, PATIENCE), '');
    });
    afterEach(async () => {
      await log.close();
      await store.stop();
    });

    it('are the same as well', () => areTheSameOn(log));

    it('cost the pieces of one checkpoint', async () => {
      await written(SEED, ENGINE_VERSION, 1, log);
      asked = [];
      const found = await nearestCheckpoint(log, DEFAULT_LOG_NAME, NEWEST);
      const { parts } = found!;
      // the last event, to see where it stands and for what it says, then its pieces
      expect(asked).to.deep.equal([1, 1, parts]);
      asked = [];
      await nearestCheckpoint(log, DEFAULT_LOG_NAME, { seq: INPUTS / 2 });
      expect(Math.max(...asked)).to.equal(parts);
    });
  });
});
