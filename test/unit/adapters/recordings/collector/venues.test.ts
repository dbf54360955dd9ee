import { expect } from 'chai';
import { MiniRecordings, story } from '../../../../support/mini-recording.js';
import { bybit } from '../../../../support/venue-messages/bybit.js';
import { AdvancedConnection, exchange } from '../../../../support/venue-messages/coinbase.js';
import { kucoin } from '../../../../support/venue-messages/kucoin.js';

const BID = [['10', '1']] as const;

describe('collector lines of Coinbase, Bybit and KuCoin', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());
  const told = async (...args: Parameters<MiniRecordings['import']>): Promise<string[]> =>
    story((await mini.import(...args)).events);

  it('are told from their content', async () => {
    const of = new AdvancedConnection();
    expect(
      await told([
        [0, of.book('snapshot', BID, [])],
        [10, of.book('update', [['10', '2']], [])],
      ]),
    ).to.deep.equal(['0 InstrumentDefined AAA-USD@coinbase', '0 BookSnapshot - b 10x1', '10 BookDelta - b 10x2']);
    expect(
      await told([
        [0, exchange.snapshot(BID, [])],
        [10, exchange.match()],
      ]),
    ).to.deep.equal(['0 InstrumentDefined AAA-USD@coinbase', '0 BookSnapshot - b 10x1', '10 Traded buy 2@10.5']);
    expect(
      await told([
        [0, bybit.snapshot({ update: 8, b: BID })],
        [10, bybit.delta({ update: 9 })],
      ]),
    ).to.deep.equal(['0 InstrumentDefined AAAUSDT@bybit-linear', '0 BookSnapshot 8 b 10x1', '10 BookDelta 9']);
  });
  it('are of spot where that is said', async () => {
    const lines = [[0, bybit.snapshot({ update: 8, b: BID })]] as const;
    expect((await told(lines, { venue: 'bybit-spot' }))[0]).to.equal('0 InstrumentDefined AAAUSDT@bybit-spot');
  });
  it('hold changes for a snapshot that comes later', async () => {
    expect(
      await told([
        [0, kucoin.update(7, 7)],
        [5, kucoin.update(8, 8, { b: [['10', '3']] })],
        [10, kucoin.reply(7, BID, [])],
        [20, kucoin.update(9, 9)],
      ]),
    ).to.deep.equal([
      '0 InstrumentDefined AAA-USDT@kucoin',
      '10 BookSnapshot 7 b 10x1',
      '10 BookDelta 7 dropped',
      '10 BookDelta 8 b 10x3',
      '20 BookDelta 9',
    ]);
  });
});
