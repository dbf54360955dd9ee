import { expect } from 'chai';
import { binance, MiniRecordings, story } from '../../../support/mini-recording.js';

const { depth, trade, ticker, rest } = binance;
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;

describe('a silent source', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());
  const told = async (...args: Parameters<MiniRecordings['import']>): Promise<string[]> =>
    story((await mini.import(...args)).events);

  it('is interrupted five seconds after its last line, and resumes where the sequence goes on', async () => {
    const lines = await told([
      [0, rest(9, BID, ASK)],
      [10, depth(10, 10)],
      [20, ticker()],
      [7_000, trade(1, '10', '1', true)],
      [7_010, depth(11, 11)],
      [7_020, depth(12, 12)],
    ]);
    expect(lines.slice(2)).to.deep.equal([
      '10 BookDelta 10',
      '5020 FeedInterrupted silent',
      '7000 Traded sell 1@10',
      '7010 FeedResumed trusted',
      '7010 BookDelta 11',
      '7020 BookDelta 12',
    ]);
  });
  it('is not silent while tickers come, nor at exactly five seconds', async () => {
    const lines = await told([
      [0, rest(9, BID, ASK)],
      [5_000, ticker()],
      [10_000, depth(10, 10)],
    ]);
    expect(lines.slice(2)).to.deep.equal(['10000 BookDelta 10']);
  });
  it('is silent sooner where the setting says so', async () => {
    const lines = await told(
      [
        [0, rest(9, BID, ASK)],
        [200, depth(10, 10)],
      ],
      { maxSilence: 100_000 },
    );
    expect(lines.slice(2)).to.deep.equal(['100 FeedInterrupted silent', '200 FeedResumed trusted', '200 BookDelta 10']);
  });
  it('resumes to partial where the book began empty', async () => {
    const lines = await told([
      [0, depth(9, 9)],
      [6_000, depth(10, 10)],
    ]);
    expect(lines.slice(2)).to.deep.equal([
      '5000 FeedInterrupted silent',
      '6000 FeedResumed partial',
      '6000 BookDelta 10',
    ]);
  });
  it('has a gap where the sequence does not go on, and resumes by a snapshot only', async () => {
    const lines = await told([
      [0, rest(9, BID, ASK)],
      [10, depth(10, 10)],
      [6_000, depth(12, 12)],
      [6_010, depth(13, 13)],
      [6_020, rest(13, BID, ASK)],
      [6_030, depth(14, 14)],
    ]);
    expect(lines.slice(3)).to.deep.equal([
      '5010 FeedInterrupted silent',
      '6000 FeedInterrupted gap',
      '6000 BookDelta 12',
      '6010 BookDelta 13',
      '6020 BookSnapshot 13 b 10x1 a 11x2',
      '6030 BookDelta 14',
    ]);
  });
  it('is judged the same between two files of neighbouring days', async () => {
    const files = [
      await mini.zip('one.gz', [
        [0, rest(9, BID, ASK)],
        [10, depth(10, 10)],
      ]),
      await mini.zip('two.gz', [[6_000, depth(11, 11)]]),
      await mini.zip('three.gz', [[6_100, depth(12, 12)]]),
    ];
    const { events, meta } = await mini.import({ files });
    expect(story(events).slice(3)).to.deep.equal([
      '5010 FeedInterrupted silent',
      '6000 FeedResumed trusted',
      '6000 BookDelta 11',
      '6100 BookDelta 12',
    ]);
    expect(meta.sources.map(({ file, lines }) => [file, lines])).to.deep.equal([
      ['one.gz', 2],
      ['two.gz', 1],
      ['three.gz', 1],
    ]);
  });
  it('does not silence another one', async () => {
    const files = [
      await mini.zip('a.gz', [
        [0, depth(1, 1)],
        [9_000, depth(2, 2)],
      ]),
      await mini.zip(
        'b.gz',
        [1_000, 4_000, 6_000, 8_000].map((at, index) => [at, depth(index, index, [], [], {}, 'BBBBTC')] as const),
      ),
    ];
    expect(await told({ files })).to.deep.equal([
      '0 InstrumentDefined AAABTC@binance',
      '0 BookDelta 1',
      '1000 InstrumentDefined BBBBTC@binance',
      '1000 BookDelta -',
      '4000 BookDelta 1',
      '5000 FeedInterrupted silent',
      '6000 BookDelta 2',
      '8000 BookDelta 3',
      '9000 FeedResumed partial',
      '9000 BookDelta 2',
    ]);
  });
});
