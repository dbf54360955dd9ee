import { expect } from 'chai';
import { encodeOutcome } from '../support/encode-outcome.js';
import { Engine } from '../../core/engine/engine.js';
import { explain } from '../../core/orders/explain.js';
import type { LogEvent } from '../../core/ports.js';
import { RandomStory, seeds } from '../support/random-story.js';
import { batchesOf, SPOT } from '../support/market.js';

const COMMANDS: ReadonlySet<string> = new Set([
  'SubmitTwap',
  'AmendOrder',
  'StartOrder',
  'PauseOrder',
  'ResumeOrder',
  'StopOrder',
  'CancelOrder',
]);

/** Histories of all orders of a story, as the log would have them. */
function historiesOf(seed: number, count: number): Map<string, LogEvent[]> {
  const histories = new Map<string, LogEvent[]>();
  const keep = (event: LogEvent): void => {
    const { orderId } = event.data as { orderId?: string };
    if (orderId === undefined) return;
    const history = histories.get(orderId);
    if (history === undefined) histories.set(orderId, [event]);
    else history.push(event);
  };
  const engine = new Engine((concluded) => {
    if (concluded.stream.startsWith('execution-')) keep(encodeOutcome(concluded));
  });
  const inputs = new RandomStory(seed).inputs(count);
  batchesOf(inputs, 1).forEach((batch, i) => {
    const input = inputs[i]!;
    if (COMMANDS.has(input.type)) keep({ ...input, seq: i + 1 } as unknown as LogEvent);
    engine.fold(batch);
  });
  return histories;
}

describe('explanations of any order', () => {
  for (const seed of seeds(30))
    it(`tell of every outcome once, in whole sentences (seed ${seed})`, () => {
      for (const [orderId, history] of historiesOf(seed, 1000)) {
        const entries = explain(history, SPOT);
        const told = entries.flatMap(({ outcomes }) => outcomes);
        const happened = history.flatMap(({ n }) => n ?? []);
        expect(
          [...told].sort((a, b) => a - b),
          orderId,
        ).to.deep.equal(happened);
        for (const { text, kind, n, outcomes, count } of entries) {
          expect(text, `${orderId} ${kind}`).to.match(/^[A-Z].*\.$/);
          expect(text, `${orderId} ${kind}`).to.not.match(/undefined|NaN|null|\[object|\$\{|Infinity|\.\.| {2}/);
          expect(n, text).to.equal(outcomes[0]);
          expect(count !== undefined, text).to.equal(kind === 'repegged');
        }
        const begins = entries.flatMap(({ n }) => n ?? []);
        expect(begins, orderId).to.deep.equal([...begins].sort((a, b) => a - b));
      }
    });
});
