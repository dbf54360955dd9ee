import { expect } from 'chai';
import type { AnyOtherInput } from '../../../../core/engine/inputs.js';
import { wrongState } from '../../../../core/orders/decide.js';
import type { CommandName, OrderStatus } from '../../../../core/orders/parameters.js';
import {
  amendedWith,
  at,
  begun,
  commanded,
  fold,
  refusalIn,
  submitted,
  ticks,
  types,
  type Happening,
} from '../../../support/market.js';

const STATES: readonly OrderStatus[] = ['new', 'running', 'paused', 'stopped', 'completed', 'cancelled', 'refused'];
/** What each command makes of each state; a state that is missing refuses it. */
const TABLE: Record<CommandName, Partial<Record<OrderStatus, OrderStatus>>> = {
  start: { new: 'running', stopped: 'running' },
  pause: { running: 'paused' },
  resume: { paused: 'running' },
  stop: { new: 'stopped', running: 'stopped', paused: 'stopped' },
  cancel: { new: 'cancelled', running: 'cancelled', paused: 'cancelled', stopped: 'cancelled' },
  amend: { new: 'new', running: 'running', paused: 'paused', stopped: 'stopped' },
};

/** An order that got into a state, and has a take in flight where it can, so that it is still on its desk when final. */
const order = submitted(at(2), { quantity: '0.4', duration: '1m', slices: 4 });
const manual = submitted(at(2), { quantity: '0.4', duration: '1m', slices: 4, startTime: 'manual' });
const inState: Partial<Record<OrderStatus, readonly Happening[]>> = {
  new: [manual],
  running: [order],
  paused: [order, commanded(at(2.1), 'PauseOrder')],
  stopped: [order, commanded(at(2.1), 'StopOrder')],
  completed: [submitted(at(2), { quantity: '0.4', duration: '100ms', slices: 1 }), ...ticks(2.2)],
  cancelled: [order, commanded(at(2.1), 'CancelOrder')],
};
const commandOf: Record<CommandName, AnyOtherInput> = {
  start: commanded(at(2.3), 'StartOrder'),
  pause: commanded(at(2.3), 'PauseOrder'),
  resume: commanded(at(2.3), 'ResumeOrder'),
  stop: commanded(at(2.3), 'StopOrder'),
  cancel: commanded(at(2.3), 'CancelOrder'),
  amend: amendedWith(at(2.3), { limitPrice: '200' }),
};

describe('the states of an order', () => {
  for (const command of Object.keys(TABLE) as CommandName[])
    for (const state of STATES) {
      const next = TABLE[command][state];
      const story = inState[state];
      it(`${command}: ${state} ${next === undefined ? 'refuses it' : `becomes ${next}`}`, () => {
        const wrong = wrongState({ status: state }, command);
        expect(wrong === undefined).to.equal(next !== undefined);
        if (wrong !== undefined) {
          expect(wrong).to.include({ code: 'wrong_state', where: `/${command}` });
          expect(wrong.what).to.include(`is ${state}`);
          for (const allowed of Object.keys(TABLE[command])) expect(wrong.what).to.include(allowed);
        }
        if (story === undefined) return; // a refused order is on no desk
        const inputs = [...begun({ latency: 1_000_000 }), ...story];
        expect(fold(inputs).engine.desks.get('default')!.orders.get('o1')!.status).to.equal(state);
        const { outcomes, engine } = fold([...inputs, commandOf[command]]);
        expect(engine.desks.get('default')!.orders.get('o1')?.status).to.equal(
          next === 'cancelled' && state === 'new' ? undefined : (next ?? state),
        );
        if (next === undefined) expect(refusalIn(outcomes).code).to.equal('wrong_state');
        else expect(types(outcomes)).to.not.include('CommandRefused');
      });
    }

  it('knows no order that was never submitted, was refused, or has left', () => {
    for (const inputs of [
      [],
      [submitted(at(2), { quantity: '0', duration: '1m' })],
      [order, commanded(at(5), 'CancelOrder')],
    ]) {
      const { outcomes } = fold([...begun(), ...inputs, commanded(at(6), 'PauseOrder')]);
      expect(outcomes.at(-1)?.data).to.deep.include({ orderId: 'o1', command: 'pause' });
      expect((outcomes.at(-1)?.data as { refusal: object }).refusal).to.include({ code: 'order_unknown' });
    }
  });
  it('takes an order id once while its order is open', () => {
    const { outcomes, engine } = fold([...begun(), order, submitted(at(3), { quantity: '9', duration: '1m' })]);
    expect(refusalIn(outcomes)).to.include({ code: 'order_exists', where: '/orderId' });
    expect(engine.desks.get('default')!.orders.get('o1')!.quantityLots).to.equal(4);
  });
  it('refuses an order for what is not traded here, or under no name, and keeps who asked', () => {
    const unknown = submitted(at(2), { quantity: '1', duration: '1m', instrument: 'DOGE-USD@test' });
    expect(refusalIn(fold([...begun(), unknown]).outcomes)).to.include({
      code: 'instrument_unknown',
      where: '/instrument',
    });
    const nameless = submitted(at(2), { quantity: '1', duration: '1m' }, 'no/name');
    expect(refusalIn(fold([...begun(), nameless]).outcomes)).to.include({ code: 'order_id_invalid' });
    const asked = { ...order, data: { ...order.data, actor: 'u1' } } as Happening;
    expect(fold([...begun(), asked]).outcomes.find(({ type }) => type === 'OrderAccepted')?.data).to.include({
      actor: 'u1',
    });
  });
});
