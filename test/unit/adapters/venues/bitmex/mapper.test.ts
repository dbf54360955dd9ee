import { expect } from 'chai';
import { BITMEX } from '../../../../../adapters/venues/bitmex/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { bitmex, bitmexPartial } from '../../../../support/bitmex-feed.js';
import { Mapped, TestSource, type Sent } from '../../../../support/mapped.js';

const { book, trade } = bitmex;

async function told(sent: readonly Sent[], source = new TestSource()): Promise<string[]> {
  const mapped = new Mapped(BITMEX, source);
  await mapped.take(sent);
  return mapped.told();
}

async function begun(source = new TestSource()): Promise<Mapped> {
  const mapped = new Mapped(BITMEX, source);
  await mapped.take([bitmexPartial()]);
  mapped.told();
  return mapped;
}

describe('the BitMEX mapper', () => {
  it('takes a partial as the whole book, and finds the price of a level that only its id names', async () => {
    const lines = await told([
      bitmexPartial(),
      [10, book('update', [[101, 'Sell', 3]])],
      [20, book('insert', [[102, 'Buy', 4, 10.5]])],
      [
        30,
        book('delete', [
          [103, 'Buy'],
          [102, 'Buy'],
        ]),
      ],
      [40, book('insert', [[103, 'Buy', 8, 10]])],
    ]);
    expect(lines).to.deep.equal([
      '0 BookSnapshot - b 10x1 9.5x7 a 11.5x5 11x2',
      '10 BookDelta - a 11x3',
      '20 BookDelta - b 10.5x4',
      '30 BookDelta - b 10x0 10.5x0',
      '40 BookDelta - b 10x8',
    ]);
  });

  it('knows an id of either side apart: a price may stand on both in turn', async () => {
    const lines = await told([
      bitmexPartial(),
      [10, book('insert', [[103, 'Sell', 6, 10]])],
      [20, book('delete', [[103, 'Buy']])],
      [30, book('update', [[103, 'Sell', 5]])],
    ]);
    expect(lines.slice(1)).to.deep.equal(['10 BookDelta - a 10x6', '20 BookDelta - b 10x0', '30 BookDelta - a 10x5']);
  });

  it('takes the prices that newer messages say, and their latest time', async () => {
    const mapped = await begun();
    const rows = { timestamp: '2024-01-01T00:00:00.011Z' };
    await mapped.take([[10, book('update', [[101, 'Sell', 3, 11]], 'XBTUSD', 'orderBookL2', rows)]]);
    expect(mapped.events[0]!.data).to.include({ venueAt: 1_704_067_200_011_000 });
    expect(mapped.told()).to.deep.equal(['10 BookDelta - a 11x3']);
  });

  describe('where a message was missed', () => {
    for (const [what, message, change] of [
      [
        'an update of an unknown level',
        book('update', [
          [999, 'Sell', 3],
          [101, 'Sell', 1],
        ]),
        ' a 11x1',
      ],
      ['a deletion of an unknown level', book('delete', [[999, 'Buy']]), ''],
      ['a level that is inserted and is there', book('insert', [[101, 'Sell', 3, 11]]), ' a 11x3'],
      ['a level whose price has changed', book('update', [[101, 'Sell', 3, 12]]), ' a 11x0 12x3'],
    ] as const)
      it(`says a gap once, before the message: ${what}`, async () => {
        const source = new TestSource(true);
        const mapped = await begun(source);
        await mapped.take([[10, message], [20, book('update', [[998, 'Buy', 3]])], bitmexPartial(30)]);
        expect(mapped.told()).to.deep.equal([
          '10 FeedInterrupted gap',
          `10 BookDelta -${change}`,
          '20 BookDelta -',
          '30 BookSnapshot - b 10x1 9.5x7 a 11.5x5 11x2',
        ]);
        expect(source.asked).to.deep.equal(['XBTUSD', 'XBTUSD']);
      });

    it('forgets the levels of a line that was lost, and says nothing before its next partial', async () => {
      const mapped = await begun();
      mapped.mapper.interrupt(mapped.source, 1_704_067_200_005_000, 'disconnected', 'gone');
      await mapped.take([
        [10, book('update', [[101, 'Sell', 3]])],
        bitmexPartial(20),
        [30, book('delete', [[101, 'Sell']])],
      ]);
      expect(mapped.told()).to.deep.equal([
        '5 FeedInterrupted disconnected',
        '10 BookDelta -',
        '20 BookSnapshot - b 10x1 9.5x7 a 11.5x5 11x2',
        '30 BookDelta - a 11x0',
      ]);
    });

    it('keeps the levels through a silence, after which only a partial is trusted', async () => {
      const mapped = await begun();
      mapped.mapper.interrupt(mapped.source, 1_704_067_200_005_000, 'silent', 'nothing came');
      await mapped.take([[10, book('update', [[101, 'Sell', 3]])]]);
      expect(mapped.told()).to.deep.equal(['5 FeedInterrupted silent', '10 BookDelta - a 11x3']);
    });
  });

  describe('before the first partial', () => {
    const early: readonly Sent[] = [
      [0, book('insert', [[102, 'Buy', 4, 10.5]])],
      [5, book('update', [[102, 'Buy', 3]])],
      [6, book('delete', [[999, 'Buy']])],
    ];
    it('leaves messages of a live line out', async () => {
      expect(await told([...early, bitmexPartial(10)], new TestSource(true))).to.deep.equal([
        '0 BookDelta - dropped',
        '5 BookDelta - dropped',
        '6 BookDelta - dropped',
        '10 BookSnapshot - b 10x1 9.5x7 a 11.5x5 11x2',
      ]);
    });
    it('lets the book of a recording start empty, with the levels whose price was told', async () => {
      const mapped = new Mapped(BITMEX);
      await mapped.take(early);
      expect(mapped.told()).to.deep.equal(['0 BookDelta - b 10.5x4', '5 BookDelta - b 10.5x3', '6 BookDelta -']);
      expect(mapped.mapper.finish()[0]).to.include({ startsEmpty: true });
    });
  });

  it('takes an empty book by the name that was asked for', async () => {
    expect(await told([[0, book('partial', [], 'ETHUSD')]])).to.deep.equal(['0 BookSnapshot -']);
  });

  it('reads the table that the first partial is of, and says how deep it is', async () => {
    const mapped = new Mapped(BITMEX);
    const taken = await mapped.take([
      bitmexPartial(0, 'XBTUSD', 'orderBookL2_25'),
      bitmexPartial(10),
      [20, book('delete', [[101, 'Sell']])],
    ]);
    expect(taken).to.deep.equal([true, false, false]);
    expect(mapped.mapper.finish()[0]).to.include({ publishedDepth: 25 });
  });

  it('tells the books of a partial of all instruments apart', async () => {
    const one = book('partial', [[1, 'Buy', 1, 10]]) as { data: object[] };
    const two = book('partial', [[2, 'Sell', 2, 20]], 'ETHUSD') as { data: object[] };
    const both = { ...one, filter: {}, data: [...one.data, ...two.data] };
    expect(await told([[0, both]])).to.deep.equal(['XBTUSD 0 BookSnapshot - b 10x1', 'ETHUSD 0 BookSnapshot - a 20x2']);
  });

  describe('trades', () => {
    it('are those that are inserted; a partial is history', async () => {
      const mapped = new Mapped(BITMEX);
      const sold = trade('Sell', 300, 10.5) as { data: object[] };
      const bought = trade('Buy', 40, 11) as { data: object[] };
      const taken = await mapped.take([
        [0, trade('Buy', 1, 10, {}, 'XBTUSD', 'partial')],
        [10, { ...sold, data: [...sold.data, ...bought.data] }],
      ]);
      expect(taken).to.deep.equal([false, true]);
      expect(mapped.events[0]!.data).to.include({ venueAt: 1_704_067_200_500_000 });
      expect(mapped.told()).to.deep.equal(['10 Traded sell 300@10.5 buy 40@11']);
    });
    it('are known to be subscribed to by their partial, if none ever comes', async () => {
      for (const [before, noTrades] of [
        [[[0, trade('Buy', 1, 10, {}, 'XBTUSD', 'partial')] as const], undefined],
        [[], true],
      ] as const) {
        const mapped = new Mapped(BITMEX);
        await mapped.take([...before, bitmexPartial(1)]);
        expect(mapped.mapper.finish()[0]!.noTrades).to.equal(noTrades);
      }
    });
    it('that nobody took move nothing', async () => {
      expect(
        await told([
          [0, trade('', 1, 10)],
          [1, trade('Buy', 1, 10, { trdType: 'Referential' })],
          [2, trade('Buy', 1, 10, { trdType: 'Regular' })],
        ]),
      ).to.deep.equal(['0 Traded buy 1@10 no market', '1 Traded buy 1@10 no market', '2 Traded buy 1@10']);
    });
  });

  it('ignores quotes, answers and what a ping is answered with', async () => {
    const mapped = new Mapped(BITMEX);
    const taken = await mapped.take([
      [0, { info: 'Welcome', version: '1' }],
      [1, { success: true, subscribe: 'trade:XBTUSD' }],
      [2, { table: 'quote', action: 'insert', data: [{ symbol: 'XBTUSD', bidPrice: 1 }] }],
      [3, 'pong'],
    ]);
    expect(taken).to.deep.equal([false, false, false, false]);
    expect(mapped.events).to.deep.equal([]);
  });

  describe('refuses what the venue cannot have sent, before anything changes', () => {
    const level = { symbol: 'XBTUSD', id: 101, side: 'Sell', size: 3, price: 11 };
    const cases: readonly (readonly [string, unknown])[] = [
      ['text', '{"table":'],
      ['a list', [1]],
      ['no rows', { table: 'orderBookL2', action: 'update' }],
      ['a row that is none', { table: 'orderBookL2', action: 'update', data: [level, 7] }],
      ['an unknown action', { table: 'orderBookL2', action: 'merge', data: [level] }],
      ...Object.entries({
        symbol: [undefined, 7, 'A B'],
        id: [undefined, -1, 1.5, 'x'],
        side: [undefined, 'buy'],
        size: [undefined, -3, 0.5],
        price: [undefined, 0, -1, 'x', null],
        timestamp: [7, 'yesterday'],
      }).flatMap(([field, values]) =>
        values.map(
          (value) =>
            [
              `${field} ${String(value)}`,
              { table: 'orderBookL2', action: 'insert', data: [{ ...level, [field]: value }] },
            ] as const,
        ),
      ),
      ['a trade without a time', { table: 'trade', action: 'insert', data: [{ ...level }] }],
      ['a trade without a size', trade('Buy', -1, 10)],
    ];
    for (const [what, message] of cases)
      it(what, async () => {
        const mapped = await begun();
        let fault: unknown;
        try {
          await mapped.take([[10, message]]);
        } catch (error) {
          fault = error;
        }
        expect(fault).to.be.instanceOf(MessageFault);
        await mapped.take([[20, book('update', [[101, 'Sell', 9]])]]);
        expect(mapped.told()).to.deep.equal(['20 BookDelta - a 11x9']);
      });
  });
});
