import { expect } from 'chai';
import type { Market } from '../../../../core/market/market.js';
import {
  ASKS,
  at,
  begun,
  BIDS,
  BTC,
  defined,
  delta,
  fold,
  interrupted,
  of,
  resumed,
  run,
  snapshot,
  SPOT,
  ticks,
  times,
  traded,
  types,
  type Happening,
} from '../../../support/market.js';

const marketAfter = (...inputs: Happening[]): Market => fold(inputs).engine.markets.get(BTC)!;
const trustAfter = (...inputs: Happening[]): string[] => {
  const market = marketAfter(...inputs);
  return [market.effectiveTrust(), market.effectiveReason()];
};
const crossing = delta(at(10), [['101', '1']], []); // locked at 101
const uncrossing = (when: number): Happening => delta(at(when), [['101', '0']], []);

describe('what a book is worth', () => {
  it('is nothing before its first snapshot, whatever came before that', () => {
    expect(trustAfter(run(), defined())).to.deep.equal(['untrusted', 'no_snapshot']);
    expect(trustAfter(run(), defined(), delta(at(1), BIDS, ASKS))).to.deep.equal(['untrusted', 'no_snapshot']);
    expect(trustAfter(...begun())).to.deep.equal(['trusted', '']);
  });
  it('is partial for a recording that starts empty, and trusted from a snapshot on', () => {
    const startsEmpty = defined({ ...SPOT, startsEmpty: true });
    expect(trustAfter(run(), startsEmpty, delta(at(1), BIDS, ASKS))).to.deep.equal(['partial', 'starts_empty']);
    expect(marketAfter(run(), startsEmpty, delta(at(1), BIDS, ASKS)).unusable(false)).to.equal('book_partial');
    expect(marketAfter(run(), startsEmpty, delta(at(1), BIDS, ASKS)).unusable(true)).to.equal(undefined);
    expect(trustAfter(run(), startsEmpty, snapshot(at(1), BIDS, ASKS))).to.deep.equal(['trusted', '']);
  });

  for (const reason of ['gap', 'checksum', 'disconnected', 'increment_overflow', 'silent'])
    it(`is lost by ${reason} and comes back with a snapshot; deltas go on being applied in between`, () => {
      const broken = [...begun(), interrupted(at(2), reason), delta(at(3), [['100.5', '7']], [])];
      expect(trustAfter(...broken)).to.deep.equal(['untrusted', reason]);
      expect(marketAfter(...broken).book.best(0)).to.equal(1005);
      expect(marketAfter(...broken).unusable(true)).to.equal('book_untrusted');
      const { outcomes } = fold([...broken, snapshot(at(4), BIDS, ASKS)]);
      expect(types(outcomes)).to.deep.equal(['TrustRegained', 'TrustLost', 'TrustRegained']);
      expect(of(outcomes, 'TrustLost')).to.deep.equal([{ instrument: BTC, reason }]);
    });
  it('is lost once by a break, which is one gap, however many messages come behind it', () => {
    const story = [...begun(), interrupted(at(2)), ...[3, 4, 5].map((each) => delta(at(each), [['99', '1']], []))];
    expect(marketAfter(...story).counts).to.include({ gaps: 1, bookUpdates: 3 });
    expect(types(fold(story).outcomes).filter((type) => type === 'TrustLost')).to.have.length(1);
  });
  it('keeps the reason of the first break, except that a silence gives way to anything worse', () => {
    expect(trustAfter(...begun(), interrupted(at(2), 'checksum'), interrupted(at(3)))[1]).to.equal('checksum');
    expect(trustAfter(...begun(), interrupted(at(2), 'silent'), interrupted(at(3)))[1]).to.equal('gap');
  });

  it('comes back behind a silence when the sequence goes on, or partly when nobody can tell', () => {
    const silent = [...begun(), interrupted(at(2), 'silent')];
    expect(trustAfter(...silent, resumed(at(8)))).to.deep.equal(['trusted', '']);
    expect(trustAfter(...silent, resumed(at(8), 'partial'))).to.deep.equal(['partial', 'starts_empty']);
  });
  it('does not come back by going on where more was lost than time', () => {
    expect(trustAfter(...begun(), interrupted(at(2)), resumed(at(8)))).to.deep.equal(['untrusted', 'gap']);
    expect(trustAfter(run(), defined(), resumed(at(8)))).to.deep.equal(['untrusted', 'no_snapshot']);
    const both = [...begun(), interrupted(at(2), 'silent'), interrupted(at(3)), resumed(at(8))];
    expect(trustAfter(...both)).to.deep.equal(['untrusted', 'gap']);
  });
});

describe('a book that is crossed or locked', () => {
  it('is usable no more, and still trusted for five seconds', () => {
    expect(marketAfter(...begun(), crossing).unusable(false)).to.equal('book_locked');
    expect(marketAfter(...begun(), delta(at(10), [['101.5', '1']], [])).unusable(false)).to.equal('book_crossed');
    expect(trustAfter(...begun(), crossing, ...ticks(14.999))).to.deep.equal(['trusted', '']);
  });
  it('is not trusted behind that, says so at that instant, and is trusted again when it is not crossed any more', () => {
    const { outcomes } = fold([...begun(), crossing, ...ticks(12, 20), uncrossing(30)]);
    expect(of(outcomes, 'TrustLost')).to.deep.equal([{ instrument: BTC, reason: 'crossed' }]);
    expect(times(outcomes, 'TrustLost')).to.deep.equal([15]);
    expect(times(outcomes, 'TrustRegained')).to.deep.equal([1, 30]);
  });
  it('begins to count anew each time that it is crossed', () => {
    const again = delta(at(14), [['101', '1']], []);
    const { outcomes } = fold([...begun(), crossing, uncrossing(13), again, ...ticks(16, 18, 20)]);
    expect(times(outcomes, 'TrustLost')).to.deep.equal([19]);
  });
  it('goes on counting while it stays crossed, whatever else changes in it', () => {
    const { outcomes } = fold([...begun(), crossing, delta(at(12), [['101', '4']], []), ...ticks(16)]);
    expect(times(outcomes, 'TrustLost')).to.deep.equal([15]);
  });
  it('of a snapshot is crossed as well, and one that is not ends it', () => {
    const crossed = snapshot(at(10), [['102', '1']], ASKS);
    expect(times(fold([...begun(), crossed, ...ticks(16)]).outcomes, 'TrustLost')).to.deep.equal([15]);
    const { outcomes } = fold([...begun(), crossing, ...ticks(16), snapshot(at(17), BIDS, ASKS)]);
    expect(times(outcomes, 'TrustRegained')).to.deep.equal([1, 17]);
  });
  it('does not give trust back that was lost otherwise', () => {
    const story = [...begun(), crossing, interrupted(at(11)), ...ticks(16)];
    expect(trustAfter(...story)).to.deep.equal(['untrusted', 'gap']);
    expect(trustAfter(...story, uncrossing(17))).to.deep.equal(['untrusted', 'gap']);
    expect(types(fold([...story, uncrossing(17)]).outcomes)).to.deep.equal(['TrustRegained', 'TrustLost']);
  });
  it('is counted message by message', () => {
    const story = [...begun(), crossing, delta(at(11), [['101', '2']], []), uncrossing(12)];
    expect(marketAfter(...story).counts.crossed).to.equal(2);
  });
  it('takes a side that is empty for no crossing', () => {
    const oneSided = marketAfter(...begun(), snapshot(at(2), BIDS, []));
    expect([oneSided.unusable(false), oneSided.counts.crossed]).to.deep.equal(['one_side_empty', 0]);
  });
});

describe("an instrument's messages", () => {
  it('are counted by kind', () => {
    const dropped: Happening = {
      type: 'BookDelta',
      version: 1,
      at: at(3),
      data: { instrument: BTC, bids: [], asks: [], dropped: true },
    };
    const two = [
      ['99', '1'],
      ['98', '0'],
    ] as const;
    const market = marketAfter(
      ...begun(),
      delta(at(2), two, []),
      delta(at(3), [], []),
      dropped,
      traded(at(4), { side: 'buy', price: '101', quantity: '0.3' }),
      interrupted(at(5)),
    );
    expect(market.counts).to.deep.equal({
      messages: 6,
      snapshots: 1,
      bookUpdates: 2,
      levelChanges: 2,
      droppedAsOld: 1,
      gaps: 1,
      crossed: 0,
      late: 0,
    });
    expect(market.book.absentDeletes).to.equal(1);
    expect([market.tape.count, market.tape.volumeLots]).to.deep.equal([1, 3n]);
  });
  it('move the greatest time of the venue, and the last sequence and receive time of the book', () => {
    const timed = (venueAt: number, venueSeq: number, when: number): Happening => ({
      type: 'BookDelta',
      version: 1,
      at: at(when),
      data: { instrument: BTC, venueAt: at(venueAt), venueSeq, bids: [['99', '1']], asks: [] },
    });
    const market = marketAfter(...begun(), timed(1.9, 7, 2), timed(1.8, 8, 3), delta(at(4), [], []));
    expect(market.venueAt).to.equal(at(1.9));
    expect(market.venueSeq).to.equal(8);
    expect(market.bookAt).to.equal(at(4));
  });
});
