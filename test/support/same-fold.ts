import { expect } from 'chai';
import { capture, checkpointText, restore, unitsLine } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import { canonical, type Json } from '../../core/json.js';
import type { Concluded } from '../../core/orders/outcomes.js';
import type { InputBatch } from '../../core/ports.js';
import { encodeOutcome } from './encode-outcome.js';
import { batchesOf, stateText, type Happening } from './market.js';

/** An outcome as one line of text: what `outcomesHash` is taken over, and where it stands. */
export const lineOf = (concluded: Concluded): string =>
  canonical([concluded.stream, concluded.revision, encodeOutcome(concluded) as unknown as Json]);

/** What a fold came to: its state as text, and its outcomes as lines. */
export interface Told {
  readonly text: string;
  readonly outcomes: readonly string[];
}

export function foldAll(batches: readonly InputBatch[]): Told {
  const outcomes: string[] = [];
  const engine = new Engine((concluded) => outcomes.push(lineOf(concluded)));
  for (const batch of batches) engine.fold(batch);
  return { text: stateText(engine), outcomes };
}

/** Batches of which each is encoded by itself, in increments as coarse as its own numbers allow. */
export function encodedApart(inputs: readonly Happening[], size: number, firstSeq = 1): InputBatch[] {
  const batches: InputBatch[] = [];
  for (let i = 0; i < inputs.length; i += size)
    batches.push(...batchesOf(inputs.slice(i, i + size), Infinity, firstSeq + i));
  return batches;
}

export function expectSame(told: Told, whole: Told, how: string): void {
  whole.outcomes.forEach((line, i) => expectEqual(told.outcomes[i] ?? 'nothing', line, `${how}: outcome ${i}`));
  expect(told.outcomes.length, `${how}: number of outcomes`).to.equal(whole.outcomes.length);
  expectEqual(told.text, whole.text, `${how}: state`);
}

/** Shows two long texts where they part: a whole diff of them would be read by nobody. */
export function expectEqual(text: string, expected: string, how: string): void {
  if (text === expected) return;
  let at = 0;
  while (text[at] === expected[at]) at++;
  const around = (of: string): string => of.slice(Math.max(0, at - 150), at + 80);
  throw new Error(`${how} is other than expected from character ${at} on:\n  ${around(text)}\n  ${around(expected)}`);
}

/** Folds a story, takes checkpoints on the way, and lives the rest through again from each of them. */
export function expectNoTrace(inputs: readonly Happening[], at: (i: number) => boolean): void {
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
