import { expect } from 'chai';
import { countInstrument } from '../../../../core/market/instrument.js';
import { belowMinNotional, leastForNotional, notionalText } from '../../../../core/orders/notional.js';
import { at, begun, fold, INVERSE, of, SPOT, submitted, ticks } from '../../../support/market.js';

const spot = countInstrument({ ...SPOT, minNotional: '75.5' }); // ticks and lots of 0.1
const inverse = countInstrument({ ...INVERSE, minNotional: '250' }); // contracts of 100

describe('the minimum notional', () => {
  it('is asked of price x quantity, to the last digit', () => {
    expect(leastForNotional(spot, 1000)).to.equal(8); // 0.7 x 100 is too little
    expect(belowMinNotional(spot, 7, 1000)).to.equal(true);
    expect(belowMinNotional(spot, 8, 1000)).to.equal(false);
    expect(leastForNotional(spot, 755)).to.equal(10); // exactly 75.5
    expect(leastForNotional(spot, 754)).to.equal(11);
    expect(notionalText(spot, 7, 1000)).to.equal('70');
  });
  it('is asked of contracts x multiplier for an inverse contract, whatever its price', () => {
    for (const price of [1, 1000, 1_000_000]) expect(leastForNotional(inverse, price)).to.equal(3);
    expect(notionalText(inverse, 3, 1000)).to.equal('300');
  });
  it('is none where the venue names none', () => {
    expect(leastForNotional(countInstrument(SPOT), 1000)).to.equal(0);
    expect(belowMinNotional(countInstrument(SPOT), 1, 1)).to.equal(false);
  });
  it('may be finer than price and quantity, or much larger than either', () => {
    expect(leastForNotional(countInstrument({ ...SPOT, minNotional: '0.00000001' }), 1000)).to.equal(1);
    expect(leastForNotional(countInstrument({ ...SPOT, minNotional: '9000000000000000' }), 1)).to.be.greaterThan(1e15);
  });
  it('is planned for between lots that do not divide the minimum quantity', () => {
    const odd = { ...SPOT, lotSize: '0.2', minQuantity: '0.3', minNotional: '45' };
    const { outcomes } = fold([
      ...begun({}, { definition: odd }),
      submitted(at(2), { quantity: '3.6', duration: '60s' }),
      ...ticks(3),
    ]);
    const [started] = of(outcomes, 'OrderStarted');
    // 0.5 would be worth 50.5, and 0.6 is the first lot that is not less
    expect((started?.['plan'] as { slices: unknown }).slices).to.deep.equal([['0.6', 6]]);
  });
});
