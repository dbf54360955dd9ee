import { expect } from 'chai';
import { run, T0 } from '../support/market.js';
import { answersIn, byAccount, outcomesOf, plainAnswers, sentIn } from '../support/opinions.js';
import { RandomMarket } from '../support/random-market.js';
import { ASSUMPTIONS } from '../support/stories.js';

const SECOND = 1_000_000;
const LATENCIES = [0, 10_000, 50_000, SECOND];
const BLOCKS = 20;
const SEEDS_A_BLOCK = 50;
const UNTIL = T0 + 300 * SECOND;

/** Tells one seed's market under every assumption and gives the number of fills that both venues agreed on. */
function agree(seed: number): number {
  const latency = LATENCIES[seed % 4]!;
  const published = seed % 3 === 0 ? 3 : undefined;
  const market = new RandomMarket(seed, published === undefined ? {} : { published }).inputs(150);
  let fills = 0;
  for (const assume of ASSUMPTIONS) {
    const inputs = [run({ latency, assume }), ...market];
    const outcomes = outcomesOf(inputs, UNTIL);
    const { sent } = sentIn(outcomes);
    const real = byAccount(answersIn(outcomes), sent);
    const how = { assume, until: UNTIL, ...(published === undefined ? {} : { published }) };
    const plain = byAccount(plainAnswers(inputs, outcomes, how), sent);
    real.forEach((answer, i) => {
      const context = real.slice(Math.max(0, i - 4), i).map(({ text }) => text);
      expect(plain[i], `REPRISE_SEED=${seed}, ${assume}, after ${context.join('; ')}`).to.deep.equal(answer);
    });
    expect(plain.length, `REPRISE_SEED=${seed}, ${assume}`).to.equal(real.length);
    fills += real.filter(({ text }) => text.includes(' fill ')).length;
  }
  return fills;
}

describe('a plain venue, written from docs/fills.md alone,', () => {
  const named = process.env['REPRISE_SEED'];
  if (named !== undefined) it(`agrees with the real one (REPRISE_SEED=${named})`, () => void agree(Number(named)));
  else
    for (let block = 0; block < BLOCKS; block++) {
      const first = block * SEEDS_A_BLOCK + 1;
      it(`agrees with the real one, fill by fill, on the markets ${first} to ${first + SEEDS_A_BLOCK - 1}`, () => {
        let fills = 0;
        for (let seed = first; seed < first + SEEDS_A_BLOCK; seed++) fills += agree(seed);
        expect(fills).to.be.greaterThan(SEEDS_A_BLOCK);
      });
    }
});
