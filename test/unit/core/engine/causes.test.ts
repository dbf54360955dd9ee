import { expect } from 'chai';
import { ASKS, at, begun, BIDS, fold, interrupted, snapshot, submitted, ticked } from '../../../support/market.js';

describe('the cause of an outcome', () => {
  const { outcomes } = fold([
    ...begun(), // seq 1 to 3
    submitted(at(2), { quantity: '0.2', duration: '10s', slices: 2 }), // 4
    interrupted(at(3)), // 5, behind the first slice's take
    snapshot(at(8), BIDS, ASKS), // 6, behind the second slice
    ticked(at(20)), // 7
  ]);
  const causes = (type: string): unknown[] =>
    outcomes.filter((outcome) => outcome.type === type).map(({ cause }) => cause);

  it('is the input that it met', () => {
    expect(causes('OrderAccepted')).to.deep.equal([4]);
  });
  it('is, for a timer, the input that set the first timer of its chain', () => {
    expect(causes('SliceSkipped')).to.deep.equal([4]);
    expect(causes('ChildReported')).to.deep.equal([4]);
    expect(causes('OrderCompleted')).to.deep.equal([4]);
  });
  it('is the input itself for the trust that it takes or gives, whatever went off on the way to it', () => {
    expect(causes('TrustLost')).to.deep.equal([5]);
    expect(causes('TrustRegained')).to.deep.equal([3, 6]);
  });
});
