import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { OKX } from '../../../../../adapters/venues/okx/index.js';
import type { Traded } from '../../../../../core/market/events.js';
import { frame } from '../../../../support/frame.js';
import { START, story, type Pairs } from '../../../../support/mini-recording.js';
import { v3, v5 } from '../../../../support/okx-frames.js';
import { okxChecksum } from '../../../../support/plain-checksums.js';
import { FoldedFeed } from '../../../../support/venue-fuzz.js';

const BIDS: Pairs = [
  ['10.0', '1.50'],
  ['9', '2'],
];
const ASKS: Pairs = [['11', '0.5']];
const BOOK = { bids: BIDS, asks: ASKS };
const AFTER = { bids: BIDS, asks: [['11', '0.75']] as Pairs };
const WHOLE = 'b 10x1.5 9x2 a 11x0.5';

describe('the OKX mapper', () => {
  let feed: FoldedFeed;
  beforeEach(() => {
    feed = new FoldedFeed((sink) => OKX.newMapper(sink));
  });
  const hear = (...messages: readonly (object | string)[]): string[] => {
    messages.forEach((message, index) => void feed.mapper.accept(frame(10 * index, message), feed.source));
    return story(feed.events);
  };

  it('joins the checksum’s text as the documentation does, where sides are of unequal length', () => {
    const asks: Pairs = [
      ['3366.8', '9'],
      ['3368', '8'],
      ['3372', '8'],
    ];
    const bids: Pairs = [['3366.1', '7']];
    hear(v5.checked('snapshot', bids, asks, { bids, asks }));
    expect(feed.events[0]!.data).to.include({ checksum: 'ok' });
    expect(okxChecksum(bids, asks)).to.equal(crc32('3366.1:7:3366.8:9:3368:8:3372:8') | 0);
  });

  describe('of numbered messages', () => {
    const snapshot = v5.numbered('snapshot', -1, 10, BIDS, ASKS);
    it('follows the chain from the snapshot on: changes, none, and numbers that begin anew', () => {
      expect(
        hear(
          snapshot,
          v5.numbered('update', 10, 15, [], [['11', '0.75']]),
          v5.numbered('update', 15, 15, [], []),
          v5.numbered('update', 15, 3, [['10', '0']], []),
          v5.numbered('update', 3, 5, [], [['12', '1']]),
        ),
      ).to.deep.equal([
        `0 BookSnapshot 10 ${WHOLE}`,
        '10 BookDelta 15 a 11x0.75',
        '20 BookDelta 15',
        '30 BookDelta 3 b 10x0',
        '40 BookDelta 5 a 12x1',
      ]);
      expect(feed.trusted('BTC-USDT@okx')).to.equal('9x2 | 11x0.75 12x1');
      expect(feed.source.asked).to.deep.equal([]);
    });

    it('says a gap once, asks for a snapshot, and is whole again with it', () => {
      expect(
        hear(
          snapshot,
          v5.numbered('update', 12, 15, [], [['11', '0.75']]),
          v5.numbered('update', 19, 20, [], [['11', '0.8']]),
          v5.numbered('snapshot', -1, 30, BIDS, ASKS),
          v5.numbered('update', 30, 31, [], [['12', '1']]),
        ),
      ).to.deep.equal([
        `0 BookSnapshot 10 ${WHOLE}`,
        '10 FeedInterrupted gap',
        '10 BookDelta 15 a 11x0.75',
        '20 BookDelta 20 a 11x0.8',
        `30 BookSnapshot 30 ${WHOLE}`,
        '40 BookDelta 31 a 12x1',
      ]);
      expect(feed.source.asked).to.deep.equal(['BTC-USDT']);
    });

    it('takes a repeated message, and one from before the snapshot, for a gap', () => {
      const update = v5.numbered('update', 10, 15, [], [['11', '0.75']]);
      expect(hear(snapshot, update, update).slice(2)).to.deep.equal([
        '20 FeedInterrupted gap',
        '20 BookDelta 15 a 11x0.75',
      ]);
      feed = new FoldedFeed((sink) => OKX.newMapper(sink));
      expect(hear(snapshot, v5.numbered('update', 8, 9, [], [['11', '0.75']])).slice(1, 2)).to.deep.equal([
        '10 FeedInterrupted gap',
      ]);
    });

    it('compares a checksum where there is one, and takes 0 for none', () => {
      hear(
        v5.numbered('snapshot', -1, 10, BIDS, ASKS, 'BTC-USDT', { checksum: okxChecksum(BIDS, ASKS) }),
        v5.numbered('update', 10, 15, [], [], 'BTC-USDT', {}),
        v5.numbered('update', 15, 16, [], [], 'BTC-USDT', { checksum: 0 }),
        v5.numbered('update', 16, 17, [], [], 'BTC-USDT', { checksum: 1 }),
      );
      expect(feed.events.map((event) => (event.data as { checksum?: string }).checksum)).to.deep.equal([
        'ok',
        undefined,
        undefined,
        undefined,
        'failed',
      ]);
      expect(feed.events[3]).to.deep.include({ type: 'FeedInterrupted' });
      expect(feed.events[3]!.data).to.include({ reason: 'checksum' });
    });

    it('leaves out changes that come live before the first snapshot', () => {
      expect(hear(v5.numbered('update', 8, 10, BIDS, []), snapshot)).to.deep.equal([
        '0 BookDelta 10 dropped',
        `10 BookSnapshot 10 ${WHOLE}`,
      ]);
    });

    it('goes on after a silence where the chain does', () => {
      hear(snapshot);
      feed.mapper.interrupt(feed.source, START + 9_000, 'silent', 'nothing for 30s');
      expect(hear(v5.numbered('update', 10, 11, [], [])).slice(1)).to.deep.equal([
        '9 FeedInterrupted silent',
        '0 FeedResumed trusted',
        '0 BookDelta 11',
      ]);
    });
  });

  describe('of messages with checksums alone', () => {
    const snapshot = v5.checked('snapshot', BIDS, ASKS, BOOK);
    it('compares the book after each change, digits as they were sent', () => {
      expect(hear(snapshot, v5.checked('update', [], [['11', '0.75']], AFTER))).to.deep.equal([
        `0 BookSnapshot - ${WHOLE}`,
        '10 BookDelta - a 11x0.75',
      ]);
      expect(feed.events.map(({ data }) => data)).to.satisfy((all: { checksum?: string }[]) =>
        all.every(({ checksum }) => checksum === 'ok'),
      );
    });
    it('says a wrong checksum once, asks for a snapshot, and is whole again with it', () => {
      const wrong = v5.checked('update', [], [['11', '0.75']], BOOK);
      expect(hear(snapshot, wrong, wrong, snapshot).slice(1)).to.deep.equal([
        '10 FeedInterrupted checksum',
        '10 BookDelta - a 11x0.75',
        '20 BookDelta - a 11x0.75',
        `30 BookSnapshot - ${WHOLE}`,
      ]);
      expect(feed.source.asked).to.deep.equal(['BTC-USDT']);
    });
    it('reads tick-by-tick channels alike, and none of the best levels alone', () => {
      expect(hear(v5.checked('snapshot', BIDS, ASKS, BOOK, 'ETH-USDT', 'books-l2-tbt'))).to.have.length(1);
      expect(
        hear({ arg: { channel: 'books5', instId: 'ETH-USDT' }, data: [{ asks: [], bids: [], ts: '1', seqId: 3 }] }),
      ).to.have.length(1);
    });
    it('reads the third version alike', () => {
      expect(
        hear(
          v3.book('partial', BIDS, ASKS, BOOK),
          v3.book('update', [], [['11', '0.75']], AFTER),
          v3.trades('spot/trade', { instrument_id: 'BTC-USDT', size: '2', trade_id: '108223090144493569' }),
          v3.trades('futures/trade', { instrument_id: 'BTC-USD-210625', qty: '20', trade_id: '5430565', side: 'sell' }),
          { table: 'spot/ticker', data: [{ instrument_id: 'BTC-USDT' }] },
        ),
      ).to.deep.equal([
        `0 BookSnapshot - ${WHOLE}`,
        '10 BookDelta - a 11x0.75',
        '20 Traded buy 2@10',
        '30 Traded sell 20@10',
      ]);
      expect(feed.events[1]!.data).to.include({ checksum: 'ok', venueAt: START + 123_000 });
      expect((feed.events[2] as Traded).data.trades[0]).to.not.have.property('tradeId');
      expect((feed.events[3] as Traded).data.trades[0]).to.include({ tradeId: 5_430_565 });
    });
  });

  it('takes trades from one channel only, with their ids and the side of the taker', () => {
    const trades = [v5.trade('338476331', 'sell', '10', '0.5')];
    expect(
      hear(
        v5.trades(trades),
        v5.trades(trades, 'trades-all'),
        v5.trades([...trades, v5.trade('338476332', 'buy', '11', '1')]),
      ),
    ).to.deep.equal(['0 Traded sell 0.5@10', '20 Traded sell 0.5@10 buy 1@11']);
    expect(feed.events[0]!.data).to.deep.include({
      venueAt: START + 456_000,
      trades: [{ side: 'sell', price: '10', quantity: '0.5', tradeId: 338_476_331 }],
    });
  });

  it('reads over answers and signs of life', () => {
    expect(
      hear(
        'pong',
        { event: 'subscribe', arg: { channel: 'books', instId: 'BTC-USDT' }, connId: 'a' },
        { event: 'error', code: '60012', msg: 'Invalid request', connId: 'a' },
        { event: 'notice', code: '64008', msg: 'The connection will soon be closed' },
        { arg: { channel: 'tickers', instId: 'BTC-USDT' }, data: [{ last: '1' }] },
      ),
    ).to.deep.equal([]);
  });

  describe('refuses what the venue cannot have sent, and no book is any the worse:', () => {
    const good = JSON.stringify(v5.numbered('update', 10, 11, [], [['11', '0.5']]));
    for (const [what, message] of [
      ['no JSON', 'ping'],
      ['a list', '[]'],
      ['an action that is none', good.replace('"update"', '"partial"')],
      ['no book', good.replace(/"data":\[.*\]/, '"data":[]')],
      ['an instrument that is none', good.replace('BTC-USDT', 'BTCUSDT')],
      ['a time that is none', good.replace('1704067200123', '12')],
      ['a number that is missing', good.replace(',"seqId":11', '')],
      ['a previous number that is missing', good.replace('"prevSeqId":10,', '')],
      ['a previous number of before all', good.replace('"prevSeqId":10', '"prevSeqId":-1')],
      [
        'no numbers where there were some',
        good
          .replace('"prevSeqId":10,"seqId":11', '"x":1')
          .replace('"checksum":0', `"checksum":${okxChecksum(BIDS, ASKS)}`),
      ],
      ['neither number nor checksum', good.replace('"checksum":0,"prevSeqId":10,"seqId":11', '"x":1')],
      ['a checksum that is none', good.replace('"checksum":0', '"checksum":4294967295')],
      ['a price that is no text', good.replace('"11"', '11')],
      ['a price of 0', good.replace('"11"', '"0"')],
      ['a level that is none', good.replace('["11","0.5","0","1"]', '"11"')],
      ['levels that are missing', good.replace('"bids":[],', '')],
      ['a side that is none', v5.trades([v5.trade('1', 'both', '10', '1')])],
      ['a trade without its id', v5.trades([{ ...v5.trade('1', 'buy', '10', '1'), tradeId: null }])],
      ['no trades', v5.trades([])],
      ['no time of a trade', v5.trades([{ ...v5.trade('1', 'buy', '10', '1'), ts: '' }])],
    ] as const)
      it(what, () => {
        hear(v5.numbered('snapshot', -1, 10, BIDS, ASKS));
        const before = story(feed.events);
        expect(() => hear(message)).to.throw(MessageFault);
        expect(story(feed.events)).to.deep.equal(before);
        hear(good);
        expect(feed.trusted('BTC-USDT@okx')).to.equal('10x1.5 9x2 | 11x0.5');
      });
  });
});
