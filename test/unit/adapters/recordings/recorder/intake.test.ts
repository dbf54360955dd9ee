import { expect } from 'chai';
import { Intake } from '../../../../../adapters/recordings/recorder/intake.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { delta } from '../../../../support/market.js';

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const events = (from: number, count: number): MarketEvent[] =>
  Array.from({ length: count }, (_, n) => delta(from + n, [['1', '1']], []));

describe('what waits for the disk of a recorder', () => {
  it('has a bound, at which feeds are pulled no more until something is taken', async () => {
    const intake = new Intake(2);
    let pulled = 0;
    const feed = (async () => {
      for (let n = 0; n < 10; n++) {
        await intake.put(0, events(1 + n * 4_096, 4_096), never);
        pulled++;
      }
    })();
    await turn();
    expect([pulled, intake.isFull]).to.deep.equal([4, true]);
    expect(intake.take(4_096)).to.have.length(4_096);
    await turn();
    expect(pulled).to.equal(5);
    while (pulled < 10) {
      intake.take(Infinity);
      await turn();
    }
    await feed;
  });

  it('has one for books of many levels too', async () => {
    const intake = new Intake(1);
    const wide = Array.from({ length: 1_000 }, (_, n) => [String(n + 1), '1'] as const);
    let isTaken = false;
    const put = intake
      .put(
        0,
        Array.from({ length: 401 }, (_, n) => delta(n, wide, [])),
        never,
      )
      .then(() => (isTaken = true));
    await turn();
    expect([isTaken, intake.isFull]).to.deep.equal([false, true]);
    expect(intake.take(Infinity)).to.have.length(401);
    await put;
    expect(intake.isFull).to.equal(false);
  });

  it('lets go of whoever waits when it is over', async () => {
    const intake = new Intake(1);
    const over = new AbortController();
    const put = intake.put(0, events(1, 30_000), over.signal);
    await turn();
    over.abort();
    await put;
  });
});
