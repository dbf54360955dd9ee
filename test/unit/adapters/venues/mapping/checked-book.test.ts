import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { CheckedBook } from '../../../../../adapters/venues/mapping/checked-book.js';
import { joinedCrc } from '../../../../../adapters/venues/mapping/joined-crc.js';
import { Levels } from '../../../../../adapters/venues/mapping/levels.js';
import { CHECKSUM as KRAKEN } from '../../../../../adapters/venues/kraken/checksum.js';
import { CHECKSUM as OKX } from '../../../../../adapters/venues/okx/checksum.js';
import { krakenChecksum, okxChecksum } from '../../../../support/plain-checksums.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';

describe('a checksum of a book', () => {
  it('of two texts is joined from those of each', () =>
    seedOf('joined checksums', (seed) => {
      const random = seeded(seed);
      const text = (): string =>
        Array.from({ length: Math.floor(random() * 130) }, () => String.fromCharCode(32 + random() * 90)).join('');
      for (let round = 0; round < 500; round++) {
        const [first, second] = [text(), text()];
        expect(joinedCrc(crc32(first), crc32(second), second.length) >>> 0).to.equal(crc32(first + second));
      }
    }));

  for (const [venue, rules, plain] of [
    ['Kraken', KRAKEN, krakenChecksum],
    ['OKX', OKX, (bids: Plain, asks: Plain): number => okxChecksum(bids, asks) >>> 0],
  ] as const)
    it(`of ${venue} is that of the whole text after any changes`, () =>
      seedOf(`the checked book of ${venue}`, (seed) => {
        const random = seeded(seed);
        const below = (count: number): number => Math.floor(random() * count);
        for (const depth of [10, 25, Infinity]) {
          const levels = new Levels();
          const book = new CheckedBook(rules);
          book.depth = depth;
          const sides: [Plain, Plain] = [[], []];
          for (let round = 0; round < 400; round++) {
            const changes = ([0, 1] as const).map((side) =>
              Array.from({ length: below(3) }, () => change(below, side, random() < 0.4)),
            ) as [Plain, Plain];
            levels.read(...changes);
            const cut = book.apply(levels, ...changes) ?? [[], []];
            for (const side of [0, 1] as const) {
              for (const level of changes[side]) put(sides[side], level, side);
              expect(cut[side]).to.deep.equal(sides[side].splice(depth).map(([price]) => price));
            }
            if (below(3) > 0) expect(book.checksum()).to.equal(plain(...sides));
          }
        }
      }));

  it('of a book without levels is 0', () => {
    expect(new CheckedBook(KRAKEN).checksum()).to.equal(0);
    expect(new CheckedBook(OKX).checksum()).to.equal(0);
  });
});

type Plain = (readonly [string, string])[];

/** The same price in one of two spellings: they are one level. */
function change(below: (count: number) => number, side: 0 | 1, isGone: boolean): readonly [string, string] {
  const price = `${(side === 0 ? 99 : 100) + below(2)}.${below(30)}${'0'.repeat(below(2))}`;
  return [price, isGone ? '0.00' : `${below(3)}.${1 + below(9)}00`];
}

function put(side: Plain, level: readonly [string, string], which: 0 | 1): void {
  const value = Number(level[0]);
  const at = side.findIndex(([price]) => Number(price) === value);
  if (at >= 0) side.splice(at, 1);
  if (Number(level[1]) > 0) side.push(level);
  side.sort(([a], [b]) => (which === 0 ? Number(b) - Number(a) : Number(a) - Number(b)));
}
