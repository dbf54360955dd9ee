import { expect } from 'chai';
import { Consumption } from '../../../../core/desk/consumption.js';
import { walk } from '../../../../core/desk/walk.js';
import { PlainBook } from '../../../../core/market/plain-book.js';
import { Side } from '../../../../core/market/columns.js';

const book = new PlainBook();
for (const [price, lots] of [
  [100, 5],
  [99, 5],
  [97, 20],
] as const)
  book.set(Side.bid, price, lots);
for (const [price, lots] of [
  [101, 1],
  [102, 2],
  [105, 10],
] as const)
  book.set(Side.ask, price, lots);

const walked = (side: Side, lots: number, limit = 0, consumption = new Consumption('expected')) => {
  const { steps, ...rest } = walk(book, consumption, side, lots, limit);
  return { ...rest, steps: steps.map((step) => [step.priceTicks, step.lots]) };
};

describe('a walk through the book', () => {
  it('empties the best level first', () => {
    expect(walked(Side.buy, 5)).to.deep.equal({
      steps: [
        [101, 1],
        [102, 2],
        [105, 2],
      ],
      filledLots: 5,
      worstTicks: 105,
      stopped: undefined,
    });
    expect(walked(Side.sell, 7).steps).to.deep.equal([
      [100, 5],
      [99, 2],
    ]);
  });
  it('stops where it has all it wants, at a full level too', () => {
    expect(walked(Side.buy, 3)).to.include({ worstTicks: 102, stopped: undefined });
  });
  it('goes no further than its limit, which itself is good enough', () => {
    expect(walked(Side.buy, 5, 102)).to.include({ filledLots: 3, worstTicks: 102, stopped: 'limit_price' });
    expect(walked(Side.sell, 50, 99)).to.include({ filledLots: 10, worstTicks: 99, stopped: 'limit_price' });
    expect(walked(Side.buy, 5, 100)).to.include({ filledLots: 0, worstTicks: 0, stopped: 'limit_price' });
  });
  it('ends where the book does', () => {
    expect(walked(Side.buy, 50)).to.include({ filledLots: 13, worstTicks: 105, stopped: 'depth_exhausted' });
  });
  it('finds what this desk has left of a level', () => {
    const consumption = new Consumption('expected');
    consumption.take(Side.ask, 101, 1);
    consumption.take(Side.ask, 102, 1);
    consumption.take(Side.bid, 102, 50); // the other side of the book is another level
    expect(walked(Side.buy, 3, 0, consumption).steps).to.deep.equal([
      [102, 1],
      [105, 2],
    ]);
  });
  it('passes over a level where more was taken than is displayed', () => {
    const consumption = new Consumption('expected');
    consumption.take(Side.ask, 101, 3);
    expect(walked(Side.buy, 1, 0, consumption).steps).to.deep.equal([[102, 1]]);
  });
  it('says what was displayed where it took', () => {
    const { steps } = walk(book, new Consumption('expected'), Side.buy, 2, 0);
    expect(steps.map(({ displayedLots }) => displayedLots)).to.deep.equal([1, 2]);
  });
  it('finds nothing in an empty book', () => {
    const answer = walk(new PlainBook(), new Consumption('expected'), Side.buy, 2, 0);
    expect(answer).to.deep.equal({ steps: [], filledLots: 0, worstTicks: 0, stopped: 'depth_exhausted' });
  });
});
