import { expect } from 'chai';
import { binance, MiniRecordings, START, story } from '../../../../support/mini-recording.js';

const { depth, futuresDepth, trade, ticker, rest } = binance;
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;

describe('the Binance mapper', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());
  const told = async (...args: Parameters<MiniRecordings['import']>): Promise<string[]> =>
    story((await mini.import(...args)).events);

  it('says of an instrument that its recording has no trades', async () => {
    const book = [[10, depth(8, 9)] as const, [20, rest(9, BID, ASK)] as const];
    const without = await mini.import([[0, ticker()], ...book]);
    expect(without.events[0]!.data).to.include({ noTrades: true });
    expect(without.meta.instruments[0]).to.include({ noTrades: true });
    const { events } = await mini.import([...book, [30, trade(1, '10.5', '2', false)]]);
    expect(events[0]!.data).to.not.have.property('noTrades');
  });

  describe('before the first snapshot', () => {
    it('holds depth messages, and gives them after the snapshot with its receive time', async () => {
      const lines = await told([
        [0, depth(5, 7, BID)],
        [10, depth(8, 9, [['10', '3']])],
        [20, depth(10, 12, [['9', '4']])],
        [30, rest(9, BID, ASK)],
        [40, depth(13, 13, [], [['11', '0']])],
      ]);
      expect(lines).to.deep.equal([
        '0 InstrumentDefined AAABTC@binance',
        '30 BookSnapshot 9 b 10x1 a 11x2',
        '30 BookDelta 7 dropped',
        '30 BookDelta 9 dropped',
        '30 BookDelta 12 b 9x4',
        '40 BookDelta 13 a 11x0',
      ]);
    });
    it('lets trades through at their own time, behind the definition', async () => {
      const lines = await told([
        [0, ticker()],
        [5, trade(1, '10.5', '2', false)],
        [10, depth(8, 9)],
        [20, rest(9, BID, ASK)],
      ]);
      expect(lines).to.deep.equal([
        '5 InstrumentDefined AAABTC@binance',
        '5 Traded buy 2@10.5',
        '20 BookSnapshot 9 b 10x1 a 11x2',
        '20 BookDelta 9 dropped',
      ]);
    });
    it('takes a snapshot that comes before any other line', async () => {
      const lines = await told([
        [0, rest(9, BID, ASK)],
        [10, depth(8, 9)],
        [20, depth(10, 11)],
      ]);
      expect(lines).to.deep.equal([
        '0 InstrumentDefined AAABTC@binance',
        '0 BookSnapshot 9 b 10x1 a 11x2',
        '10 BookDelta 9 dropped',
        '20 BookDelta 11',
      ]);
    });
    it('applies depth messages to an empty book where no snapshot ever comes', async () => {
      const { events, meta } = await mini.import([
        [0, depth(5, 7, BID)],
        [10, depth(8, 9, [], ASK)],
      ]);
      expect(story(events)).to.deep.equal([
        '0 InstrumentDefined AAABTC@binance',
        '0 BookDelta 7 b 10x1',
        '10 BookDelta 9 a 11x2',
      ]);
      expect(events[0]!.data).to.include({ startsEmpty: true });
      expect(meta.instruments[0]).to.include({ startsEmpty: true });
    });
    it('finds a snapshot that comes in a later file', async () => {
      const files = [
        await mini.zip('one.gz', [[0, depth(5, 7, BID)]]),
        await mini.zip('two.gz', [
          [10, depth(8, 9, BID)],
          [20, rest(8, BID, ASK)],
        ]),
      ];
      expect(await told({ files })).to.deep.equal([
        '0 InstrumentDefined AAABTC@binance',
        '20 BookSnapshot 8 b 10x1 a 11x2',
        '20 BookDelta 7 dropped',
        '20 BookDelta 9 b 10x1',
      ]);
    });
  });

  describe('the sequence of spot', () => {
    it('says a break once, goes on giving messages, and is whole again with the next snapshot', async () => {
      const { events, meta } = await mini.import([
        [0, rest(9, BID, ASK)],
        [10, depth(10, 12)],
        [20, depth(14, 15, [['9', '1']])],
        [30, depth(18, 19)],
        [40, rest(25, BID, ASK)],
        [50, depth(24, 26)],
        [60, depth(28, 28)],
      ]);
      expect(story(events).slice(2)).to.deep.equal([
        '10 BookDelta 12',
        '20 FeedInterrupted gap',
        '20 BookDelta 15 b 9x1',
        '30 BookDelta 19',
        '40 BookSnapshot 25 b 10x1 a 11x2',
        '50 BookDelta 26',
        '60 FeedInterrupted gap',
        '60 BookDelta 28',
      ]);
      expect(meta.gaps).to.equal(2);
    });
    it('asks that the first message after a snapshot holds the next update', async () => {
      expect(
        (
          await told([
            [0, rest(9, BID, ASK)],
            [10, depth(11, 12)],
          ])
        ).slice(2),
      ).to.deep.equal(['10 FeedInterrupted gap', '10 BookDelta 12']);
    });
    it('checks a book that starts empty from its second message on', async () => {
      expect(
        (
          await told([
            [0, depth(5, 7)],
            [10, depth(9, 9)],
          ])
        ).slice(1),
      ).to.deep.equal(['0 BookDelta 7', '10 FeedInterrupted gap', '10 BookDelta 9']);
    });
    it('takes a repeated message for a break', async () => {
      expect(
        (
          await told([
            [0, rest(9, BID, ASK)],
            [10, depth(10, 12)],
            [20, depth(10, 12)],
          ])
        ).slice(2),
      ).to.deep.equal(['10 BookDelta 12', '20 FeedInterrupted gap', '20 BookDelta 12']);
    });
  });

  describe('the sequence of derivatives', () => {
    it('drops what is older than the snapshot and keeps a message that ends with it', async () => {
      const lines = await told([
        [0, futuresDepth(1, 3, 5)],
        [10, futuresDepth(5, 8, 9, BID)],
        [20, rest(9, BID, ASK, { E: 1_704_067_200_001, T: 1_704_067_200_000 })],
        [30, futuresDepth(9, 15, 17)],
        [40, futuresDepth(16, 18, 19)],
      ]);
      expect(lines).to.deep.equal([
        '0 InstrumentDefined AAAUSDT@binance-usdm',
        '20 BookSnapshot 9 b 10x1 a 11x2',
        '20 BookDelta 5 dropped',
        '20 BookDelta 9 b 10x1',
        '30 BookDelta 17',
        '40 FeedInterrupted gap',
        '40 BookDelta 19',
      ]);
    });
    it('asks that the first message after a snapshot reaches over it', async () => {
      const lines = await told([
        [0, futuresDepth(1, 3, 5)],
        [10, rest(9, BID, ASK)],
        [20, futuresDepth(10, 11, 12)],
      ]);
      expect(lines.slice(2)).to.deep.equal(['10 BookDelta 5 dropped', '20 FeedInterrupted gap', '20 BookDelta 12']);
    });
  });

  it('notices any one message that is missing', async () => {
    const spot = Array.from({ length: 12 }, (_, index) => [10 + index, depth(10 + index, 10 + index)] as const);
    const futures = Array.from(
      { length: 12 },
      (_, index) => [10 + index, futuresDepth(10 * index, 10 * index + 4, 10 * index + 10)] as const,
    );
    for (const messages of [spot, futures])
      for (let missing = 0; missing + 1 < messages.length; missing++) {
        const { meta } = await mini.import([
          [0, rest(9, BID, ASK)],
          ...messages.filter((_, index) => index !== missing),
        ]);
        expect(meta.gaps, `without message ${missing}`).to.equal(1);
      }
  });

  describe('a snapshot in mid recording', () => {
    it('is brought up to date with the messages that came while it was on its way', async () => {
      const lines = await told([
        [0, rest(9, BID, ASK)],
        [10, depth(10, 12)],
        [20, depth(15, 16, [['9', '1']])], // a break
        [30, depth(17, 18, [['9.00', '2']])],
        [40, depth(19, 20, [['10', '0']], [['12', '5']])],
        [
          50,
          rest(
            17,
            [
              ['10', '7'],
              ['9.0', '8'],
            ],
            ASK,
          ),
        ],
        [60, depth(21, 21)],
      ]);
      expect(lines.slice(3)).to.deep.equal([
        '20 FeedInterrupted gap',
        '20 BookDelta 16 b 9x1',
        '30 BookDelta 18 b 9x2',
        '40 BookDelta 20 b 10x0 a 12x5',
        '50 BookSnapshot 20 b 9x2 a 11x2 12x5',
        '60 BookDelta 21',
      ]);
    });
    it('of the very update that came last needs nothing', async () => {
      const lines = await told([
        [0, rest(9, BID, ASK)],
        [10, futuresDepth(5, 9, 12)],
        [20, rest(12, BID, ASK)],
        [30, futuresDepth(12, 20, 21)],
      ]);
      expect(lines.slice(2)).to.deep.equal(['10 BookDelta 12', '20 BookSnapshot 12 b 10x1 a 11x2', '30 BookDelta 21']);
    });
    it('from before the break does not mend it', async () => {
      const lines = await told([
        [0, rest(9, BID, ASK)],
        [10, depth(10, 12)],
        [20, depth(15, 16)],
        [30, rest(12, BID, ASK)],
        [40, depth(17, 17)],
      ]);
      expect(lines.slice(3)).to.deep.equal([
        '20 FeedInterrupted gap',
        '20 BookDelta 16',
        '30 BookSnapshot 12 b 10x1 a 11x2',
        '40 FeedInterrupted gap',
        '40 BookDelta 17',
      ]);
    });
  });

  describe('trades', () => {
    it('gives the taker the side opposite to the maker', async () => {
      const lines = await told([
        [0, trade(1, '10', '1', true)],
        [1, trade(2, '11', '2', false)],
      ]);
      expect(lines.slice(1)).to.deep.equal(['0 Traded sell 1@10', '1 Traded buy 2@11']);
    });
    it('marks prints that are no market trades, zero ones too', async () => {
      const print = (id: number, price: string, kind: string): object =>
        trade(id, price, price, false, { X: kind, M: undefined }, 'AAAUSDT');
      const lines = await told([
        [0, print(1, '10', 'MARKET')],
        [1, print(2, '11', 'INSURANCE_FUND')],
        [2, print(3, '0', 'NA')],
      ]);
      expect(lines.slice(1)).to.deep.equal([
        '0 Traded buy 10@10',
        '1 Traded buy 11@11 no market',
        '2 Traded buy 0@0 no market',
      ]);
    });
    it('keeps the trade id and the transaction time before the event time', async () => {
      const { events } = await mini.import([
        [0, trade(77, '10', '1', true, { E: 1_704_067_200_500, T: 1_704_067_200_499 })],
        [1, trade(78, '10', '1', true, { E: 1_704_067_200_500 })],
        [2, trade(79, '10', '1', true)],
      ]);
      expect(events.slice(1).map(({ data }) => ('venueAt' in data ? data.venueAt : undefined))).to.deep.equal([
        START + 499_000,
        START + 500_000,
        undefined,
      ]);
      expect(events[1]!.data).to.have.nested.property('trades[0].tradeId', 77);
    });
  });

  it('counts tickers, marks and partial books as ignored', async () => {
    const other = (stream: string): object => ({ stream, data: { e: 'x', s: 'AAABTC' } });
    const { meta } = await mini.import([
      [0, ticker()],
      [1, depth(1, 1)],
      [2, other('aaabtc@markPrice@1s')],
      [3, other('aaabtc@depth20@100ms')],
      [4, other('aaabtc@kline_1m')],
      [5, { result: null, id: 1 }],
      [6, { stream: '!ticker@arr', data: [] }],
    ]);
    expect(meta.counts).to.include({ messages: 1, ignored: 6, inputs: 2 });
  });

  it('leaves a message out whose numbers cannot be counted together, and says so', async () => {
    const { events } = await mini.import([
      [0, rest(9, BID, ASK)],
      [10, depth(10, 10, [['0.0000000000000001', '1']])],
      [20, depth(11, 11, [['10', '5']])],
      [30, trade(1, '99999999999999999999', '1', false)],
      [40, rest(11, BID, ASK)],
      [50, trade(2, '99999999999999999999', '1', false)],
      [60, depth(12, 12)],
    ]);
    expect(story(events).slice(2)).to.deep.equal([
      '10 FeedInterrupted increment_overflow',
      '20 BookDelta 11 b 10x5',
      '30 FeedInterrupted increment_overflow',
      '40 BookSnapshot 11 b 10x1 a 11x2',
      '50 FeedInterrupted increment_overflow',
      '60 FeedResumed trusted',
      '60 BookDelta 12',
    ]);
  });

  it('goes on behind a snapshot that cannot be counted, without trust', async () => {
    const { events } = await mini.import([
      [0, depth(9, 9)],
      [10, rest(8, [['99999999999999999999', '1']], ASK)],
      [20, depth(10, 10, BID)],
      [30, rest(10, BID, ASK)],
    ]);
    expect(story(events).slice(1)).to.deep.equal([
      '10 FeedInterrupted increment_overflow',
      '10 BookDelta 9',
      '20 BookDelta 10 b 10x1',
      '30 BookSnapshot 10 b 10x1 a 11x2',
    ]);
  });

  describe('several instruments in one file', () => {
    const b = (first: number, last: number, bids: typeof BID | [] = []): object =>
      depth(first, last, bids, [], {}, 'BBBBTC');
    it('are kept apart', async () => {
      const lines = await told([
        [0, depth(5, 5, BID)],
        [1, b(100, 100, BID)],
        [2, depth(6, 6)],
        [3, b(102, 102)],
      ]);
      expect(lines).to.deep.equal([
        '0 InstrumentDefined AAABTC@binance',
        '0 BookDelta 5 b 10x1',
        '1 InstrumentDefined BBBBTC@binance',
        '1 BookDelta 100 b 10x1',
        '2 BookDelta 6',
        '3 FeedInterrupted gap',
        '3 BookDelta 102',
      ]);
    });
    it('have their snapshots told apart by price, where these name no instrument', async () => {
      const lines = await told([
        [0, ticker('AAABTC', '10')],
        [0, ticker('BBBBTC', '1000')],
        [1, trade(1, '10', '1', true)],
        [1, trade(1, '1000', '1', true, {}, 'BBBBTC')],
        [2, depth(5, 5)],
        [3, b(5, 5)],
        [4, rest(4, [['990', '1']], [])],
        [5, rest(4, BID, ASK)],
      ]);
      expect(lines.slice(4)).to.deep.equal([
        '4 BookSnapshot 4 b 990x1',
        '4 BookDelta 5',
        '5 BookSnapshot 4 b 10x1 a 11x2',
        '5 BookDelta 5',
      ]);
    });
  });
});
