import { expect } from 'chai';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import type { Frame } from '../../api/live/live-run.js';
import { LiveStage } from '../support/live-stage.js';
import { BTC, snapshot, T0, traded } from '../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;
const HOUR = 3_600;

/** A client that came back: what it asked, what had been told until then, and what it is handed. */
interface Return {
  readonly channel: string;
  readonly from: Frame | undefined;
  readonly toldBefore: number;
  readonly missed: Promise<Frame[]>;
}

/** Everything that a run tells, and clients that come back whenever they like. */
class Listeners {
  readonly told: Frame[] = [];
  readonly returns: Return[] = [];

  constructor(readonly stage: LiveStage) {
    stage.run.frames$.subscribe((frame) => this.told.push(frame));
  }

  /** Clients come back to a channel: one from the beginning, others from positions on the way. */
  comeBack(channel: string): void {
    const heard = this.told.filter((frame) => frame.channel === channel);
    for (const part of [0, 0.3, 0.6, 0.9, 1]) {
      const from = heard[Math.floor(heard.length * part) - 1];
      const missed = allOf(this.stage.run.framesAfter(channel, from?.position ?? '0.0'));
      this.returns.push({ channel, from, toldBefore: this.told.length, missed });
    }
  }

  /** Whoever came back was handed what had been told meanwhile: each frame once, in its order, and none of what came later. */
  async expectNothingLost(key: (frame: Frame) => string): Promise<void> {
    for (const { channel, from, toldBefore, missed } of this.returns) {
      const heard = this.told.slice(0, toldBefore).filter((frame) => frame.channel === channel);
      const expected = from === undefined ? heard : heard.slice(heard.indexOf(from) + 1);
      const title = `${channel} from ${from?.position ?? '0.0'}`;
      expect((await missed).map(key), title).to.deep.equal(expected.map(key));
    }
  }
}

async function allOf(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

const byOrdinal = ({ position, type }: Frame): string => `${position.split('.')[1]!} ${type}`;
const bySeq = ({ position, data }: Frame): string =>
  `${position.split('.')[0]!} ${(data as { trades: { price: string }[] }).trades[0]!.price}`;

describe('a client that comes back to a live run', () => {
  it('is handed every outcome of many orders once, in their order, stored or not', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    const listeners = new Listeners(stage);
    stage.feed.say(snapshot(s(1), [['100', '500']], [['101', '500']]));
    await stage.pass(s(2));
    // just before an append, what the engine concluded last is told and not stored
    const append = stage.log.append.bind(stage.log);
    let unstored = 0;
    stage.log.append = (batch) => {
      if (batch.some(({ stream }) => stream.startsWith(`${DEFAULT_LOG_NAME}execution-`))) {
        unstored++;
        listeners.comeBack('orders');
        listeners.comeBack('order:o3');
      }
      return append(batch);
    };
    const orders = Array.from({ length: 12 }, (_, i) => `o${i}`);
    await Promise.all(
      orders.map((id) => stage.submit(id, { quantity: '4', duration: `${30 + id.length}s`, slices: 4 })),
    );
    for (let at = 4; at < 40; at += 4) {
      await stage.pass(s(at));
      await stage.submit('o3', { quantity: '4', duration: '30s', slices: 4 }); // refused: an outcome of its desk, of no order
      listeners.comeBack('orders');
    }
    expect(unstored).to.be.above(5);
    await stage.run.stop();
    listeners.comeBack('orders');
    listeners.comeBack('order:o3');
    await listeners.expectNothingLost(byOrdinal);

    const stored: number[] = [];
    for await (const page of stage.log.readAll({ prefixes: [`${DEFAULT_LOG_NAME}execution-`] }))
      for (const { event } of page) stored.push(event.n!);
    expect(stored, "the store's order is another one").not.to.deep.equal([...stored].sort((a, b) => a - b));
    expect(stored.length).to.be.above(100);
  });

  it('is handed every trade once, though the hours of their streams lie among one another', async () => {
    const stage = await new LiveStage().start();
    const listeners = new Listeners(stage);
    const say = (at: number, price: string): void =>
      stage.feed.say(traded(s(at), { side: 'buy', price, quantity: '1' }));
    stage.feed.say(snapshot(s(1), [['100', '500']], [['101', '500']]));
    for (let i = 0; i < 20; i++) {
      say(HOUR - 10 + i, `${101 + i}`);
      say(HOUR + 10 - i, `${201 + i}`);
      if (i % 5 === 0) await stage.settled();
    }
    listeners.comeBack(`trades:${BTC}`);
    await stage.pass(s(3));
    say(2 * HOUR, '300');
    await stage.settled();
    listeners.comeBack(`trades:${BTC}`);
    expect(listeners.told.filter(({ channel }) => channel === `trades:${BTC}`)).to.have.length(41);
    await listeners.expectNothingLost(bySeq);
    await stage.run.stop();
  });

  it('is told of the orders as they stand, and nothing is computed for nobody', async () => {
    const stage = await new LiveStage({ latency: 0 }).start();
    let looked = 0;
    stage.run.frames$.subscribe((frame) => {
      if (frame.channel !== 'orders') return;
      expect(Object.getOwnPropertyDescriptor(frame, 'data')).to.have.property('get').that.is.a('function');
      expect(frame.data).to.include({ orderId: 'o1' });
      expect(frame.data, 'made once').to.equal(frame.data);
      looked++;
    });
    stage.feed.say(snapshot(s(1), [['100', '50']], [['101', '50']]));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '1', duration: '10s', slices: 2 });
    await stage.pass(s(15));
    expect(looked).to.be.above(5);
    await stage.run.stop();
  });
});
