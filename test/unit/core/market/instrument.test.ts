import { expect } from 'chai';
import { InvariantViolation } from '../../../../core/errors.js';
import type { InstrumentDefinition } from '../../../../core/market/events.js';
import { countInstrument, priceText, sizeText } from '../../../../core/market/instrument.js';
import { at, begun, BTC, defined, fold, run, SPOT } from '../../../support/market.js';

describe("an instrument's rules", () => {
  it('are counted in the digits of its steps', () => {
    const { units, tickTicks, lotLots, minQuantityLots } = countInstrument({
      ...SPOT,
      tickSize: '0.25',
      lotSize: '0.01',
      minQuantity: '0.015',
    });
    expect(units).to.deep.equal({ instrument: BTC, priceScale: 2, sizeScale: 3 });
    expect([tickTicks, lotLots, minQuantityLots]).to.deep.equal([25, 10, 15]);
  });
  it('are counted finer where data need it, and never coarser', () => {
    const finer = { instrument: BTC, priceScale: 5, sizeScale: 0 };
    expect(countInstrument(SPOT, finer)).to.deep.include({ tickTicks: 50_000, lotLots: 1 });
    expect(countInstrument(SPOT, finer).units).to.include({ priceScale: 5, sizeScale: 1 });
  });
  it('write counts as plain decimals', () => {
    const { units } = countInstrument(SPOT);
    expect([priceText(1005, units), sizeText(20n, units)]).to.deep.equal(['100.5', '2']);
  });
  for (const [what, wrong] of [
    ['a tick size of zero', { tickSize: '0' }],
    ['a lot size of zero', { lotSize: '0.0' }],
    ['a tick size that is no decimal', { tickSize: '1e-8' }],
    ['a negative minimum', { minQuantity: '-1' }],
    ['a multiplier that is no decimal', { multiplier: '' }],
    ['a minimum that cannot be counted in its lots', { minQuantity: '9007199254740991', lotSize: '0.001' }],
  ] as readonly [string, Partial<InstrumentDefinition>][])
    it(`cannot have ${what}`, () => {
      expect(() => countInstrument({ ...SPOT, ...wrong })).to.throw(InvariantViolation);
    });

  const rules = { [BTC]: { tickSize: '1', minQuantity: '0.5', rules: 'file' as const } };
  it('of the run win over those of the feed, before it and behind it', () => {
    const before = fold([run({}, { settings: { rules } }), defined()]).engine;
    const behind = fold([...begun(), run({}, { at: at(2), settings: { rules } })]).engine;
    const again = fold([...begun(), run({}, { at: at(2), settings: { rules } }), defined(SPOT, at(3))]).engine;
    for (const engine of [before, behind, again])
      expect(engine.markets.get(BTC)!.instrument.definition).to.include({
        tickSize: '1',
        minQuantity: '0.5',
        lotSize: '0.1',
        rules: 'file',
      });
  });
  it('change without a word about the book', () => {
    const { engine } = fold([...begun(), defined({ ...SPOT, tickSize: '1', lotSize: '0.001' }, at(2))]);
    const market = engine.markets.get(BTC)!;
    expect(market.trust).to.equal('trusted');
    expect(market.units).to.include({ priceScale: 1, sizeScale: 3 });
    expect(market.book.sizeAt(0, 1000)).to.equal(5000);
  });
});
