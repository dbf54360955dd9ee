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
