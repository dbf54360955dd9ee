import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { RecordingError } from '../../../../adapters/recordings/errors.js';
import { MiniRecordings, START, story } from '../../../support/mini-recording.js';

const mini = new MiniRecordings();
const rows = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

interface Named {
  readonly [name: string]: string | Buffer;
}

async function written(files: Named): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) paths.push(await mini.write(name, content));
  return paths;
}

type Options = Parameters<MiniRecordings['import']>[1];
const read = async (files: Named, options?: Options): ReturnType<MiniRecordings['import']> =>
  mini.import({ files: await written(files) }, options);
const told = async (files: Named, options?: Options): Promise<string[]> => story((await read(files, options)).events);

async function refused(files: Named, options?: Options): Promise<RecordingError> {
  const error = await read(files, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).to.be.instanceOf(RecordingError);
  return error as RecordingError;
}

describe('recordings that are tables', () => {
  before(() => mini.open());
  after(() => mini.close());

  describe('changes and trades of Binance US', () => {
    const HEADER = 'ts_ns,type,side,price,qty';
    const at = (afterMs: number): string => `${START + afterMs * 1_000}000`;
    const NAME = 'btcusdt_20250826_1h.csv';

    it('takes changes of one time as one message, trades one by one, and starts with an empty book', async () => {
      const content = rows(
        HEADER,
        `${at(1)},book,B,10.50,0.5`,
        `${at(1)},book,A,11,7e-05`,
        `${at(1)},trade,B,11,1`,
        `${at(1)},trade,A,10.5,2`,
        `${at(1)},book,B,10,1`,
        `${at(2)},book,B,10.5,0.0`,
      );
      const { events, meta } = await read({ [NAME]: content });
      expect(story(events)).to.deep.equal([
        '1 InstrumentDefined BTCUSDT@binance-us',
        '1 BookDelta - b 10.5x0.5 a 11x0.00007',
        '1 Traded buy 1@11',
        '1 Traded sell 2@10.5',
        '1 BookDelta - b 10x1',
        '2 BookDelta - b 10.5x0',
      ]);
      expect(events[1]!.data).to.include({ venueAt: START + 1_000 });
      expect(meta.instruments[0]).to.include({ kind: 'spot', base: 'BTC', quote: 'USDT', startsEmpty: true });
    });

    it('reads gzip, lines that end in CR LF, empty ones, and a last line without an end', async () => {
      const content = gzipSync(`${HEADER}\r\n${at(1)},book,B,10,1\r\n\r\n${at(2)},book,A,11,2`);
      expect(await told({ 'ethusd_x.csv.gz': content })).to.deep.equal([
        '1 InstrumentDefined ETHUSD@binance-us',
        '1 BookDelta - b 10x1',
        '2 BookDelta - a 11x2',
      ]);
    });

    it('takes files of one instrument as one recording', async () => {
      const files = {
        'btcusdt_2.csv': rows(HEADER, `${at(20)},book,B,9,1`),
        'btcusdt_1.csv': rows(HEADER, `${at(10)},book,B,10,1`),
      };
      expect((await told(files)).slice(1)).to.deep.equal(['10 BookDelta - b 10x1', '20 BookDelta - b 9x1']);
    });

    it('says a silence, after which the book is partial again', async () => {
      const content = rows(HEADER, `${at(0)},book,B,10,1`, `${at(9_000)},book,B,10,2`);
      expect((await told({ [NAME]: content })).slice(1)).to.deep.equal([
        '0 BookDelta - b 10x1',
        '5000 FeedInterrupted silent',
        '9000 FeedResumed partial',
        '9000 BookDelta - b 10x2',
      ]);
    });

    it('asks for the instrument in the name of the file', async () => {
      const error = await refused({ '2025.csv': rows(HEADER, `${at(0)},book,B,10,1`) });
      expect([error.code, error.mend]).to.deep.equal([
        'foreign',
        'begin its name with the symbol: btcusdt_20250826.csv.gz',
      ]);
    });

    for (const [what, line, code] of [
      ['too few columns', `${at(1)},book,B,10`, 'bad_line'],
      ['too many columns', `${at(1)},book,B,10,1,1`, 'bad_line'],
      ['a time in milliseconds', `${START / 1_000},book,B,10,1`, 'bad_message'],
      ['another type', `${at(1)},quote,B,10,1`, 'bad_message'],
      ['another side', `${at(1)},book,X,10,1`, 'bad_message'],
      ['a price that is none', `${at(1)},book,B,ten,1`, 'bad_message'],
      ['a price of two points', `${at(1)},book,B,1.0.0,1`, 'bad_message'],
      ['a price of nothing', `${at(1)},book,B,0,1`, 'bad_message'],
      ['an empty quantity', `${at(1)},book,B,10,`, 'bad_message'],
      ['a negative quantity', `${at(1)},trade,B,10,-1`, 'bad_message'],
      ['quotes', `${at(1)},"book",B,10,1`, 'bad_message'],
    ] as const)
      it(`refuses ${what}, by file and line`, async () => {
        const error = await refused({ [NAME]: rows(HEADER, `${at(0)},book,B,10,1`, line) });
        expect([error.code, error.where.slice(-8)]).to.deep.equal([code, '1h.csv:3']);
      });
  });

  describe('the ten best levels of BitMEX', () => {
    const padded = (word: string, width: number): string => `"${word.padEnd(width, '\0')}"`;
    const ten = (from: number, step: number): string => Array.from({ length: 10 }, (_, i) => from + i * step).join();
    const book = (millis: number, symbol = 'XBTUSD', ask = 11, size = 1): string =>
      `"2024-01-01 00:00:00",${millis},${padded(symbol, 10)},${ten(ask, 1)},${ten(size, 0)},${ten(10, -0.5)},${ten(2, 0)}`;
    const trade = (millis: number, action = 'insert', side = 'Buy', contracts: number | string = 5): string =>
      `${padded('XBTUSD', 15)},"2024-01-01 00:00:00",${millis},11,${contracts},${padded(action, 15)},${padded(side, 5)}`;

    it('merges books and trades by time, each row a message; a partial is history', async () => {
      const { events, meta } = await read({
        'books.csv': rows(book(10), book(5), book(30, 'XBTUSD', 11.5)),
        'trades.csv.gz': gzipSync(rows(trade(1, 'partial'), trade(20, 'insert', 'Sell'))),
      });
      expect(events.map(({ at, type }) => [(at - START) / 1_000, type])).to.deep.equal([
        [10, 'InstrumentDefined'],
        [10, 'BookSnapshot'],
        [5, 'BookSnapshot'],
        [20, 'Traded'],
        [30, 'BookSnapshot'],
      ]);
      expect(story(events)[3]).to.equal('20 Traded sell 5@11');
      const last = events[4]!;
      expect(last.type === 'BookSnapshot' && [last.data.bids[0], last.data.asks[0]]).to.deep.equal([
        ['10', '2'],
        ['11.5', '1'],
      ]);
      expect(meta.counts).to.include({ ignored: 1, messages: 4 });
      expect(meta.instruments[0]).to.deep.include({
        instrument: 'XBTUSD@bitmex',
        kind: 'inverse',
        publishedDepth: 10,
        tickSize: '0.5',
        rules: 'table',
        rulesAsOf: '2020-03-10',
      });
    });

    it('leaves out levels whose columns are empty', async () => {
      const thin = book(10)
        .replace(/,20,/, ',,')
        .replace(/,1,10,/, ',,10,');
      const [, { data }] = (await read({ 'books.csv': rows(thin) })).events as unknown as [
        unknown,
        { data: { asks: string[] } },
      ];
      expect(data.asks).to.have.length(9);
    });

    for (const [what, name, lines, code] of [
      ['a row of other columns', 'books.csv', [book(1), book(2).slice(0, -2)], 'bad_line'],
      ['a second that is none', 'books.csv', [book(1), book(2).replace('2024', '20x4')], 'bad_message'],
      ['a thousandth millisecond', 'books.csv', [book(1), book(1_000)], 'bad_message'],
      ['a price that is none', 'books.csv', [book(1), book(2, 'XBTUSD', NaN)], 'bad_message'],
      ['a price without a size', 'books.csv', [book(1), book(2).replace(/,2$/, ',')], 'bad_message'],
      ['another action', 'trades.csv', [trade(1), trade(2, 'delete')], 'bad_message'],
      ['another side', 'trades.csv', [trade(1), trade(2, 'insert', 'Short')], 'bad_message'],
      ['contracts that are none', 'trades.csv', [trade(1), trade(2, 'insert', 'Buy', -5)], 'bad_message'],
    ] as const)
      it(`refuses ${what}, by file and line`, async () => {
        const error = await refused({ [name]: rows(...lines) });
        expect([error.code, error.where.slice(-name.length - 2)]).to.deep.equal([code, `${name}:2`]);
      });
  });

  describe('CSV files of tardis.dev', () => {
    const COMMON = 'exchange,symbol,timestamp,local_timestamp';
    const BOOK = `${COMMON},is_snapshot,side,price,amount`;
    const TRADES = `${COMMON},id,side,price,amount`;
    const of = (afterMs: number, exchange = 'deribit', symbol = 'BTC-PERPETUAL'): string =>
      `${exchange},${symbol},${START + afterMs * 1_000 - 500},${START + afterMs * 1_000}`;
    const change = (
      afterMs: number,
      isSnapshot: boolean,
      side: string,
      price: string,
      amount: string,
      more = of(afterMs),
    ): string => `${more},${isSnapshot},${side},${price},${amount}`;
    const snapshot = [change(10, true, 'ask', '11', '1'), change(10, true, 'bid', '10', '2')] as const;

    it('takes rows that arrived together as one message, and a snapshot as the whole book', async () => {
      const content = rows(
        BOOK,
        change(5, false, 'bid', '9', '1'), // received before the snapshot: of no book
        ...snapshot,
        change(10, true, 'ask', '12', '0'),
        change(20, false, 'bid', '10', '0'),
        change(20, false, 'bid', '9.5', '1e-7'),
        change(21, false, 'ask', '11', '3'),
        change(30, true, 'bid', '8', '1'),
        change(31, true, 'bid', '7', '1'),
      );
      const { events, meta } = await read({ 'deribit_incremental_book_L2.csv.gz': gzipSync(content) });
      expect(story(events)).to.deep.equal([
        '5 InstrumentDefined BTC-PERPETUAL@deribit',
        '5 BookDelta - dropped',
        '10 BookSnapshot - b 10x2 a 11x1',
        '20 BookDelta - b 10x0 9.5x0.0000001',
        '21 BookDelta - a 11x3',
        '30 BookSnapshot - b 8x1',
        '31 BookSnapshot - b 7x1',
      ]);
      expect(events[2]!.data).to.include({ venueAt: START + 9_500 });
      expect(meta.instruments[0]).to.not.have.property('startsEmpty');
    });

    it('takes the latest time of a message’s rows', async () => {
      const late = change(10, true, 'bid', '9', '1', `deribit,BTC-PERPETUAL,${START + 9_900},${START + 10_000}`);
      const { events } = await read({ 'a.csv': rows(BOOK, snapshot[0], late) });
      expect(events).to.have.length(2);
      expect(events[1]!.data).to.include({ venueAt: START + 9_900 });
    });

    it('lets a piece without any snapshot start empty', async () => {
      const { events, meta } = await read({ 'a.csv': rows(BOOK, change(5, false, 'bid', '9', '1')) });
      expect(story(events)[1]).to.equal('5 BookDelta - b 9x1');
      expect(meta.instruments[0]).to.include({ startsEmpty: true });
    });

    it('merges the files of an instrument: book, trades and what is only a sign of life', async () => {
      const quotes = rows(
        `${COMMON},ask_amount,ask_price,bid_price,bid_amount`,
        `${of(4_000)},1,11,10,2`,
        `${of(8_000)},1,11,10,2`,
      );
      const files = {
        'trades.csv': rows(TRADES, `${of(10)},7,buy,11,0.5`, `${of(15)},x-1,unknown,10.5,4`, `${of(15)},,sell,10,1`),
        'quotes.csv': quotes,
        'book.csv': rows(BOOK, ...snapshot, change(9_000, false, 'bid', '10', '3')),
      };
      const { events, meta } = await read(files);
      expect(story(events)).to.deep.equal([
        '10 InstrumentDefined BTC-PERPETUAL@deribit',
        '10 Traded buy 0.5@11',
        '10 BookSnapshot - b 10x2 a 11x1',
        '15 Traded buy 4@10.5 no market sell 1@10',
        '9000 BookDelta - b 10x3',
      ]);
      expect(meta.counts).to.include({ ignored: 2 });
      expect(meta.gaps).to.equal(0);
      expect(meta.sources.map(({ file, lines }) => `${file} ${lines}`).sort()).to.deep.equal([
        'book.csv 4',
        'quotes.csv 3',
        'trades.csv 4',
      ]);
    });

    it('reads books of the best levels where there are no changes, the deepest of them', async () => {
      const columns = (depth: number): string =>
        Array.from(
          { length: depth },
          (_, i) => `asks[${i}].price,asks[${i}].amount,bids[${i}].price,bids[${i}].amount`,
        ).join();
      const two = rows(`${COMMON},${columns(2)}`, `${of(10)},11,1,10,2,12,3,9,4`, `${of(20)},11,1,10,2,,,9,4`);
      const one = rows(`${COMMON},${columns(1)}`, `${of(11)},11,1,10,2`);
      const { events, meta } = await read({ 'two.csv': two, 'one.csv': one });
      expect(story(events).slice(1)).to.deep.equal([
        '10 BookSnapshot - b 10x2 9x4 a 11x1 12x3',
        '20 BookSnapshot - b 10x2 9x4 a 11x1',
      ]);
      expect(meta.instruments[0]).to.include({ publishedDepth: 2 });
      expect(meta.counts).to.include({ ignored: 1 });
      const changes = await read({ 'two.csv': two, 'book.csv': rows(BOOK, ...snapshot) });
      expect(changes.meta.counts).to.include({ ignored: 2 });
      expect(changes.meta.instruments[0]).to.not.have.property('publishedDepth');
    });

    it('makes nothing of tickers, chains of options and liquidations, which look like trades', async () => {
      const trade = `${of(10)},7,buy,11,0.5`;
      for (const [name, content] of [
        ['deribit_liquidations_2024-01-01_BTC.csv', rows(TRADES, trade)],
        [
          'ticker.csv',
          rows(
            `${COMMON},funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price`,
            `${of(1)},,,,1,2,3,4`,
          ),
        ],
        ['chain.csv', rows(`${COMMON},type,strike_price,expiration,open_interest`, `${of(1)},put,1,2,3`)],
      ] as const) {
        const { meta } = await read({ [name]: content });
        expect([meta.counts.ignored, meta.counts.messages], name).to.deep.equal([1, 0]);
      }
      const { meta } = await read({ 'mytrades_of_no_liquidation.csv': rows(TRADES, trade) });
      expect(meta.counts).to.include({ ignored: 0, messages: 1 });
    });

    it('knows its exchanges by our names, and lets others keep their own', async () => {
      const cases = [
        ['binance-futures', 'BTCUSDT', 'binance-usdm'],
        ['binance-delivery', 'BTCUSD_PERP', 'binance-coinm'],
        ['huobi', 'BTCUSDT', 'htx'],
        ['cryptofacilities', 'PI_XBTUSD', 'kraken-futures'],
        ['okex-swap', 'BTC-USDT-SWAP', 'okx'],
        ['gate-io', 'BTC_USDT', 'gateio'],
        ['bybit', 'BTCUSDT', 'bybit-linear'],
        ['bybit', 'BTCUSD', 'bybit-inverse'],
        ['bybit', 'BTCUSDH24', 'bybit-inverse'],
        ['hyperliquid', 'BTC', 'hyperliquid'],
        ['phemex', 'BTCUSD', 'phemex'],
      ] as const;
      for (const [exchange, symbol, venue] of cases) {
        const { meta } = await read({ 't.csv': rows(TRADES, `${of(10, exchange, symbol)},7,buy,11,0.5`) });
        expect(meta.instruments[0]!.instrument).to.equal(`${symbol}@${venue}`);
      }
    });

    it('guesses what an instrument of an unknown exchange is', async () => {
      for (const [exchange, symbol, expected] of [
        ['phemex', 'ETHBTC', { kind: 'spot', base: 'ETH', quote: 'BTC' }],
        ['huobi-dm-swap', 'BTC-USD', { kind: 'linear', base: 'BTC', quote: 'USD' }],
        ['dydx', 'BTC-PERP', { kind: 'linear', base: 'BTC', quote: 'USD' }],
      ] as const) {
        const { meta } = await read({ 't.csv': rows(TRADES, `${of(10, exchange, symbol)},7,buy,11,0.5`) });
        expect(meta.instruments[0]).to.deep.include({ ...expected, fees: { maker: '0', taker: '0' } });
      }
    });

    it('reads several instruments of one file', async () => {
      const content = rows(
        BOOK,
        change(10, true, 'bid', '1', '1', of(10, 'deribit', 'A')),
        change(10, true, 'bid', '2', '1', of(10, 'deribit', 'B')),
        change(11, false, 'bid', '1', '5', of(11, 'deribit', 'A')),
      );
      const { events } = await read({ 'options.csv': content });
      expect(events.map(({ type, data }) => `${type} ${data.instrument}`)).to.deep.equal([
        'InstrumentDefined A@deribit',
        'BookSnapshot A@deribit',
        'InstrumentDefined B@deribit',
        'BookSnapshot B@deribit',
        'BookDelta A@deribit',
      ]);
    });

    it('refuses another venue than the file’s', async () => {
      const files = { 'a.csv': rows(BOOK, ...snapshot) };
      expect((await refused(files, { venue: 'kraken' })).message).to.contain(
        'is a recording of deribit, not of kraken',
      );
      expect((await read(files, { venue: 'deribit' })).events).to.have.length(2);
    });

    for (const [what, content, line] of [
      ['columns of no known type', rows(`${COMMON},colour`, `${of(1)},red`), ''],
      ['books whose columns are out of their order', rows(`${COMMON},asks[0].price,bids[0].price`, `${of(1)},1,2`), ''],
      ['a header without rows', rows(BOOK), ''],
      ['an exchange that is no name', rows(TRADES, `${of(1, 'x y!')},7,buy,11,0.5`), ':2'],
    ] as const)
      it(`refuses ${what}`, async () => {
        const error = await refused({ 'f.csv': content });
        expect(error.code).to.equal('foreign');
        expect(error.where).to.match(new RegExp(`f\\.csv${line}$`));
      });

    for (const [what, header, line, code] of [
      ['too few columns', BOOK, `${of(20)},true,bid,1`, 'bad_line'],
      ['a row of another exchange', BOOK, change(20, true, 'bid', '1', '1', of(20, 'okex')), 'bad_message'],
      [
        'a time in milliseconds',
        BOOK,
        change(20, true, 'bid', '1', '1', `deribit,X,1,${START / 1_000}`),
        'bad_message',
      ],
      ['a time that is none', BOOK, change(20, true, 'bid', '1', '1', `deribit,X,1,soon`), 'bad_message'],
      ['no snapshot and no change', BOOK, `${of(20)},maybe,bid,1,1`, 'bad_message'],
      ['another side', BOOK, change(20, true, 'buy', '1', '1'), 'bad_message'],
      ['a negative amount', BOOK, change(20, true, 'bid', '1', '-1'), 'bad_message'],
      ['an empty price', BOOK, change(20, true, 'bid', '', '1'), 'bad_message'],
      ['a trade of no side', TRADES, `${of(20)},7,maker,11,0.5`, 'bad_message'],
    ] as const)
      it(`refuses ${what}, by file and line`, async () => {
        const first = header === BOOK ? snapshot[0] : `${of(10)},7,buy,11,0.5`;
        const error = await refused({ 'f.csv': rows(header, first, line) });
        expect([error.code, error.where.slice(-7)]).to.deep.equal([code, 'f.csv:3']);
      });
  });

  describe('historical depth of Binance', () => {
    const HEADER = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu';
    const row = (
      afterMs: number,
      first: number,
      last: number,
      side: string,
      type: string,
      level: string,
      pu: number,
      symbol = 'BTCUSDT',
    ): string => `${symbol},${START / 1_000 + afterMs},${first},${last},${side},${type},${level},${pu}`;
    const snap = rows(HEADER, row(10, 8, 8, 'b', 'snap', '10,1', -1), row(10, 8, 8, 'a', 'snap', '11,2', -1));

    it('merges snapshots and updates, by the futures’ own sequence', async () => {
      const update = rows(
        HEADER,
        row(11, 5, 7, 'b', 'set', '9,1', 4),
        row(12, 8, 9, 'b', 'set', '10,0', 7),
        row(12, 8, 9, 'a', 'set', '11,3', 7),
        row(13, 12, 13, 'a', 'set', '12,1', 9),
        row(14, 16, 17, 'a', 'set', '13,1', 15),
      );
      const { events, meta } = await read({ 'btcusdt-depth-update.csv': update, 'btcusdt-depth-snap.csv': snap });
      expect(story(events)).to.deep.equal([
        '10 InstrumentDefined BTCUSDT@binance-usdm',
        '10 BookSnapshot 8 b 10x1 a 11x2',
        '11 BookDelta 7 dropped',
        '12 BookDelta 9 b 10x0 a 11x3',
        '13 BookDelta 13 a 12x1',
        '14 FeedInterrupted gap',
        '14 BookDelta 17 a 13x1',
      ]);
      expect(meta.gaps).to.equal(1);
    });

    it('starts empty with updates alone, and brings a snapshot in mid file up to date', async () => {
      const update = rows(
        HEADER,
        row(9, 5, 7, 'b', 'set', '9,1', 4),
        row(9, 8, 9, 'b', 'set', '10,5', 7),
        row(12, 10, 12, 'a', 'set', '12,1', 9),
      );
      const lines = await told({ 'u.csv': update, 's.csv': snap });
      expect(lines.slice(1)).to.deep.equal([
        '9 BookDelta 7 b 9x1',
        '9 BookDelta 9 b 10x5',
        '10 BookSnapshot 9 b 10x5 a 11x2',
        '12 BookDelta 12 a 12x1',
      ]);
    });

    it('tells coin-margined contracts by their symbol, and others by --venue', async () => {
      const coin = rows(HEADER, row(10, 8, 8, 'b', 'snap', '10,1', -1, 'BTCUSD_PERP'));
      expect((await told({ 'c.csv': coin }))[0]).to.equal('10 InstrumentDefined BTCUSD_PERP@binance-coinm');
      expect((await told({ 's.csv': snap }, { venue: 'binance' }))[0]).to.equal('10 InstrumentDefined BTCUSDT@binance');
      expect((await refused({ 's.csv': snap }, { venue: 'bitmex' })).code).to.equal('foreign');
    });

    for (const [what, line] of [
      ['another kind of row', row(11, 9, 9, 'b', 'delta', '10,1', 8)],
      ['another side', row(11, 9, 9, 'B', 'set', '10,1', 8)],
      ['an update that is none', row(11, 9, 9, 'b', 'set', '10,1', 8).replace(',9,9,', ',9,x,')],
      ['a price that is none', row(11, 9, 9, 'b', 'set', 'x,1', 8)],
      ['a time in seconds', row(11, 9, 9, 'b', 'set', '10,1', 8).replace(/,\d{13},/, ',1704067200,')],
    ] as const)
      it(`refuses ${what}, by file and line`, async () => {
        const error = await refused({ 'f.csv': `${snap}${line}\n` });
        expect([error.code, error.where.slice(-7)]).to.deep.equal(['bad_message', 'f.csv:4']);
      });
  });
});
