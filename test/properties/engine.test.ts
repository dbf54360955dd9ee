import { expect } from 'chai';
import { capture, checkpointText, restore, unitsLine } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import { decodeOutcome, type StoredOutcome } from '../../core/engine/outcome-codec.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import { canonical, type Json } from '../../core/json.js';
import { costsJson } from '../../core/measures/costs.js';
import type { Concluded } from '../../core/orders/outcomes.js';
import type { InputBatch } from '../../core/ports.js';
import { batchesOf, stateText, type Happening } from '../support/market.js';
import { RandomStory, seeds } from '../support/random-story.js';

const INPUTS = 500;

/** An outcome as one line of text: what `outcomesHash` is taken over, and where it stands. */
const lineOf = (concluded: Concluded): string =>
  canonical([concluded.stream, concluded.revision, encodeOutcome(concluded) as unknown as Json]);

interface Told {
  readonly text: string;
  readonly outcomes: readonly string[];
}

function foldAll(batches: readonly InputBatch[]): Told {
  const outcomes: string[] = [];
  const engine = new Engine((concluded) => outcomes.push(lineOf(concluded)));
  for (const batch of batches) engine.fold(batch);
  return { text: stateText(engine), outcomes };
}

/** Batches of which each is encoded by itself, in increments as coarse as its own numbers allow. */
function encodedApart(inputs: readonly Happening[], size: number, firstSeq = 1): InputBatch[] {
  const batches: InputBatch[] = [];
  for (let i = 0; i < inputs.length; i += size)
    batches.push(...batchesOf(inputs.slice(i, i + size), Infinity, firstSeq + i));
  return batches;
}

function expectSame(told: Told, whole: Told, how: string): void {
  whole.outcomes.forEach((line, i) => expectEqual(told.outcomes[i] ?? 'nothing', line, `${how}: outcome ${i}`));
  expect(told.outcomes.length, `${how}: number of outcomes`).to.equal(whole.outcomes.length);
  expectEqual(told.text, whole.text, `${how}: state`);
}

/** Shows two long texts where they part: a whole diff of them would be read by nobody. */
function expectEqual(text: string, expected: string, how: string): void {
  if (text === expected) return;
  let at = 0;
  while (text[at] === expected[at]) at++;
  const around = (of: string): string => of.slice(Math.max(0, at - 150), at + 80);
  throw new Error(`${how} is other than expected from character ${at} on:\n  ${around(text)}\n  ${around(expected)}`);
}

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

/** Folds a story, takes checkpoints on the way, and lives the rest through again from each of them. */
function expectNoTrace(inputs: readonly Happening[], at: (i: number) => boolean): void {
  const whole = foldAll(batchesOf(inputs));
  const outcomes: string[] = [];
  const engine = new Engine((concluded) => outcomes.push(lineOf(concluded)));
  batchesOf(inputs, 1).forEach((batch, i) => {
    engine.fold(batch);
    if (!at(i)) return;
    const captured = capture(engine);
    const lines = [unitsLine(captured), ...checkpointText(captured)].map((line) => line.slice(0, -1));
    const told = [...outcomes];
    const restored = restore(lines, (concluded) => told.push(lineOf(concluded)));
    expectEqual(stateText(restored), stateText(engine), `restored at ${i + 1}`);
    for (const rest of encodedApart(inputs.slice(i + 1), 50, i + 2)) restored.fold(rest);
    expectSame({ text: stateText(restored), outcomes: told }, whole, `from the checkpoint at ${i + 1}`);
  });
}
