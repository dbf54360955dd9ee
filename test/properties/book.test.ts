import { expect } from 'chai';
import { bookLines, sweep } from '../../core/market/book-text.js';
import type { Book } from '../../core/market/book.js';
import { Side } from '../../core/market/columns.js';
import { FastBook } from '../../core/market/fast-book.js';
import { PlainBook } from '../../core/market/plain-book.js';

const STEPS = 24_000;
const named = process.env['REPRISE_SEED'];
const seeds = named === undefined ? Array.from({ length: 12 }, (_, i) => i + 1) : [Number(named)];

/** Sizes beyond the safe integers and near their end; of the first and the last, no finer increment can count them. */
const GIANTS = [Number.MAX_SAFE_INTEGER - 10_000, 45_233_815_308_000_000, 2 ** 53 + 2, 2 ** 63 - 1024];

describe('a fast book and its plain twin', () => {
  for (const seed of seeds) {
    it(`give one answer to everything, whatever happens to them (REPRISE_SEED=${seed})`, () => {
      const twins = new Twins(seed);
      try {
        for (let step = 0; step < STEPS; step++) twins.step(step);
      } catch (error) {
        console.log(`      failed with REPRISE_SEED=${seed} at step ${twins.steps}`);
        throw error;
      }
    });
  }
});

/** A market that lives through calm, drift, jumps and stub quotes, told to both books alike. */
class Twins {
  steps = 0;
  readonly #draw: Draw;
  readonly #told: { plain: string[]; fast: string[] } = { plain: [], fast: [] };
  readonly #plain = new PlainBook((...change) => this.#told.plain.push(change.join(' ')));
  readonly #fast = new FastBook((...change) => this.#told.fast.push(change.join(' ')));
  readonly #books: readonly Book[] = [this.#plain, this.#fast];
  #mid: number;
  #recent: number[] = [];
  #reach = 4; // levels stand up to 2^reach ticks from the middle
  #pull = 0.5; // share of changes that delete
  #drift = 0; // ticks a step
  #inSnapshot = false;
  #rescales = 2;
  readonly #hasGiants: boolean;

  constructor(seed: number) {
    this.#draw = drawFrom(seed);
    this.#hasGiants = seed % 3 === 0;
    this.#mid = Math.floor(2 ** (4 + this.#draw() * 30));
  }

  step(step: number): void {
    this.steps = step;
    if (step % 4_000 === 0) this.#turn();
    if (this.#mid + this.#drift > 0) this.#mid += this.#drift;
    this.#act();
    this.#compareAnswers();
    if (step % 500 === 499) this.#compareWhole();
  }

  /** The market changes its nature. */
  #turn(): void {
    this.#reach = this.#pick([3, 8, 12, 16, 19, 21, 26]);
    this.#pull = this.#pick([0.2, 0.45, 0.6]);
    this.#drift = this.#pick([0, 0, 1, -1, 40, -40, 3_000, -3_000]);
    if (this.#draw() < 0.2) this.#mid = Math.floor(2 ** (4 + this.#draw() * 30)); // a jump, or the books get a new market
  }

  #act(): void {
    const side = this.#side();
    const price = this.#price(side);
    const chance = this.#draw();
    if (chance < 0.04) this.#both((book) => book.mark(side, price));
    else if (chance < 0.07) this.#both((book) => book.unmark(side, price));
    else if (chance < 0.071) this.#beginSnapshot();
    else if (chance < 0.081) this.#endSnapshot();
    else if (chance < 0.0812) this.#rescale();
    else this.#set(side, price);
  }

  #set(side: Side, price: number): void {
    const huge = this.#hasGiants && this.#draw() < 0.01;
    const size = huge ? this.#pick(GIANTS) : 1 + this.#below(5); // few sizes, so that some repeat
    const lots = this.#draw() < this.#pull ? 0 : size;
    this.#both((book) => book.set(side, price, lots));
  }

  #beginSnapshot(): void {
    if (this.#inSnapshot) return;
    this.#inSnapshot = true;
    this.#both((book) => book.beginSnapshot());
  }

  #endSnapshot(): void {
    if (!this.#inSnapshot) return;
    this.#inSnapshot = false;
    this.#both((book) => book.endSnapshot());
  }

  #rescale(): void {
    if (this.#inSnapshot || this.#rescales === 0) return;
    const factors = [this.#pick([1, 10, 100]), this.#pick([1, 10])] as const;
    const outcomes = this.#books.map((book) => {
      try {
        book.rescale(...factors);
        return 'done';
      } catch (error) {
        return String(error).replace(/\d+ x/, '');
      }
    });
    expect(outcomes[1]).to.equal(outcomes[0]);
    if (outcomes[0] !== 'done') return;
    this.#rescales--;
    this.#mid *= factors[0];
    this.#recent = this.#recent.map((price) => price * factors[0]);
  }

  #compareAnswers(): void {
    const side = this.#side();
    const price = this.#price(side);
    const answers = this.#books.map((book) => ({
      absentDeletes: book.absentDeletes,
      best: [book.best(Side.bid), book.best(Side.ask)],
      depth: [book.depth(Side.bid), book.depth(Side.ask)],
      size: book.sizeAt(side, price),
      next: book.next(side, price),
    }));
    expect(JSON.stringify(answers[1])).to.equal(JSON.stringify(answers[0]));
    if (this.#told.plain.length + this.#told.fast.length > 0) {
      expect(this.#told.fast).to.deep.equal(this.#told.plain);
      this.#told.plain = [];
      this.#told.fast = [];
    }
  }

  #compareWhole(): void {
    const lots = 1 + this.#below(1_000);
    const wholes = this.#books.map((book) => ({
      text: [...bookLines(book, 3, 2)].join(''),
      buy: Object.values(sweep(book, 'buy', lots)).join(' '),
      sell: Object.values(sweep(book, 'sell', lots)).join(' '),
    }));
    expect(wholes[1]).to.deep.equal(wholes[0]);
  }

  #both(act: (book: Book) => void): void {
    for (const book of this.#books) act(book);
  }

  #side(): Side {
    return this.#draw() < 0.5 ? Side.bid : Side.ask;
  }

  /** Often one of the last few hundred prices, else a new one: mostly behind the middle, sometimes across it. */
  #price(side: Side): number {
    if (this.#recent.length > 0 && this.#draw() < 0.4) return this.#pick(this.#recent);
    const distance = Math.floor(2 ** (this.#draw() * this.#reach));
    const away = this.#draw() < 0.1 ? -distance : distance;
    const price = this.#mid + (side === Side.bid ? -away : away);
    const legal = price > 0 ? price : 1 + this.#below(50);
    if (this.#recent.length < 400) this.#recent.push(legal);
    else this.#recent[this.#below(400)] = legal;
    return legal;
  }

  #below(bound: number): number {
    return Math.floor(this.#draw() * bound);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!;
  }
}

/** A number in [0, 1). */
type Draw = () => number;

/** A Weyl sequence put through a finaliser of two multiplications: plenty for tests, and the same everywhere. */
function drawFrom(seed: number): Draw {
  let state = Math.imul(seed, 0x2c1b3c6d) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
}
