import { expect } from 'chai';
import { amend, type Changes } from '../../../../core/orders/amendment.js';
import type { AnyOutcome, PlanData } from '../../../../core/orders/outcomes.js';
import type { TwapParameters } from '../../../../core/orders/parameters.js';
import { resumedPlan } from '../../../../core/orders/planning.js';
import type { OrderState } from '../../../../core/orders/state.js';
import type { View } from '../../../../core/orders/view.js';
import { at, begun, commanded, fold, submitted, ticked } from '../../../support/market.js';

const QUOTES = { aggressionFloor: '100', afterWindow: 'quote' } as const;
const LATER = at(100);

/** An order over 40 s that is still there a minute after its window: half of it is done. */
function pastItsWindow(more: Partial<TwapParameters> = {}, paused = false): { view: View; order: OrderState } {
  const { engine } = fold([
    ...begun(),
    submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4, ...more }),
    paused ? commanded(at(20), 'PauseOrder') : ticked(at(20)),
  ]);
  const desk = engine.desks.get('default')!;
  const order = desk.orders.get('o1')!;
  order.parameters = { ...order.parameters, ...QUOTES };
  return { view: { at: LATER, desk, engineDown: false, seed: 1, marketOf: (name) => engine.markets.get(name) }, order };
}
const amended = (changes: Changes, paused = false): AnyOutcome[] => {
  const { view, order } = pastItsWindow({}, paused);
  return amend(view, order, changes);
};
const planIn = (outcomes: readonly AnyOutcome[]): PlanData | undefined =>
  (outcomes[0]!.data as { plan?: PlanData }).plan;

describe('an order that goes on after its window', () => {
  for (const paused of [false, true])
    describe(paused ? 'paused' : 'running', () => {
      for (const changes of [{ duration: '3m' }, { endTime: '2024-01-01T00:03:02Z' }] satisfies Changes[])
        it(`gets a new end by ${JSON.stringify(changes)}, and its rest is laid out up to it`, () => {
          const outcomes = amended(changes, paused);
          expect(outcomes.map(({ type }) => type)).to.deep.equal(['OrderAmended']);
          const { startAt, endAt, sliceLots, firstSlice } = planIn(outcomes)!;
          expect([startAt, endAt]).to.deep.equal([LATER, at(182)]);
          expect(sliceLots.reduce((a, b) => a + b, 0)).to.equal(4);
          expect(firstSlice).to.equal(3);
        });
      for (const changes of [{ quantity: '1.2' }, { slices: 2 }, { duration: '50s' }] satisfies Changes[])
        it(`is laid out anew by ${JSON.stringify(changes)} only with an end that is to come`, () => {
          const [refused] = amended(changes, paused);
          expect(refused?.data).to.deep.include({ command: 'amend' });
          expect((refused!.data as { refusal: object }).refusal).to.include({
            code: 'window_over',
            where: '/duration',
          });
        });
      for (const changes of [
        { limitPrice: '90' },
        { aggressionFloor: '50' },
        { randomizeTime: '0.5' },
        { quote: 'join' },
      ] satisfies Changes[])
        it(`takes ${JSON.stringify(changes)} and goes on`, () => {
          const outcomes = amended(changes, paused);
          expect(outcomes.map(({ type }) => type)).to.deep.equal(['OrderAmended']);
          expect(planIn(outcomes)).to.equal(undefined);
        });
      it('ends when it is to stop after its window', () => {
        for (const afterWindow of ['stop', null] as const)
          expect(
            amended({ afterWindow }, paused).map(({ type, data }) => [type, (data as { reason?: string }).reason]),
          ).to.deep.equal([
            ['OrderAmended', undefined],
            ['OrderCompleted', 'window_over'],
          ]);
      });
    });
  it('goes on where it was when it is resumed', () => {
    const { view, order } = pastItsWindow({}, true);
    const { startAt, endAt, carried, sliceLots } = resumedPlan(view, order);
    expect([startAt, endAt]).to.deep.equal([at(2), at(42)]);
    expect(sliceLots).to.deep.equal([2, 2, 2, 2]);
    expect(carried).to.deep.equal({ next: 2, baseLots: 0, lineLots: 8, targetLots: 4 });
  });
  it('has not come to an end that moves on with it while it is paused', () => {
    const { view, order } = pastItsWindow(
      { duration: undefined, slices: undefined, sliceInterval: '10s', sliceQuantity: '0.2' } as object,
      true,
    );
    expect(amend(view, order, { afterWindow: 'stop' }).map(({ type }) => type)).to.deep.equal(['OrderAmended']);
  });
});
