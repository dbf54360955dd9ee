import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import type { ImportOptions } from '../../../../adapters/recordings/import.js';
import { RecordingError } from '../../../../adapters/recordings/errors.js';
import { binance, linesOf, MiniRecordings, START, story, type Line } from '../../../support/mini-recording.js';

const { depth, futuresDepth, trade, ticker, rest } = binance;
const BID = [['10', '1']] as const;

describe('import', () => {
  const mini = new MiniRecordings();
  beforeEach(() => mini.open());
  afterEach(() => mini.close());

  /** Imports what must be refused, and looks that nothing is left of it. */
  async function refused(
    what: readonly Line[] | { readonly files: readonly string[] },
    options: Partial<ImportOptions> = {},
  ): Promise<RecordingError> {
    let error: unknown;
    await mini.import(what, options).catch((caught: unknown) => (error = caught));
    expect(error, 'nothing was refused').to.be.instanceOf(RecordingError);
    const left = await readdir(mini.path('.'));
    expect(left.filter((name) => name.includes('session'))).to.deep.equal([]);
    return error as RecordingError;
  }

  describe('of good recordings', () => {
    it('cuts nanoseconds to microseconds', async () => {
      const files = [await mini.zip('ns.gz', [[1, depth(1, 1)]], 'ns')];
      const { events, meta } = await mini.import({ files });
      expect(events[0]!.at).to.equal(START + 1_000);
      expect(meta.from).to.equal('2024-01-01T00:00:00.001Z');
    });
    it('counts ignored lines in the time it spans', async () => {
      const { meta } = await mini.import([
        [0, ticker()],
        [10, depth(1, 1)],
        [20, ticker()],
      ]);
      expect([meta.from, meta.to]).to.deep.equal(['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.02Z']);
    });
    it('keeps lines whose times run backwards in their order', async () => {
      const { events, meta } = await mini.import([
        [10, depth(1, 1)],
        [5, depth(2, 2)],
        [7, trade(1, '1', '1', true)],
      ]);
      expect(story(events).slice(1)).to.deep.equal(['10 BookDelta 1', '5 BookDelta 2', '7 Traded sell 1@1']);
      expect([meta.from, meta.to]).to.deep.equal(['2024-01-01T00:00:00.005Z', '2024-01-01T00:00:00.01Z']);
    });
    it('reads plain files, files without a last line feed and several gzip members', async () => {
      const text = linesOf([
        [0, depth(1, 1)],
        [10, depth(2, 2)],
      ]);
      const half = text.indexOf('\n') + 1;
      for (const content of [
        text,
        text.trimEnd(),
        gzipSync(text.trimEnd()),
        Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]),
      ]) {
        const { events } = await mini.import({ files: [await mini.write('some', content)] });
        expect(story(events).slice(1)).to.deep.equal(['0 BookDelta 1', '10 BookDelta 2']);
      }
    });
    it('reads lines longer than a chunk', async () => {
      const bids = Array.from({ length: 40_000 }, (_, index) => [String(index + 1), '1'] as const);
      const { meta } = await mini.import([
        [0, depth(1, 1, bids)],
        [10, depth(2, 2)],
      ]);
      expect(meta.counts).to.include({ rows: 40_002, messages: 2 });
    });
    it('reads a symbol that is not ASCII', async () => {
      const { meta } = await mini.import([[0, depth(1, 1, BID, [], {}, 'ÄÖÜUSDT')]]);
      expect(meta.instruments[0]!.instrument).to.equal('ÄÖÜUSDT@binance');
    });
    it('merges files of different instruments by receive time, then in the order given', async () => {
      const other = (first: number): object => depth(first, first, [], [], {}, 'BBBBTC');
      const files = [
        await mini.zip('b.gz', [
          [5, other(1)],
          [10, other(2)],
          [8, other(3)],
        ]),
        await mini.zip('a.gz', [
          [0, depth(1, 1)],
          [10, depth(2, 2)],
          [20, depth(3, 3)],
        ]),
      ];
      const { events } = await mini.import({ files });
      expect(story(events).filter((line) => line.includes('Delta'))).to.deep.equal([
        '0 BookDelta 1',
        '5 BookDelta 1',
        '10 BookDelta 2',
        '8 BookDelta 3',
        '10 BookDelta 2',
        '20 BookDelta 3',
      ]);
    });
    it('tells the venue from the content', async () => {
      const coin = { ps: 'AAAUSD' };
      for (const [message, instrument] of [
        [depth(1, 1), 'AAABTC@binance'],
        [trade(1, '1', '1', true), 'AAABTC@binance'],
        [futuresDepth(1, 2, 3), 'AAAUSDT@binance-usdm'],
        [futuresDepth(1, 2, 3, [], [], coin, 'AAAUSD_PERP'), 'AAAUSD_PERP@binance-coinm'],
        [trade(1, '1', '1', true, { M: undefined, X: 'MARKET' }, 'AAAUSD_240927'), 'AAAUSD_240927@binance-coinm'],
        [trade(1, '1', '1', true, { M: undefined, X: 'MARKET' }, 'AAAUSDT_240927'), 'AAAUSDT_240927@binance-usdm'],
      ] as const) {
        const { meta } = await mini.import([[0, message]]);
        expect(meta.instruments[0]!.instrument).to.equal(instrument);
      }
    });
    it('takes Binance US by name, because it speaks as Binance does', async () => {
      const { meta } = await mini.import([[0, depth(1, 1, [], [], {}, 'BNBUSD')]], { venue: 'binance-us' });
      expect(meta.instruments[0]).to.include({ instrument: 'BNBUSD@binance-us', base: 'BNB', quote: 'USD' });
    });
    it('tells how far it is', async () => {
      const seen: number[] = [];
      await mini.import([[0, depth(1, 1)]], { onProgress: ({ lines }) => seen.push(lines) });
      expect(seen.at(-1)).to.equal(1);
    });
    it('keeps nothing when it is stopped', async () => {
      const stop = new AbortController();
      stop.abort(new RecordingError('unreadable', 'here', 'was stopped', 'start again'));
      await refused([[0, depth(1, 1)]], { signal: stop.signal });
    });
  });

  describe('of instrument rules', () => {
    it('infers the finest decimal place in the data where the table has nothing', async () => {
      const { meta } = await mini.import([[0, depth(1, 1, [['10.50', '1.2500']], [['11', '2']])]]);
      expect(meta.instruments[0]).to.include({
        rules: 'inferred',
        tickSize: '0.1',
        lotSize: '0.01',
        minQuantity: '0',
        minNotional: '0',
        kind: 'spot',
      });
    });
    it('takes them from the table where the recording keeps to it, with its day', async () => {
      const { meta, events } = await mini.import([[0, depth(1, 1, [['60000.1', '1']], [], {}, 'BTCUSDT')]]);
      expect(meta.instruments[0]).to.deep.include({
        rules: 'table',
        rulesAsOf: '2024-08-08',
        tickSize: '0.01',
        lotSize: '0.00001',
        minNotional: '5',
        fees: { maker: '0.001', taker: '0.001' },
      });
      expect(events[0]!.data).to.deep.equal(meta.instruments[0]);
    });
    it('leaves the table where the recording is finer', async () => {
      const { meta } = await mini.import([[0, depth(1, 1, [['60000.123', '1']], [], {}, 'BTCUSDT')]]);
      expect(meta.instruments[0]).to.include({ rules: 'inferred', tickSize: '0.001' });
    });
    it('lets a few levels be finer than the table: orders from before a change of lots', async () => {
      const many = Array.from({ length: 2_000 }, (_, index) => [String(index + 1), '1'] as const);
      const { meta } = await mini.import([[0, depth(1, 1, [...many, ['60000', '0.123456']], [], {}, 'BTCUSDT')]]);
      expect(meta.instruments[0]).to.include({ rules: 'table', lotSize: '0.00001' });
    });
    it('knows the contracts of COIN-M', async () => {
      for (const [symbol, multiplier, base] of [
        ['BTCUSD_PERP', '100', 'BTC'],
        ['ETHUSD_240927', '10', 'ETH'],
      ] as const) {
        const { meta } = await mini.import([[0, futuresDepth(1, 2, 3, [], [], { ps: 'x' }, symbol)]]);
        expect(meta.instruments[0]).to.include({ kind: 'inverse', multiplier, base, quote: 'USD', settlement: base });
      }
    });
    it('lets a rules file win', async () => {
      const rules = { 'BTCUSDT@binance': { tickSize: '0.5', minNotional: '7' }, 'OTHER@binance': { tickSize: '1' } };
      const { meta } = await mini.import([[0, depth(1, 1, [], [], {}, 'BTCUSDT')]], { rules });
      expect(meta.instruments[0]).to.include({
        rules: 'file',
        tickSize: '0.5',
        minNotional: '7',
        lotSize: '0.00001',
      });
      expect(meta.instruments[0]).not.to.have.property('rulesAsOf');
    });
    it('refuses a rules file that says what it must not', async () => {
      for (const rules of [
        [],
        { BTCUSDT: {} },
        { 'A@b': 1 },
        { 'A@b': { tickSize: 0.1 } },
        { 'A@b': { tickSize: '0' } },
        { 'A@b': { ticksize: '1' } },
        { 'A@b': { fees: { maker: '0' } } },
        { 'A@b': { kind: 'option' } },
      ])
        expect((await refused([[0, depth(1, 1)]], { rules })).code).to.equal('bad_rules');
    });
    it('refuses rules so fine that the data cannot be counted in them', async () => {
      const rules = { 'AAABTC@binance': { tickSize: '0.000000000000001' } };
      expect((await refused([[0, depth(1, 1, [['10', '1']])]], { rules })).code).to.equal('out_of_range');
    });
  });

  describe('of bad recordings', () => {
    const good: Line = [0, depth(1, 1, BID)];
    const line2 = (text: string): Line[] => [good, text];

    it('refuses a file that is not there, an empty one and a folder', async () => {
      expect((await refused({ files: [mini.path('none.gz')] })).code).to.equal('not_found');
      expect((await refused({ files: [await mini.write('empty', '')] })).code).to.equal('foreign');
      expect((await refused({ files: [await mini.write('empty.gz', gzipSync(''))] })).code).to.equal('foreign');
      expect((await refused({ files: [mini.path('.')] })).code).to.equal('unreadable');
      expect((await refused({ files: [] })).code).to.equal('not_found');
    });
    it('refuses a truncated gzip stream, and says after which line it ends', async () => {
      const lines = Array.from({ length: 3_000 }, (_, index) => [index, depth(index + 1, index + 1, BID)] as const);
      const whole = gzipSync(linesOf(lines));
      const error = await refused({ files: [await mini.write('cut.gz', whole.subarray(0, whole.length - 200))] });
      expect(error.code).to.equal('unreadable');
      expect(error.message).to.match(/cut\.gz:\d+: the gzip stream ends in the middle/);
    });
    it('refuses a damaged gzip stream', async () => {
      const bytes = gzipSync(linesOf([good, [1, depth(2, 2, BID)]]));
      bytes.fill(0xff, 30, 60);
      expect((await refused({ files: [await mini.write('bad.gz', bytes)] })).code).to.equal('unreadable');
      const flipped = gzipSync(linesOf([good]));
      flipped[flipped.length - 6]! ^= 1; // the checksum at its end
      expect((await refused({ files: [await mini.write('flip.gz', flipped)] })).code).to.equal('unreadable');
    });
    it('refuses foreign files', async () => {
      for (const [name, content] of [
        ['a.csv', 'time,price\n1,2\n'],
        ['a.json', '{"a":1}\n'],
        ['ms.txt', `1704067200000 ${JSON.stringify(depth(1, 1))}\n`],
        ['binary', Buffer.from([0, 1, 2, 3, 255, 254])],
        ['other', `${START} {"channel":"book","data":{}}\n`],
      ] as const) {
        const error = await refused({ files: [await mini.write(name, content)] });
        expect(error.code, name).to.equal('foreign');
        expect(error.where).to.contain(name);
      }
    });
    it('refuses a venue that the content contradicts, an unknown venue and an unknown format', async () => {
      expect((await refused([good], { venue: 'binance-usdm' })).message).to.contain('not of binance-usdm');
      expect((await refused([good], { venue: 'nowhere' })).message).to.contain('use one of');
      expect((await refused([good], { format: 'csv' })).message).to.contain('collector');
    });
    for (const [what, lines] of [
      ['a line that is no JSON', line2(`${START} {"stream":`)],
      ['a line without a receive time', line2('{"stream":"x"}')],
      ['a line with a cut receive time', line2('17040672000 {}')],
      ['an empty line', line2('')],
      ['a line that is no object', line2(`${START} [1]`)],
    ] as const)
      it(`refuses ${what}, naming file and line`, async () => {
        const error = await refused(lines);
        expect(error.code).to.equal('bad_line');
        expect(error.where).to.match(/lines\.gz:2$/);
      });
    for (const [what, message] of [
      ['a negative size', depth(2, 2, [['10', '-1']])],
      ['a negative price', depth(2, 2, [], [['-10', '1']])],
      ['a negative size in a snapshot', rest(2, [['10', '-1']], [])],
      ['a price of zero', depth(2, 2, [['0.00', '1']])],
      ['an exponent', depth(2, 2, [['1e5', '1']])],
      ['a word for a price', depth(2, 2, [['NaN', '1']])],
      ['a number for a price', depth(2, 2, [[10, 1]] as never)],
      ['a level that is no pair', depth(2, 2, ['10'] as never)],
      ['a depth message without bids', depth(2, 2, null as never)],
      ['a depth message without U', depth(undefined as never, 2)],
      ['a depth message with U above u', depth(3, 2)],
      ['a depth message with a fraction for u', depth(2, 2.5)],
      ['a depth message without a symbol', depth(2, 2, [], [], { s: undefined })],
      ['a depth message with a text for its time', depth(2, 2, [], [], { E: 'now' })],
      ['a frame without data', { stream: 'aaabtc@depth' }],
      ['a trade without a price', trade(1, undefined as never, '1', true)],
      ['a trade with a negative quantity', trade(1, '1', '-1', true)],
      ['a trade without a side', trade(1, '1', '1', undefined as never)],
      ['a trade without an id', trade(undefined as never, '1', '1', true)],
      ['a snapshot without lastUpdateId', { lastUpdateId: null, bids: [], asks: [] }],
      ['a snapshot without asks', { lastUpdateId: 2, bids: [] }],
    ] as const)
      it(`refuses ${what}, naming file and line`, async () => {
        const error = await refused([good, [1, message]]);
        expect(error.code).to.equal('bad_message');
        expect(error.where).to.match(/lines\.gz:2$/);
        expect(error.message).to.match(/; take the recording/);
      });
    it('refuses a number beyond 2^53', async () => {
      const error = await refused([
        good,
        `${START} {"stream":"a@depth","data":{"s":"AAABTC","U":1,"u":9007199254740993}}`,
      ]);
      expect(error.code).to.equal('out_of_range');
    });
    it('refuses a negative level in a message that waits for its snapshot, at its own line', async () => {
      const error = await refused([
        [0, depth(1, 1, [['10', '-1']])],
        [1, rest(5, BID, [])],
      ]);
      expect(error.where).to.match(/lines\.gz:1$/);
    });
    it('refuses a snapshot that may be of either of two instruments', async () => {
      const error = await refused([good, [1, depth(1, 1, BID, [], {}, 'BBBBTC')], [2, rest(5, BID, [])]]);
      expect(error.code).to.equal('ambiguous_snapshot');
    });
    it('never overwrites what is there', async () => {
      await mini.import([good], { out: mini.path('s') });
      let error: unknown;
      await mini.import([good], { out: mini.path('s'), force: false }).catch((caught: unknown) => (error = caught));
      expect(error).to.include({ code: 'exists' });
      await mini.write('a-file', 'x');
      error = undefined;
      await mini.import([good], { out: mini.path('a-file') }).catch((caught: unknown) => (error = caught));
      expect(error).to.include({ code: 'exists' });
    });
  });
});
