import { expect } from 'chai';
import { RecordingError } from '../../../../../adapters/recordings/errors.js';
import type { ImportOptions } from '../../../../../adapters/recordings/import.js';
import { MiniRecordings, START, story, type Pairs } from '../../../../support/mini-recording.js';

type LogLine = readonly [afterMs: number, event: string, json: object | string];

const book = (afterMs: number, bids: Pairs, asks: Pairs): LogLine => [afterMs, 'order_book', { bids, asks }];
const trade = (afterMs: number, price: string, amount = '1.0', id = 7): LogLine => [
  afterMs,
  'trade',
  `{"price": ${price}, "amount": ${amount}, "id": ${id}}`,
];
/** An order was hit: `left` of it stands still. */
const hit = (afterMs: number, type: 0 | 1, id: number, left = '0.00000000'): LogLine => [
  afterMs,
  Number(left) === 0 ? 'order_deleted' : 'order_changed',
  { price: '10.00', amount: left, datetime: '1', id, order_type: type },
];
const BOOK = book(0, [['10.00', '1.00000000']], [['11.00', '2.00000000']]);

describe('a log of Bitstamp', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());
  const importLines = async (
    lines: readonly LogLine[],
    options: Partial<ImportOptions> = {},
  ): ReturnType<MiniRecordings['import']> => {
    const written = lines.map(
      ([afterMs, event, json]) =>
        `${START / 1_000 + afterMs} ${event} ${typeof json === 'string' ? json : JSON.stringify(json)}\n`,
    );
    return mini.import({ files: [await mini.write('btcusd.log', written.join(''))] }, options);
  };
  const told = async (...args: Parameters<typeof importLines>): Promise<string[]> =>
    story((await importLines(...args)).events);
  const refused = async (lines: readonly LogLine[]): Promise<RecordingError> => {
    const error: unknown = await importLines(lines).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(RecordingError);
    return error as RecordingError;
  };

  it('takes every book whole, and makes nothing of single orders', async () => {
    const { events, meta } = await importLines([
      BOOK,
      [1, 'order_created', { price: '10.00', amount: '1', id: 5, order_type: 0 }],
      book(2, [['10.01', '3']], []),
    ]);
    expect(story(events)).to.deep.equal([
      '0 InstrumentDefined BTCUSD@bitstamp',
      '0 BookSnapshot - b 10x1 a 11x2',
      '2 BookSnapshot - b 10.01x3',
    ]);
    expect(meta.counts).to.include({ messages: 2, ignored: 1 });
    expect(meta.instruments[0]).to.include({ kind: 'spot', base: 'BTC', quote: 'USD', publishedDepth: 20 });
    expect(meta.sources[0]).to.not.have.property('notes');
  });

  describe('the noise of its numbers', () => {
    it('is rounded away, and counted', async () => {
      const { events, meta } = await importLines([
        BOOK,
        trade(1, '236.52000000000001', '1.7885566900000001'),
        trade(2, '237.56999999999999', '9.9999999999999995e-07'),
        trade(3, '236.5', '0.21144331'),
      ]);
      expect(story(events).slice(2)).to.deep.equal([
        '1 Traded buy 1.78855669@236.52',
        '2 Traded buy 0.000001@237.57',
        '3 Traded buy 0.21144331@236.5',
      ]);
      expect(meta.sources[0]!.notes![0]).to.equal(
        '4 prices and amounts of trades were rounded to 2 and 8 places: they held binary noise',
      );
    });
    for (const [price, amount] of [
      ['236.525', '1.0'],
      ['236.52000000001', '1.0'],
      ['236.52', '0.123456789'],
      ['-1.0', '1.0'],
      ['"dear"', '1.0'],
    ] as const)
      it(`is not what makes ${price} x ${amount}: that is refused`, async () => {
        expect((await refused([BOOK, trade(1, price, amount)])).message).to.include('btcusd.log:2');
      });
  });

  describe('the side of a trade', () => {
    it('is that of the newer of the two orders that it hit', async () => {
      const lines = await told([
        BOOK,
        hit(1, 0, 20, '1.50000000'),
        hit(2, 1, 19),
        trade(3, '10.1'),
        hit(4, 0, 30),
        hit(5, 1, 31),
        trade(6, '10.9'),
      ]);
      expect(lines.slice(2)).to.deep.equal(['3 Traded buy 1@10.1', '6 Traded sell 1@10.9']);
    });
    it('follows from the last book where one of them is lacking, and is counted', async () => {
      const cancelled: LogLine = [4, 'order_deleted', { price: '10', amount: '3.0', id: 40, order_type: 1 }];
      const { events, meta } = await importLines([
        BOOK,
        hit(1, 0, 20),
        trade(2, '10.6'),
        hit(3, 0, 20),
        cancelled,
        trade(5, '10.4'),
        trade(6, '10.5'), // at the mid: as the one before
      ]);
      expect(story(events).slice(2)).to.deep.equal([
        '2 Traded buy 1@10.6',
        '5 Traded sell 1@10.4',
        '6 Traded sell 1@10.5',
      ]);
      expect(meta.sources[0]!.notes).to.deep.equal([
        'the side of 3 of 3 trades follows from the last book, as the log lacks one of their orders',
      ]);
    });
    it('counts no order twice', async () => {
      const lines = await told([BOOK, hit(1, 0, 20), hit(2, 1, 19), trade(3, '10.1'), trade(4, '10.4')]);
      expect(lines.slice(2)).to.deep.equal(['3 Traded buy 1@10.1', '4 Traded sell 1@10.4']);
    });
  });

  it('is interrupted by a silence, and whole with the next book', async () => {
    const lines = await told([BOOK, trade(1, '10.1'), trade(6_000, '10.9'), book(6_500, [['10', '1']], [['11', '1']])]);
    expect(lines.slice(2)).to.deep.equal([
      '1 Traded sell 1@10.1',
      '5001 FeedInterrupted silent',
      '6000 Traded buy 1@10.9',
      '6500 BookSnapshot - b 10x1 a 11x1',
    ]);
  });

  it('goes on over several files', async () => {
    const one = await mini.write('one.log', `${START / 1_000} order_book {"bids":[["10","1"]],"asks":[]}\n`);
    const two = await mini.write('two.log', `${START / 1_000 + 9_000} trade {"price":10.1,"amount":1.0,"id":1}\n`);
    const { events, meta } = await mini.import({ files: [one, two] });
    expect(story(events).slice(1)).to.deep.equal([
      '0 BookSnapshot - b 10x1',
      '5000 FeedInterrupted silent',
      '9000 Traded buy 1@10.1',
    ]);
    expect(meta.sources.map(({ file, lines }) => [file, lines])).to.deep.equal([
      ['one.log', 1],
      ['two.log', 1],
    ]);
  });

  it('refuses lines that are none, by file and line', async () => {
    const lines: readonly LogLine[][] = [
      [BOOK, [1, 'order_book', '{"bids": [']],
      [BOOK, [1, 'order_book', { bids: [] }]],
      [BOOK, book(1, [['0', '1']], [])],
      [BOOK, book(1, [['10.001', '1']], [])],
      [BOOK, [1, 'order_created', 'nothing']],
      [BOOK, [1, 'order_deleted', { amount: '0', id: 5, order_type: 2 }]],
      [BOOK, [1, 'trade', { price: 10, amount: 1 }]],
      [BOOK, [1, 'Odd Event', {}]],
    ];
    for (const each of lines) expect((await refused(each)).where, JSON.stringify(each[1])).to.match(/btcusd\.log:2$/);
  });

  it('is of no other venue', async () => {
    const error: unknown = await importLines([BOOK], { venue: 'binance' }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RecordingError).and.have.property('code', 'foreign');
  });
});
