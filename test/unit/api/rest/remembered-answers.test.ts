import { expect } from 'chai';
import { Problem } from '../../../../api/rest/problem.js';
import { RememberedAnswers } from '../../../../api/rest/remembered-answers.js';

const answer = { status: 200, body: 'done' };

describe('remembered answers', () => {
  it('are bounded, the oldest go first', async () => {
    const remembered = new RememberedAnswers(2);
    let works = 0;
    const ask = (key: string): Promise<unknown> =>
      remembered.once(key, 'x', () => {
        works++;
        return Promise.resolve(answer);
      });
    for (const key of ['a', 'b', 'c', 'c', 'b']) await ask(key);
    expect([works, remembered.size]).to.deep.equal([3, 2]);
    await ask('a');
    expect(works).to.equal(4);
  });

  it('keep a refusal, and forget what a retry may change', async () => {
    const remembered = new RememberedAnswers();
    for (const [status, kept] of [
      [409, true],
      [422, true],
      [400, false],
      [404, false],
      [503, false],
    ] as const) {
      const before = remembered.size;
      const failure = await remembered
        .once(`k${status}`, 'x', () => Promise.reject(new Problem(status, 'code', 'what; mend')))
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Problem);
      expect(remembered.size - before).to.equal(kept ? 1 : 0);
    }
  });
});
