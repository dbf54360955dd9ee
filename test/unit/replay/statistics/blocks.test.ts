import { expect } from 'chai';
import { MICROS } from '../../../../core/time.js';
import { blocksOf } from '../../../../replay/statistics/blocks.js';

const starts = (session: string, count: number, every: number) =>
  Array.from({ length: count }, (_, index) => ({ session, at: index * every }));

describe('Blocks of starts', () => {
  it('last at least two of the longest windows, all about as long', () => {
    const { kind, count, lengthMicros, sizes } = blocksOf(starts('a', 100, 30 * MICROS.s), 5 * MICROS.m);
    expect([kind, count, lengthMicros]).to.deep.equal(['time', 5, 10 * MICROS.m]);
    expect([...sizes]).to.deep.equal([20, 20, 20, 20, 20]);
  });

  it('take what is left over in, so that none is shorter', () => {
    const { count, sizes } = blocksOf(starts('a', 119, 30 * MICROS.s), 5 * MICROS.m);
    expect(count).to.equal(5);
    expect([...sizes]).to.deep.equal([24, 24, 24, 24, 23]);
  });

  it('never span sessions, and a short session is one of them', () => {
    const { count, of, goesOn } = blocksOf([...starts('a', 40, MICROS.m), ...starts('b', 3, MICROS.m)], 10 * MICROS.m);
    expect(count).to.equal(3);
    expect([of[39], of[40]]).to.deep.equal([1, 2]);
    expect([...goesOn]).to.deep.equal([1, 0, 0]);
  });

  it('are whole sessions from ten sessions on', () => {
    const ten = Array.from({ length: 10 }, (_, index) => starts(`s${index}`, 50, MICROS.h)).flat();
    expect(blocksOf(ten, MICROS.m)).to.deep.include({ kind: 'sessions', count: 10, lengthMicros: null });
    expect(blocksOf(ten.slice(50), MICROS.m).kind).to.equal('time');
  });

  it('grow longer rather than more than forty', () => {
    const { count, lengthMicros } = blocksOf(starts('a', 4000, MICROS.m), 10 * MICROS.m);
    expect([count, lengthMicros]).to.deep.equal([40, 100 * MICROS.m]);
  });

  it('stand where starts are: a pause between starts is no block', () => {
    const { count, goesOn } = blocksOf(starts('a', 12, MICROS.h), 5 * MICROS.m);
    expect(count).to.equal(12);
    expect(goesOn[0]).to.equal(0);
  });

  it('know what overlapping windows make neighbours share', () => {
    const dense = blocksOf(starts('a', 100, 30 * MICROS.s), 5 * MICROS.m);
    expect(dense.overlap).to.be.closeTo((0.1 * 4) / 5, 1e-12);
    expect(blocksOf(starts('a', 100, 5 * MICROS.m), 5 * MICROS.m).overlap).to.equal(0);
  });

  it('of no start are none', () => expect(blocksOf([], MICROS.m).count).to.equal(0));
});
