import { expect } from 'chai';
import { Desk } from '../../../../core/desk/desk.js';
import { Ledger } from '../../../../core/desk/ledger.js';
import { feeOf, fillValue } from '../../../../core/desk/money.js';
import { DEFAULT_VENUE } from '../../../../core/desk/settings.js';
import { Decimal, plain } from '../../../../core/decimal.js';
import { Side } from '../../../../core/market/columns.js';
import { countInstrument, type Instrument } from '../../../../core/market/instrument.js';
import { INVERSE, SPOT } from '../../../support/market.js';

const spot = countInstrument(SPOT); // ticks of 0.1, lots of 0.1
const linear = countInstrument({
  ...SPOT,
  instrument: 'BTC-LIN@test',
  kind: 'linear',
  settlement: 'USDT',
  multiplier: '0.001',
  lotSize: '1',
  minQuantity: '1',
});
const inverse = countInstrument(INVERSE); // contracts of 100 USD, settled in BTC

const none = (): Decimal => new Decimal(0);

describe('what a fill is worth', () => {
  for (const [what, instrument, lots, priceTicks, value] of [
    ['price x quantity on a spot market', spot, 15, 1015, '152.25'],
    ['price x contracts x multiplier for a linear contract', linear, 1500, 1015, '152.25'],
    ['contracts x multiplier / price for an inverse one, to twelve places', inverse, 3, 900, '3.333333333333'],
  ] as const)
    it(what, () => {
      expect(plain(fillValue(instrument, lots, priceTicks))).to.equal(value);
    });
  it('is exact where binary fractions are not, and where products leave the safe integers', () => {
    const fine = countInstrument(SPOT, { instrument: SPOT.instrument, priceScale: 8, sizeScale: 8 });
    expect(plain(fillValue(fine, 9_007_199_254_740_991, 9_007_199_254_740_991))).to.equal(
      '8112963841460666.3681390495662081', // 90071992.54740991 squared
    );
  });
});

describe('a fee', () => {
  it('is the rate of the value, in the settlement currency', () => {
    expect(plain(feeOf(spot, 15, 1015, '0.001'))).to.equal('0.15225');
    expect(plain(feeOf(inverse, 3, 900, '0.0005'))).to.equal('0.001666666667');
  });
  it('may be a rebate', () => expect(plain(feeOf(spot, 15, 1015, '-0.0001'))).to.equal('-0.015225'));
  it("is the venue's base tier unless the settings name another", () => {
    const settings = { ...DEFAULT_VENUE, fees: { maker: '0', taker: '0.0004' } };
    expect(new Desk('a', DEFAULT_VENUE).feeRate(spot, 'taker')).to.equal('0.001');
    expect(new Desk('a', settings).feeRate(spot, 'taker')).to.equal('0.0004');
  });
});

describe('a ledger', () => {
  const book = (instrument: Instrument, ...fills: [Side, number, number, string][]): Ledger => {
    const ledger = new Ledger();
    for (const [side, lots, price, fee] of fills) ledger.book(instrument, side, lots, price, fee);
    return ledger;
  };
  it('moves both currencies of a spot fill, and takes the fee from the settlement one', () => {
    expect(book(spot, [Side.buy, 15, 1010, '0.1515']).content()).to.deep.equal({
      cash: { BTC: '1.5', USD: '-151.6515' },
      positions: {},
      limited: false,
    });
    expect(book(spot, [Side.sell, 15, 1010, '0.1515']).content().cash).to.deep.equal({ BTC: '-1.5', USD: '151.3485' });
  });
  it('moves a position for a contract, and only its fee moves cash', () => {
    expect(book(linear, [Side.buy, 1500, 1000, '0.15'], [Side.sell, 500, 1020, '0.051']).content()).to.deep.equal({
      cash: { USDT: '-0.201' },
      positions: { 'BTC-LIN@test': { quantity: '1000', cost: '99' } },
      limited: false,
    });
  });
  it('counts an inverse contract in its base', () => {
    expect(book(inverse, [Side.sell, 3, 1000, '0.0015']).content()).to.deep.equal({
      cash: { BTC: '-0.0015' },
      positions: { 'BTC-PERP@test': { quantity: '-3', cost: '-3' } },
      limited: false,
    });
  });
  it('comes back out of a checkpoint as it was', () => {
    const ledger = book(inverse, [Side.buy, 7, 1001, '0.00349650349']);
    ledger.deposit('EUR', '0.000000000001');
    ledger.limited = true;
    const again = new Ledger();
    again.restore(ledger.content());
    expect(again.content()).to.deep.equal(ledger.content());
  });

  it('knows no limit unless it was given one', () => {
    expect(new Ledger().shortfall(spot, Side.buy, 10, 1010, '0.001', none)).to.equal(undefined);
  });
  it('pays for a purchase at its worst price, fee included, and not for a cent more', () => {
    const ledger = new Ledger();
    ledger.limited = true;
    ledger.deposit('USD', '101.101');
    expect(ledger.shortfall(spot, Side.buy, 10, 1010, '0.001', none)).to.equal(undefined);
    ledger.deposit('USD', '-0.001');
    expect(ledger.shortfall(spot, Side.buy, 10, 1010, '0.001', none)).to.deep.equal({
      currency: 'USD',
      needed: '101.101',
      available: '101.1',
    });
  });
  it('sells what it has, less what takes in flight may still need of it', () => {
    const ledger = new Ledger();
    ledger.limited = true;
    ledger.deposit('BTC', '1');
    expect(ledger.shortfall(spot, Side.sell, 10, 1000, '0.001', none)).to.equal(undefined);
    expect(ledger.shortfall(spot, Side.sell, 10, 1000, '0.001', () => new Decimal('0.1'))).to.deep.equal({
      currency: 'BTC',
      needed: '1',
      available: '0.9',
    });
  });
  it('asks no margin for contracts', () => {
    const ledger = new Ledger();
    ledger.limited = true;
    expect(ledger.shortfall(linear, Side.sell, 10_000, 1000, '0.001', none)).to.equal(undefined);
  });
});
