import { expect } from 'chai';
import { Draws } from '../../core/draws.js';
import { readLog } from '../../api/cli/data.js';
import type { EventLog } from '../../core/ports.js';
import { json } from './cli.js';
import { ask, followChannel, startServer, type Server } from './server.js';

const FINAL = new Set(['completed', 'cancelled', 'refused']);
/** Orders that are asked for at the same time. */
const HANDS = 4;
const VICTIMS = ['server', 'store', 'both'] as const;

/** Where a server keeps its log: in its data folder, or in a store that may die as well. */
export interface Place {
  readonly data: string;
  readonly store?: {
    readonly address: string;
    /** Kills the store and starts it again on what it had stored. */
    killAndStart(): Promise<void>;
  };
}

/**
 * Loads a real server, kills it, or its store, or both, at a random moment, starts it again, as often as asked; then lets
 * every order end, and looks whether what was acknowledged is there, and nothing was done twice.
 */
export async function surviveKills({ data, store }: Place, kills: number, seed: number): Promise<void> {
  const start = (): Promise<Server> => startServer(data, ...(store === undefined ? [] : ['--log', store.address]));
  const draws = new Draws(seed, 'kills');
  const acknowledged = new Map<string, string>();
  let named = 0;
  for (let life = 0; life < kills; life++) {
    const server = await start();
    await expectAllThere(server, acknowledged);
    const victim = store === undefined ? 'server' : VICTIMS[draws.below(VICTIMS.length)]!;
    // after so many acknowledgements of this life the victim dies, while other requests are on their way
    let left = 1 + draws.below(12);
    const submit = async (): Promise<void> => {
      while (left > 0) {
        const orderId = `k${++named}`;
        const quantity = `0.${1 + draws.below(9)}`;
        const order = {
          orderId,
          instrument: 'BTC-USD@sample',
          side: 'buy',
          quantity,
          duration: `${1 + draws.below(4)}s`,
          slices: 4,
          // every other one quotes, and takes when it falls behind
          ...(named % 2 === 0 ? { aggressionFloor: '40', aggressionCap: '10', requoteInterval: '200ms' } : {}),
        };
        const answer = await ask(server, 'POST', '/v1/orders', order).catch(() => undefined);
        if (answer === undefined) return; // it died under us: this one may be there or not
        expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
        acknowledged.set(orderId, quantity);
        if (--left !== 0) continue;
        if (victim !== 'store') await server.kill();
        if (victim !== 'server') await store!.killAndStart();
      }
    };
    await Promise.all(Array.from({ length: HANDS }, submit));
    if (victim === 'store') await expectAllThere(server, acknowledged); // it outlived its store
    await server.kill();
  }
  const server = await start();
  await expectAllThere(server, acknowledged);
  const open = new Set(acknowledged.keys());
  await followChannel(server, { subscribe: 'orders', from: '0.0' }, ({ data: order }) => {
    if (FINAL.has(order['state'] as string)) open.delete(order['orderId'] as string);
    return open.size === 0;
  });
  expect(await server.stop()).to.equal(0);
  const place = store?.address ?? data;
  await expectNothingTwice(place);
  const verified = await json('verify', place);
  expect(verified['same'], JSON.stringify(verified['difference'])).to.equal(true);
}

/** Every order that was acknowledged is listed, as it was asked for, and has not filled more. */
async function expectAllThere(server: Server, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const listed = new Map<string, Record<string, unknown>>();
  for (let after = ''; ;) {
    const { status, body } = await ask(server, 'GET', `/v1/orders?limit=1000${after}`);
    expect(status).to.equal(200);
    for (const order of body['orders'] as Record<string, unknown>[]) listed.set(order['orderId'] as string, order);
    if (body['next'] === null) break;
    after = `&after=${body['next'] as string}`;
  }
  for (const [orderId, quantity] of acknowledged) {
    const order = listed.get(orderId);
    expect(order?.['quantity'], `order ${orderId} was acknowledged`).to.equal(quantity);
    expect(Number(order?.['filled'])).to.be.at.most(Number(quantity));
  }
}

/** Every outcome stands once: ordinals without a gap, revisions without a gap, and each child ends once. */
async function expectNothingTwice(place: string): Promise<void> {
  const log: EventLog = await readLog(place);
  try {
    const ordinals: number[] = [];
    const reported = new Set<string>();
    for await (const page of log.readAll())
      for (const { event } of page) {
        if (event.n === undefined) continue;
        ordinals.push(event.n);
        if (event.type !== 'ChildReported') continue;
        const { childId, working } = event.data as { childId: string; working?: true };
        if (working === true) continue; // a quote goes on
        expect(reported.has(childId), `child ${childId} is reported to its end once`).to.equal(false);
        reported.add(childId);
      }
    ordinals.sort((a, b) => a - b);
    expect(ordinals).to.deep.equal(ordinals.map((_, i) => i + 1));
  } finally {
    await log.close();
  }
}
