import { expect } from 'chai';
import { Turns } from '../../../../api/rest/turns.js';

describe('turns', () => {
  it('come one after the other for one name, and side by side for two', async () => {
    const turns = new Turns();
    const told: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = turns.take('a', async () => {
      told.push('a1 begins');
      await gate;
      told.push('a1 ends');
    });
    const second = turns.take('a', () => {
      told.push('a2');
      return Promise.resolve();
    });
    await turns.take('b', () => {
      told.push('b1');
      return Promise.resolve();
    });
    open();
    await Promise.all([first, second]);
    expect(told).to.deep.equal(['a1 begins', 'b1', 'a1 ends', 'a2']);
    expect(turns.size).to.equal(0);
  });

  it('go on after one that failed', async () => {
    const turns = new Turns();
    const failed = turns.take('a', () => Promise.reject(new Error('no')));
    const next = turns.take('a', () => Promise.resolve('yes'));
    const failure = await failed.catch((error: unknown) => error);
    expect(failure).to.be.an('error');
    expect(await next).to.equal('yes');
    expect(turns.size).to.equal(0);
  });
});
