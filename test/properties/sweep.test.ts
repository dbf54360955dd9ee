import { expect } from 'chai';
import { openSession } from '../../adapters/recordings/session/session.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import type { OtherInput } from '../../core/ports.js';
import { rewritten } from '../../replay/insertions.js';
import { replay, type RunReport } from '../../replay/replay.js';
import type { DeskPlan, DeskResult, PassOptions, SweptSession } from '../../replay/sweep/desks.js';
import { passOver } from '../../replay/sweep/pass.js';
import { MOST_SAMPLES } from '../../replay/sweep/trace.js';
import { fixture } from '../support/fixtures.js';
import { batchesOf, type Happening } from '../support/market.js';
import { RandomDesks } from '../support/random-desks.js';
import { RandomStory, seeds } from '../support/random-story.js';

const INPUTS = 500;

/** A story as a session; what its people did is left out. */
function storySession(seed: number, batchSize = Infinity): SweptSession & { readonly instants: number[] } {
  const inputs = new RandomStory(seed).inputs(INPUTS);
  const instants = inputs.map(({ at }) => at).sort((a, b) => a - b);
  const [from, to] = [instants[0]!, instants.at(-1)! + 3_000_000];
  return { from, to, instants, hasRun: true, inputs: () => inTurn(inputs, batchSize) };
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* inTurn(inputs: readonly Happening[], batchSize: number): ReturnType<SweptSession['inputs']> {
  yield* batchesOf(inputs, batchSize);
}

async function fixtureSession(name: string): Promise<SweptSession> {
  const session = await openSession(fixture(name));
  return { from: session.from, to: session.to, hasRun: session.meta.settings != null, inputs: () => session.inputs() };
}

/** The same order alone, as `reprise replay` runs it. */
async function replayed(session: SweptSession, plan: DeskPlan): Promise<RunReport> {
  const { at, orderId, parameters, venue, seed } = plan;
  const settings = (recorded: RunSettings | undefined): RunSettings => ({ ...recorded, venue, seed });
  const insertions = [{ at, type: 'SubmitTwap', data: { orderId, ...parameters } as unknown as OtherInput['data'] }];
  return replay(
    rewritten(session.inputs(), { from: session.from, hasRun: session.hasRun, settings, insertions }),
    session,
  );
}

async function swept(
  session: SweptSession,
  plans: readonly DeskPlan[],
  options: PassOptions = { hashes: true },
): Promise<DeskResult[]> {
  const results: DeskResult[] = [];
  for await (const some of passOver(session, plans, options)) results.push(...some);
  return results.sort((a, b) => a.desk - b.desk);
}

/** A row as far as it is the same whenever it is written. */
const rowOf = ({ trust: _, ...row }: DeskResult['order']): DeskResult['order'] => row;

const rowOfResult = ({ desk, order, outcomes }: DeskResult): object => ({ desk, order: rowOf(order), outcomes });

async function expectAsAlone(session: SweptSession, plans: readonly DeskPlan[]): Promise<void> {
  const results = await swept(session, plans);
  expect(results.map(({ desk }) => desk)).to.deep.equal(plans.map(({ desk }) => desk));
  for (const plan of plans) {
    const { order, outcomesHash } = results[plan.desk]!;
    const report = await replayed(session, plan);
    const how = `desk ${plan.desk}: ${JSON.stringify(plan)}`;
    expect(rowOf(order), how).to.deep.equal(rowOf(report.orders[0]!));
    expect(outcomesHash, how).to.equal(report.outcomesHash);
  }
}

describe('a desk of a sweep', () => {
  for (const seed of seeds(6)) {
    it(`concludes what its order concludes alone, in a market nobody would wish for (REPRISE_SEED=${seed})`, async () => {
      const session = storySession(seed);
      await expectAsAlone(session, new RandomDesks(seed).plans(100, session.instants));
    });
  }
  for (const name of ['quiet-minute', 'inverse-minute'])
    for (const seed of seeds(1)) {
      it(`concludes what its order concludes alone, in ${name} (REPRISE_SEED=${seed})`, async () => {
        const session = await fixtureSession(name);
        const { instruments } = await openSession(fixture(name));
        const instants = Array.from({ length: 50 }, (_, i) => session.from + i * 900_001);
        await expectAsAlone(session, new RandomDesks(seed).plansFor(instruments[0]!, 100, instants));
      }).timeout(60_000);
    }
  for (const seed of seeds(4)) {
    it(`comes to the same whatever the batches are and whoever else is there (REPRISE_SEED=${seed})`, async () => {
      const whole = storySession(seed);
      const plans = new RandomDesks(seed).plans(60, whole.instants);
      const options = { hashes: true, traces: new Set(plans.map(({ desk }) => desk)) };
      const expected = await swept(whole, plans, options);
      for (const size of [1, 7])
        expect(await swept(storySession(seed, size), plans, options), `batches of ${size}`).to.deep.equal(expected);
      const some = plans.filter(({ desk }) => desk % 3 === seed % 3);
      expect(await swept(whole, some, options)).to.deep.equal(some.map(({ desk }) => expected[desk]));
      const early = await swept(whole, plans, {}); // results as they become final
      expect(early.map(rowOfResult)).to.deep.equal(expected.map(rowOfResult));
    });
  }
  it('leaves a trace where it is asked for one', async () => {
    const session = await fixtureSession('quiet-minute');
    const { instruments } = await openSession(fixture('quiet-minute'));
    const plans = new RandomDesks(5).plansFor(instruments[0]!, 40, [session.from + 2_000_000]);
    const results = await swept(session, plans, { traces: new Set(plans.map(({ desk }) => desk)) });
    for (const { order, trace } of results) {
      if (trace === undefined) throw new Error('a trace is missing');
      const { window, plan, fills, touch, lines } = trace;
      expect(fills.length).to.equal(order['fills']);
      const filled = fills.reduce((sum, { quantity }) => sum + Number(quantity), 0);
      expect(filled).to.be.closeTo(Number(order['filled']), 1e-9);
      expect(touch.length).to.be.at.most(MOST_SAMPLES);
      expect(touch.map(({ at }) => at)).to.deep.equal(touch.map(({ at }) => at).sort((a, b) => a - b));
      if (window === null) continue;
      expect(plan.at(-1)!.due).to.equal(order['quantity']);
      expect(lines.map(({ at }) => at)).to.deep.equal([window.startAt, window.endAt]);
      expect(touch.length).to.be.above(0);
      expect(Number(touch[0]!.bid)).to.be.below(Number(touch[0]!.ask));
    }
    expect(results.filter(({ trace }) => trace!.fills.length > 0).length).to.be.above(10);
    expect(results.filter(({ trace }) => trace!.aggressive.length > 0).length).to.be.above(0);
  });
  it('is told before it begins that it stands out of order, or behind the end', async () => {
    const session = storySession(1);
    const [first, second] = new RandomDesks(1).plans(2, session.instants);
    const fails = async (plans: readonly DeskPlan[]): Promise<string> =>
      swept(session, plans).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    expect(await fails([{ ...first!, at: second!.at + 1 }, second!])).to.contain('sort the plan');
    expect(await fails([{ ...first!, at: session.to + 1 }])).to.contain("after the session's end");
  });
});
