import { expect } from 'chai';
import { bookLines, sweep } from '../../../../core/market/book-text.js';
import { NO_LEVEL, type Book, type LevelWatcher } from '../../../../core/market/book.js';
import { Side } from '../../../../core/market/columns.js';
import { FastBook } from '../../../../core/market/fast-book.js';
import { PlainBook } from '../../../../core/market/plain-book.js';

const { bid, ask } = Side;
const FAR = 50_000_000; // ticks: no window reaches from there to the touch

/** Every level of a side, best first. */
function levels(book: Book, side: Side): [price: number, lots: number][] {
  const found: [number, number][] = [];
  for (let price = book.best(side); price !== NO_LEVEL; price = book.next(side, price))
    found.push([price, book.sizeAt(side, price)]);
  return found;
}

for (const [name, NewBook] of [
  ['PlainBook', PlainBook],
  ['FastBook', FastBook],
] as const) {
  describe(name, () => {
    let told: Parameters<LevelWatcher>[];
    let book: Book;
    beforeEach(() => {
      told = [];
      book = new NewBook((...change) => told.push(change));
    });
    function quote(side: Side, ...sizes: readonly (readonly [number, number])[]): void {
      for (const [price, lots] of sizes) book.set(side, price, lots);
    }
    function snapshot(
      bids: readonly (readonly [number, number])[],
      asks: readonly (readonly [number, number])[],
    ): void {
      book.beginSnapshot();
      quote(bid, ...bids);
      quote(ask, ...asks);
      book.endSnapshot();
    }

    describe('levels', () => {
      it('is empty at first', () => {
        for (const side of [bid, ask]) {
          expect(book.best(side)).to.equal(NO_LEVEL);
          expect(book.next(side, 100)).to.equal(NO_LEVEL);
          expect(book.sizeAt(side, 100)).to.equal(0);
          expect(book.depth(side)).to.equal(0);
        }
      });
      it('lists bids from the highest, asks from the lowest', () => {
        quote(bid, [99, 5], [97, 1], [98, 3]);
        quote(ask, [102, 4], [101, 2], [110, 9]);
        expect(levels(book, bid)).to.deep.equal([
          [99, 5],
          [98, 3],
          [97, 1],
        ]);
        expect(levels(book, ask)).to.deep.equal([
          [101, 2],
          [102, 4],
          [110, 9],
        ]);
        expect([book.depth(bid), book.depth(ask)]).to.deep.equal([3, 3]);
      });
      it('replaces the size of a level that is there', () => {
        quote(bid, [99, 5], [99, 7]);
        expect(levels(book, bid)).to.deep.equal([[99, 7]]);
      });
      it('moves the touch in both directions', () => {
        quote(bid, [99, 5], [97, 1]);
        book.set(bid, 100, 1);
        expect(book.best(bid)).to.equal(100);
        book.set(bid, 100, 0);
        expect(book.best(bid)).to.equal(99);
        book.set(bid, 99, 0);
        expect(book.best(bid)).to.equal(97);
        book.set(bid, 97, 0);
        expect(book.best(bid)).to.equal(NO_LEVEL);
      });
      it('counts deletes of absent levels and changes nothing by them', () => {
        quote(ask, [101, 2], [101, 0], [101, 0], [105, 0], [FAR, 0]);
        expect(book.absentDeletes).to.equal(3);
        expect(book.depth(ask)).to.equal(0);
      });
      it('keeps the sides apart, also when they cross', () => {
        quote(bid, [101, 1]);
        quote(ask, [100, 2], [101, 3]);
        expect([book.sizeAt(bid, 101), book.sizeAt(ask, 101)]).to.deep.equal([1, 3]);
        expect([book.best(bid), book.best(ask)]).to.deep.equal([101, 100]);
      });
      it('finds the next level from a price where there is none', () => {
        quote(bid, [99, 5], [90, 1]);
        quote(ask, [101, 2], [FAR, 4]);
        expect(book.next(bid, 95)).to.equal(90);
        expect(book.next(bid, 100)).to.equal(99);
        expect(book.next(bid, FAR)).to.equal(99);
        expect(book.next(ask, 1)).to.equal(101);
        expect(book.next(ask, 150)).to.equal(FAR);
        expect(book.next(ask, FAR)).to.equal(NO_LEVEL);
        expect(book.next(ask, 2 ** 32 + 50)).to.equal(NO_LEVEL);
      });
      it('holds prices and sizes up to the greatest safe integer', () => {
        const greatest = Number.MAX_SAFE_INTEGER;
        quote(bid, [1, greatest], [greatest, 1], [greatest - 1, 2]);
        quote(ask, [greatest, greatest], [1, 3]);
        book.mark(ask, greatest);
        expect(levels(book, bid)).to.deep.equal([
          [greatest, 1],
          [greatest - 1, 2],
          [1, greatest],
        ]);
        expect(levels(book, ask)).to.deep.equal([
          [1, 3],
          [greatest, greatest],
        ]);
      });
      it('holds sizes beyond them, and tells of them where they are marked', () => {
        const [one, other] = [2 ** 53 + 2, 45_233_815_308_000_004];
        book.mark(ask, 101);
        quote(ask, [101, one], [101, other], [FAR, other]);
        book.unmark(ask, 101);
        expect(levels(book, ask)).to.deep.equal([
          [101, other],
          [FAR, other],
        ]);
        book.mark(ask, 101);
        quote(ask, [101, 0], [101, one]);
        expect(told).to.deep.equal([
          [ask, 101, 0, one],
          [ask, 101, one, other],
          [ask, 101, other, 0],
          [ask, 101, 0, one],
        ]);
      });
      it('keeps far levels while the touch wanders over millions of ticks', () => {
        quote(ask, [FAR, 7], [1, 3]);
        quote(bid, [FAR, 7], [1, 3]);
        book.set(ask, 1, 0);
        const touch = (step: number): number => 10_000_000 + step * 5_000;
        for (let step = 0; step < 3_000; step++) {
          for (const side of [bid, ask]) {
            book.set(side, touch(step), step + 1);
            book.set(side, touch(step) + 3, 2);
            if (step > 0) book.set(side, touch(step - 1), 0);
            if (step > 0) book.set(side, touch(step - 1) + 3, 0);
          }
        }
        expect(levels(book, ask)).to.deep.equal([
          [touch(2_999), 3_000],
          [touch(2_999) + 3, 2],
          [FAR, 7],
        ]);
        expect(levels(book, bid)).to.deep.equal([
          [FAR, 7],
          [touch(2_999) + 3, 2],
          [touch(2_999), 3_000],
          [1, 3],
        ]);
        expect(book.absentDeletes).to.equal(0);
      });
    });

    describe('marks', () => {
      it('tells of changes at a marked level only, with the size before and after', () => {
        quote(bid, [99, 5], [98, 3]);
        book.mark(bid, 99);
        quote(bid, [99, 7], [98, 4], [99, 0], [99, 2]);
        quote(ask, [99, 1]);
        expect(told).to.deep.equal([
          [bid, 99, 5, 7],
          [bid, 99, 7, 0],
          [bid, 99, 0, 2],
        ]);
      });
      it('tells of a level that was absent when it was marked, near and far', () => {
        quote(ask, [101, 1]);
        book.mark(ask, 103);
        book.mark(ask, FAR);
        quote(ask, [103, 4], [FAR, 5], [FAR, 0], [103, 0]);
        expect(told).to.deep.equal([
          [ask, 103, 0, 4],
          [ask, FAR, 0, 5],
          [ask, FAR, 5, 0],
          [ask, 103, 4, 0],
        ]);
        expect(book.absentDeletes).to.equal(0);
      });
      it('is silent when a level is set to the size that it has', () => {
        quote(ask, [101, 1]);
        for (const price of [101, 102, FAR]) book.mark(ask, price);
        quote(ask, [101, 1], [102, 0], [FAR, 0]);
        expect(told).to.deep.equal([]);
        expect(book.absentDeletes).to.equal(2);
      });
      it('shows the size of a marked level as of any other', () => {
        quote(bid, [99, 5]);
        book.mark(bid, 99);
        book.mark(bid, 98);
        expect(levels(book, bid)).to.deep.equal([[99, 5]]);
        expect([book.sizeAt(bid, 98), book.best(bid), book.depth(bid)]).to.deep.equal([0, 99, 1]);
      });
      it('counts marking twice once', () => {
        book.mark(bid, 99);
        book.mark(bid, 99);
        quote(bid, [99, 5]);
        expect(told).to.deep.equal([[bid, 99, 0, 5]]);
        book.unmark(bid, 99);
        book.unmark(bid, 99);
        quote(bid, [99, 6]);
        expect(told).to.have.length(1);
        expect(book.sizeAt(bid, 99)).to.equal(6);
      });
      it('tells after the change stands, and lets the watcher read, mark and unmark', () => {
        const seen: unknown[] = [];
        const watched: Book = new NewBook((side, price) => {
          seen.push([watched.best(side), watched.sizeAt(side, price)]);
          watched.unmark(side, price);
          watched.mark(side, price - 1);
        });
        watched.mark(bid, 99);
        for (const [price, lots] of [
          [99, 5],
          [99, 6],
          [98, 3],
          [97, 1],
        ] as const)
          watched.set(bid, price, lots);
        expect(seen).to.deep.equal([
          [99, 5],
          [99, 3],
          [99, 1],
        ]);
      });
      it('keeps marks when the touch goes far away and comes back', () => {
        book.mark(bid, 100);
        quote(bid, [100, 1]);
        for (let price = FAR; price < FAR + 4_000; price++) quote(bid, [price, 1]);
        quote(bid, [100, 2]);
        for (let price = FAR; price < FAR + 4_000; price++) quote(bid, [price, 0]);
        for (let lots = 3; lots < 3_000; lots++) quote(bid, [100, lots]);
        expect(told.map((change) => change[3])).to.deep.equal(Array.from({ length: 2_999 }, (_, i) => i + 1));
      });
    });

    describe('snapshots', () => {
      it('replaces the book', () => {
        quote(bid, [99, 5], [98, 3], [1, 1]);
        quote(ask, [101, 2], [FAR, 2]);
        snapshot([[97, 1]], [[103, 4]]);
        expect(levels(book, bid)).to.deep.equal([[97, 1]]);
        expect(levels(book, ask)).to.deep.equal([[103, 4]]);
        quote(bid, [99, 8]);
        expect(book.best(bid)).to.equal(99);
      });
      it('tells watchers the net differences only, bids first, best first, once all of it stands', () => {
        quote(bid, [99, 5], [98, 3], [95, 2], [94, 1]);
        quote(ask, [101, 2], [102, 6], [FAR, 1]);
        for (const price of [94, 98, 99, 96]) book.mark(bid, price);
        for (const price of [FAR, 102, 101]) book.mark(ask, price);
        snapshot(
          [
            [98, 4],
            [96, 7],
            [94, 1],
          ],
          [
            [102, 6],
            [101, 9],
          ],
        );
        expect(told).to.deep.equal([
          [bid, 99, 5, 0],
          [bid, 98, 3, 4],
          [bid, 96, 0, 7],
          [ask, 101, 2, 9],
          [ask, FAR, 1, 0],
        ]);
      });
      it('lets marks speak again afterwards', () => {
        book.mark(bid, 99);
        snapshot([[99, 4]], []);
        quote(bid, [99, 5]);
        expect(told).to.deep.equal([
          [bid, 99, 0, 4],
          [bid, 99, 4, 5],
        ]);
      });
      it('shows the levels set so far while it is open', () => {
        quote(bid, [99, 5]);
        book.beginSnapshot();
        expect(book.best(bid)).to.equal(NO_LEVEL);
        quote(bid, [97, 1]);
        expect([book.best(bid), book.depth(bid)]).to.deep.equal([97, 1]);
        book.endSnapshot();
        expect(levels(book, bid)).to.deep.equal([[97, 1]]);
      });
      it('ignores rows of size 0, near and far, and takes the last of two rows', () => {
        snapshot(
          [
            [99, 5],
            [99, 0],
            [98, 0],
            [97, 1],
            [97, 2],
          ],
          [
            [101, 3],
            [FAR, 3],
            [FAR, 4],
            [FAR, 0],
          ],
        );
        expect(levels(book, bid)).to.deep.equal([
          [99, 5],
          [97, 2],
        ]);
        expect(levels(book, ask)).to.deep.equal([
          [101, 3],
          [FAR, 4],
        ]);
        expect(book.absentDeletes).to.equal(0);
      });
      it('watches what was marked inside it from its end on, and leaves out what was unmarked', () => {
        book.mark(bid, 99);
        quote(bid, [99, 5], [98, 1]);
        told = [];
        book.beginSnapshot();
        book.mark(bid, 98);
        book.unmark(bid, 99);
        quote(bid, [98, 2], [99, 6]);
        book.endSnapshot();
        quote(bid, [98, 3], [99, 7]);
        expect(told).to.deep.equal([[bid, 98, 2, 3]]);
      });
      it('does not tell of a level that the watcher unmarked meanwhile', () => {
        const seen: number[] = [];
        const watched: Book = new NewBook((side, price) => {
          seen.push(price);
          watched.unmark(side, 98);
        });
        for (const price of [97, 98, 99]) watched.mark(bid, price);
        watched.beginSnapshot();
        for (const price of [97, 98, 99]) watched.set(bid, price, 1);
        watched.endSnapshot();
        expect(seen).to.deep.equal([99, 97]);
      });
      it('refuses to begin twice, to end unbegun, and to be rescaled half-way', () => {
        expect(() => book.endSnapshot()).to.throw('never began');
        book.beginSnapshot();
        expect(() => book.beginSnapshot()).to.throw('inside a snapshot');
        expect(() => book.rescale(10, 1)).to.throw('inside a snapshot');
      });
    });

    describe('finer increments', () => {
      it('multiplies prices and sizes, moves the marks, and tells nobody', () => {
        quote(bid, [99, 5], [98, 3]);
        quote(ask, [101, 2], [FAR, 4]);
        book.mark(bid, 99);
        book.mark(ask, FAR);
        book.mark(ask, 777);
        told = [];
        book.rescale(1_000, 10);
        expect(told).to.deep.equal([]);
        expect(levels(book, bid)).to.deep.equal([
          [99_000, 50],
          [98_000, 30],
        ]);
        expect(levels(book, ask)).to.deep.equal([
          [101_000, 20],
          [FAR * 1_000, 40],
        ]);
        quote(bid, [99, 1], [99_000, 51]);
        quote(ask, [777_000, 6], [FAR * 1_000, 0]);
        expect(told).to.deep.equal([
          [bid, 99_000, 50, 51],
          [ask, 777_000, 0, 6],
          [ask, FAR * 1_000, 40, 0],
        ]);
      });
      it('changes nothing when a price is beyond the safe integers', () => {
        quote(bid, [99, 5]);
        quote(ask, [2 ** 50, 7]);
        expect(() => book.rescale(10, 10)).to.throw('beyond safe integers');
        expect(levels(book, bid)).to.deep.equal([[99, 5]]);
        expect(levels(book, ask)).to.deep.equal([[2 ** 50, 7]]);
      });
      it('multiplies sizes beyond the safe integers, and changes nothing when one is no exact double then', () => {
        const odd = Number.MAX_SAFE_INTEGER;
        quote(bid, [99, 5]);
        quote(ask, [101, 2 ** 40], [102, 45_233_815_308]);
        book.rescale(1, 1_000_000);
        expect(book.sizeAt(ask, 102)).to.equal(45_233_815_308_000_000);
        expect(() => book.rescale(1, 100_000)).to.throw('cannot be counted exactly'); // 2^63 and more
        quote(ask, [101, 0], [103, odd]);
        expect(() => book.rescale(1, 10)).to.throw(`${odd} x 10 cannot be counted exactly`);
        expect(levels(book, bid)).to.deep.equal([[99, 5_000_000]]);
        expect(levels(book, ask)).to.deep.equal([
          [102, 45_233_815_308_000_000],
          [103, odd],
        ]);
      });
    });

    describe('its text', () => {
      it('is a line a level, bids first, best first, without trailing zeros', () => {
        quote(bid, [6_168_599, 100_870], [6_168_500, 1_000_000]);
        quote(ask, [6_168_600, 229_327], [20_000_000, 1]);
        expect([...bookLines(book, 2, 5)]).to.deep.equal([
          'b|61685.99|1.0087\n',
          'b|61685|10\n',
          'a|61686|2.29327\n',
          'a|200000|0.00001\n',
        ]);
      });
      it('is no line for an empty book', () => expect([...bookLines(book, 2, 5)]).to.deep.equal([]));
    });

    describe('a sweep', () => {
      beforeEach(() => {
        quote(bid, [99, 5], [97, 10]);
        quote(ask, [101, 2], [102, 4], [FAR, 9]);
      });
      it('empties the best level first', () => {
        expect(sweep(book, 'buy', 3)).to.deep.equal({ notional: 304n, filledLots: 3, worstTicks: 102, levels: 2 });
        expect(sweep(book, 'sell', 5)).to.deep.equal({ notional: 495n, filledLots: 5, worstTicks: 99, levels: 1 });
      });
      it('fills less when the side ends', () => {
        expect(sweep(book, 'sell', 100)).to.deep.equal({ notional: 1_465n, filledLots: 15, worstTicks: 97, levels: 2 });
      });
      it('goes no further than its limit', () => {
        expect(sweep(book, 'buy', 10, 102)).to.deep.include({ filledLots: 6, worstTicks: 102 });
        expect(sweep(book, 'sell', 10, 98)).to.deep.include({ filledLots: 5, worstTicks: 99 });
        expect(sweep(book, 'buy', 10, 100)).to.deep.equal({
          notional: 0n,
          filledLots: 0,
          worstTicks: NO_LEVEL,
          levels: 0,
        });
      });
      it('is exact where a number would not be', () => {
        quote(ask, [101, 0], [102, 0], [9_007_199_254_740_991, 9_007_199_254_740_991], [FAR, 0]);
        expect(sweep(book, 'buy', 9_007_199_254_740_991).notional).to.equal(9_007_199_254_740_991n ** 2n);
      });
      it('leaves the book as it is', () => {
        sweep(book, 'buy', 15);
        expect(book.depth(ask)).to.equal(3);
      });
    });
  });
}
