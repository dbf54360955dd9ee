import { expect } from 'chai';
import { Engine } from '../../core/engine/engine.js';
import { decodeOutcome, type StoredOutcome } from '../../core/engine/outcome-codec.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import { canonical } from '../../core/json.js';
import { costsJson } from '../../core/measures/costs.js';
import type { Concluded } from '../../core/orders/outcomes.js';
import { batchesOf, stateText } from '../support/market.js';
import { RandomStory, seeds } from '../support/random-story.js';
import { encodedApart, expectEqual, expectNoTrace, expectSame, foldAll, lineOf } from '../support/same-fold.js';

const INPUTS = 500;

describe('the fold of a random story', () => {
  for (const seed of seeds(25)) {
    it(`is the same in batches of every size and however they are encoded (REPRISE_SEED=${seed})`, () => {
      const inputs = new RandomStory(seed).inputs(INPUTS);
      const whole = foldAll(batchesOf(inputs));
      for (const size of [1, 7, 1000]) {
        expectSame(foldAll(batchesOf(inputs, size)), whole, `batches of ${size}`);
        expectSame(foldAll(encodedApart(inputs, size)), whole, `batches of ${size}, each encoded by itself`);
      }
    });
  }
  for (const seed of seeds(10)) {
    it(`goes on from checkpoints here and there as if there had been none (REPRISE_SEED=${seed})`, () => {
      expectNoTrace(new RandomStory(seed).inputs(INPUTS), (i) => i % 37 === seed % 37);
    });
  }
  for (const seed of seeds(2)) {
    it(`goes on from a checkpoint at every input as if there had been none (REPRISE_SEED=${seed})`, () => {
      expectNoTrace(new RandomStory(seed).inputs(INPUTS / 2), () => true);
    });
  }
});

describe('an epoch of another version', () => {
  for (const seed of seeds(10)) {
    it(`is folded as it was stored, and the next one goes on from there (REPRISE_SEED=${seed})`, () => {
      const inputs = new RandomStory(seed).inputs(INPUTS);
      const whole = foldAll(batchesOf(inputs));
      for (const share of [0.2, 0.5, 0.9]) {
        const border = Math.floor(INPUTS * share);
        const stored: StoredOutcome[] = [];
        const first = new Engine((concluded) => stored.push(asStored(concluded)));
        for (const batch of batchesOf(inputs.slice(0, border))) first.fold(batch);

        const told = whole.outcomes.slice(0, stored.length);
        const engine = new Engine((concluded) => told.push(lineOf(concluded)));
        for (const batch of batchesOf(inputs.slice(0, border))) engine.foldAsStored(batch, stored);
        for (const batch of batchesOf(inputs.slice(border), 50, border + 1)) engine.fold(batch);
        expectSame({ text: stateText(engine), outcomes: told }, whole, `stored up to ${border}`);
      }
    });
    it(`says what its orders have cost so far (REPRISE_SEED=${seed})`, () => {
      const inputs = new RandomStory(seed).inputs(INPUTS);
      for (let border = 8; border <= INPUTS; border += 24) {
        const stored: StoredOutcome[] = [];
        const first = new Engine((concluded) => stored.push(asStored(concluded)));
        const engine = new Engine(() => undefined);
        const batches = batchesOf(inputs.slice(0, border));
        for (const batch of batches) first.fold(batch);
        for (const batch of batches) engine.foldAsStored(batch, stored);
        expectEqual(costsText(engine), costsText(first), `costs up to ${border}`);
      }
    });
  }
});

/** What every open order has cost so far. */
function costsText(engine: Engine): string {
  const lines: string[] = [];
  for (const [account, { measures }] of engine.desks)
    for (const orderId of measures.keys()) {
      const costs = costsJson(engine.measured(account, orderId)!);
      lines.push(canonical([account, orderId, costs]));
    }
  return lines.sort().join('\n');
}

function asStored(concluded: Concluded): StoredOutcome {
  const { stream, revision, units } = concluded;
  const stored = { ...encodeOutcome(concluded), stream, revision };
  const again = decodeOutcome(stored, units);
  const whole = units === undefined ? again : { ...again, units };
  expect(lineOf(whole), 'read out of the log again').to.equal(lineOf(concluded));
  return stored;
}
