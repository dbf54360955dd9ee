import { expect } from 'chai';
import { amendedWith, at, begun, commanded, fold, of, submitted, ticks } from '../../../support/market.js';

const FOUR = { quantity: '0.8', duration: '40s', slices: 4 };

describe('amendments field by field', () => {
  it('lets a new order change its side, and it trades on that side', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, startTime: 'manual' }),
      amendedWith(at(3), { side: 'sell' }),
      commanded(at(4), 'StartOrder'),
      ...ticks(6),
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => fill['price'])).to.deep.equal(['100']);
    expect(engine.desks.get('default')!.ledger.content().cash).to.include({ BTC: '-0.2' });
  });
});

describe('an amendment is judged by what it changes', () => {
  it('a duration that began anew with the last start is measured from there', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '10s', slices: 4 }),
      commanded(at(3), 'StopOrder'),
      commanded(at(20), 'StartOrder'),
      amendedWith(at(21), { quantity: '1' }),
    ]);
    const [amendment] = of(outcomes, 'OrderAmended');
    expect((amendment?.['plan'] as { endAt: number }).endAt).to.equal(at(30));
  });
});
