import { expect } from 'chai';
import { Draws, draw, exponential, normal, philox, uniform } from '../../core/draws.js';

const MANY = 100_000;
const WORD = 2 ** 32;

describe('draws', () => {
  it('are Philox4x32-10, whose authors published these answers', () => {
    const block = new Uint32Array(4);
    const answer = (...words: [number, number, number, number, number, number]): number[] => {
      philox(...words, block);
      return [...block];
    };
    expect(answer(0, 0, 0, 0, 0, 0)).to.deep.equal([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(answer(-1, -1, -1, -1, -1, -1)).to.deep.equal([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(
      answer(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0),
      'digits of pi',
    ).to.deep.equal([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
  });

  it('are the same on every machine and in every order', () => {
    const golden = [1_343_886_859, 436_950_758, 1_925_009_100, 3_861_007_674, 952_764_864];
    const numbers = [0, 1, 2, WORD, Number.MAX_SAFE_INTEGER];
    expect(numbers.map((number) => draw(1, 'o1', number))).to.deep.equal(golden);
    expect([...numbers].reverse().map((number) => draw(1, 'o1', number))).to.deep.equal([...golden].reverse());
    expect([0, 1, 2].map((number) => uniform(7, 'order', number, 10 ** 12))).to.deep.equal([
      100_929_854_162, 827_256_182_865, 493_923_131_045,
    ]);
  });

  it('differ by seed, key and number', () => {
    const all = new Set<number>();
    for (const seed of [0, 1, 2, WORD, WORD + 1])
      for (const key of ['', 'a', 'b', 'ab', 'ba', 'a\0', 'o1', 'o10', 'o1/1'])
        for (const number of [0, 1, 2, WORD, 2 * WORD]) all.add(draw(seed, key, number));
    expect(all.size).to.equal(5 * 9 * 5);
  });

  it('read word by word agree with the draws by number', () => {
    const draws = new Draws(3, 'k');
    const words = Array.from({ length: 12 }, () => draws.next());
    expect([words[0], words[4], words[8]]).to.deep.equal([0, 1, 2].map((number) => draw(3, 'k', number)));
    expect(draws.seek(1).next()).to.equal(words[4]);
  });

  it('fall evenly into sixteen classes, neighbours independent', () => {
    for (const key of ['x', 'y', 'z']) {
      const single = new Array<number>(16).fill(0);
      const pairs = new Array<number>(256).fill(0);
      let last = 0;
      for (let number = 0; number < MANY; number++) {
        const now = uniform(5, key, number, 16);
        single[now]!++;
        pairs[16 * last + now]!++;
        last = now;
      }
      // 15 and 255 degrees of freedom: beyond these once in ten thousand keys
      expect(chiSquare(single), `key ${key}`).to.be.below(44.3);
      expect(chiSquare(pairs), `key ${key}, pairs`).to.be.below(347);
    }
  });

  it('below n reach both ends and never n', () => {
    const draws = new Draws(1, 'ends');
    const seen = new Set(Array.from({ length: 1000 }, () => draws.below(3)));
    expect([...seen].sort()).to.deep.equal([0, 1, 2]);
    for (let number = 0; number < 100; number++) expect(uniform(1, 'one', number, 1)).to.equal(0);
    expect(() => uniform(1, 'none', 0, 0)).to.throw('not possible');
  });

  it('refuse a seed that is no whole number', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => draw(seed, 'k', 0), String(seed)).to.throw('seed');
  });

  it('make an exponential distribution within its stated precision', () => {
    for (let i = 0; i < 10_000; i++) {
      const word = draw(1, 'exponential', i);
      expect(exponential(word)).to.be.closeTo(-Math.log((word + 0.5) / WORD) * 1e6, 130);
    }
    expect([exponential(0), exponential(WORD - 1)]).to.deep.equal([22_873_851, 1]);
  });

  it('make a normal distribution', () => {
    const draws = new Draws(1, 'normal');
    let sum = 0;
    let squares = 0;
    let beyondTwo = 0;
    for (let i = 0; i < MANY; i++) {
      const value = draws.normal() / 1e6;
      sum += value;
      squares += value * value;
      if (value > 2 || value < -2) beyondTwo++;
    }
    expect(sum / MANY).to.be.closeTo(0, 0.013);
    expect(squares / MANY).to.be.closeTo(1, 0.02);
    expect(beyondTwo / MANY).to.be.closeTo(0.0455, 0.003);
    expect([normal(0), normal(1), normal(WORD - 1), normal(WORD - 2)]).to.deep.equal([5_419_983, -5_419_983, 0, 0]);
  });
});

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
