import { expect } from 'chai';
import { KRAKEN } from '../../../../../adapters/venues/kraken/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import type { Traded } from '../../../../../core/market/events.js';
import { frame } from '../../../../support/frame.js';
import { v1, v2 } from '../../../../support/kraken-frames.js';
import { START, story, type Pairs } from '../../../../support/mini-recording.js';
import { krakenChecksum } from '../../../../support/plain-checksums.js';
import { FoldedFeed } from '../../../../support/venue-fuzz.js';

const BIDS: Pairs = [
  ['10.00', '1.50'],
  ['9.00', '2.00'],
];
const ASKS: Pairs = [['11.00', '0.50']];

describe('the Kraken mapper', () => {
  let feed: FoldedFeed;
  beforeEach(() => {
    feed = new FoldedFeed((sink) => KRAKEN.newMapper(sink));
  });
  const hear = (...messages: readonly (object | string)[]): string[] => {
    messages.forEach((message, index) => void feed.mapper.accept(frame(10 * index, message), feed.source));
    return story(feed.events);
  };

  it('meets the checksum of the book that the documentation gives as an example', () => {
    const bids = pairs(
      '45283.5x0.10000000 45283.4x1.54582015 45282.1x0.10000000 45281.0x0.10000000 45280.3x1.54592586 ' +
        '45279.0x0.07990000 45277.6x0.03310103 45277.5x0.30000000 45277.3x1.54602737 45276.6x0.15445238',
    );
    const asks = pairs(
      '45285.2x0.00100000 45286.4x1.54571953 45286.6x1.54571109 45289.6x1.54560911 45290.2x0.15890660 ' +
        '45291.8x1.54553491 45294.7x0.04454749 45296.1x0.35380000 45297.5x0.09945542 45299.5x0.18772827',
    );
    expect(krakenChecksum(bids, asks)).to.equal(3_310_070_434);
    hear(v2.book('snapshot', bids, asks, { bids, asks }));
    expect(feed.events[0]).to.deep.include({ type: 'BookSnapshot' });
    expect(feed.events[0]!.data).to.include({ checksum: 'ok' });
  });

  for (const [version, symbol, snapshot, change] of [
    ['first', 'XBT/USD', v1.snapshot(BIDS, ASKS), (b: Pairs, a: Pairs, book: Book) => v1.change({ a, b }, book)],
    [
      'second',
      'BTC/USD',
      v2.book('snapshot', BIDS, ASKS, { bids: BIDS, asks: ASKS }),
      (b: Pairs, a: Pairs, book: Book) => v2.book('update', b, a, book),
    ],
  ] as const)
    describe(`of the ${version} version`, () => {
      it('applies changes to the snapshot and compares the book with its checksum', () => {
        const after = {
          bids: [['10.00', '1.50']] as Pairs,
          asks: [
            ['11.00', '0.75'],
            ['12.50', '1.00'],
          ] as Pairs,
        };
        hear(
          snapshot,
          change(
            [['9.00', '0.00']],
            [
              ['11.00', '0.75'],
              ['12.50', '1.00'],
            ],
            after,
          ),
        );
        expect(story(feed.events)).to.deep.equal([
          '0 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
          '10 BookDelta - b 9x0 a 11x0.75 12.5x1',
        ]);
        expect(feed.events.at(-1)!.data).to.include({ checksum: 'ok', venueAt: START + 123_456 });
        expect(feed.trusted(`${symbol}@kraken`)).to.equal('10x1.5 | 11x0.75 12.5x1');
      });

      it('takes several changes of one level in their order', () => {
        const after = {
          bids: [
            ['10.00', '3.00'],
            ['9.00', '2.00'],
          ] as Pairs,
          asks: ASKS,
        };
        hear(
          snapshot,
          change(
            [
              ['10.00', '0.00'],
              ['10.00', '7.00'],
              ['10.00', '3.00'],
            ],
            [],
            after,
          ),
        );
        expect(feed.trusted(`${symbol}@kraken`)).to.equal('10x3 9x2 | 11x0.5');
      });

      it('says a wrong checksum once, asks for a snapshot, and is whole again with it', () => {
        const wrong = { bids: BIDS, asks: [['11.00', '9.00']] as Pairs };
        expect(
          hear(snapshot, change([], [['11.00', '8.00']], wrong), change([], [['11.00', '7.00']], wrong), snapshot),
        ).to.deep.equal([
          '0 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
          '10 FeedInterrupted checksum',
          '10 BookDelta - a 11x8',
          '20 BookDelta - a 11x7',
          '30 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
        ]);
        expect(feed.source.asked).to.deep.equal([symbol]);
        expect(feed.events[2]!.data).to.include({ checksum: 'failed' });
      });

      it('leaves out changes that come live before the first snapshot', () => {
        expect(hear(change([['10.00', '1.50']], [], { bids: BIDS, asks: [] }), snapshot)).to.deep.equal([
          '0 BookDelta - dropped',
          '10 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
        ]);
      });

      it('goes on after a silence with the first checksum that is right', () => {
        hear(snapshot);
        feed.mapper.interrupt(feed.source, START + 9_000, 'silent', 'nothing for 5s');
        const after = { bids: BIDS, asks: [['11.00', '0.75']] as Pairs };
        expect(hear(change([], [['11.00', '0.75']], after)).slice(1)).to.deep.equal([
          '9 FeedInterrupted silent',
          '0 FeedResumed trusted',
          '0 BookDelta - a 11x0.75',
        ]);
      });

      it('waits for a snapshot after its connection was lost', () => {
        hear(snapshot);
        feed.mapper.interrupt(feed.source, START + 9_000, 'disconnected', 'closed');
        const after = { bids: BIDS, asks: [['11.00', '0.75']] as Pairs };
        expect(hear(change([], [['11.00', '0.75']], after), snapshot).slice(1)).to.deep.equal([
          '9 FeedInterrupted disconnected',
          '0 BookDelta - dropped',
          '10 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
        ]);
      });
    });

  it('cuts the book to the depth of the subscription, and deletes what falls out with the message', () => {
    const [ten, after] = [ladder(10), ladder(10)];
    after.splice(3, 0, ['103.50', '5.00']);
    after.pop();
    for (const messages of [
      [
        v1.snapshot([], ten, 'XBT/USD', 10),
        v1.change({ a: [['103.50', '5.00']] }, { bids: [], asks: after }, 'XBT/USD', 10),
      ],
      [
        v2.subscribed(10),
        v2.book('snapshot', [], ten, { bids: [], asks: ten }),
        v2.book('update', [], [['103.50', '5.00']], { bids: [], asks: after }),
      ],
    ]) {
      feed = new FoldedFeed((sink) => KRAKEN.newMapper(sink));
      expect(hear(...messages).at(-1)).to.match(/BookDelta - a 103\.5x5 109x0$/);
      const [definition] = feed.mapper.finish();
      expect(definition).to.include({ publishedDepth: 10 });
    }
  });

  it('never takes a snapshot whose own checksum is wrong, not even for a moment', () => {
    const wrong = v2.book('snapshot', BIDS, ASKS, { bids: BIDS, asks: [] });
    const change = v2.book('update', [], [['11.00', '2.00']], { bids: BIDS, asks: [['11.00', '2.00']] });
    const right = v2.book('snapshot', BIDS, ASKS, { bids: BIDS, asks: ASKS });
    expect(hear(wrong, change, right, change)).to.deep.equal([
      '0 FeedInterrupted checksum',
      '0 BookDelta - dropped',
      '10 BookDelta - dropped',
      '20 BookSnapshot - b 10x1.5 9x2 a 11x0.5',
      '30 BookDelta - a 11x2',
    ]);
    expect(feed.source.asked).to.deep.equal(['BTC/USD']);
  });

  it('takes the two parts of a message under their one checksum, and levels that are told anew', () => {
    const after = {
      bids: [['10.00', '1.00']] as Pairs,
      asks: [
        ['11.00', '2.00'],
        ['12.00', '3.00'],
      ] as Pairs,
    };
    const message = v1.change(
      {
        a: [
          ['11.00', '2.00'],
          ['12.00', '3.00'],
        ],
        b: [
          ['10.00', '1.00'],
          ['9.00', '0.00'],
        ],
        mark: 'r',
      },
      after,
    );
    expect(message).to.have.length(5);
    hear(v1.snapshot(BIDS, ASKS), message);
    expect(feed.trusted('XBT/USD@kraken')).to.equal('10x1 | 11x2 12x3');
  });

  it('keeps every digit of the numbers of the second version for the checksum', () => {
    const bids: Pairs = [['0.0000012300', '100000.00000000']];
    const asks: Pairs = [['0.0000012400', '0.00000010']];
    expect(hear(v2.book('snapshot', bids, asks, { bids, asks }))).to.deep.equal([
      '0 BookSnapshot - b 0.00000123x100000 a 0.00000124x0.0000001',
    ]);
    const spaced = v2.book('update', [], [['0.0000012400', '0.00000020']], {
      bids,
      asks: [['0.0000012400', '0.00000020']],
    });
    expect(hear(spaced.replaceAll('":', '" : ')).at(-1)).to.equal('0 BookDelta - a 0.00000124x0.0000002');
  });

  describe('trades', () => {
    it('tell the side of the taker, one event for a message', () => {
      hear(
        v1.trades([
          ['58721.20000', '0.02798644', '1704067200.100000', 's', 'm', ''],
          ['58721.30000', '0.10000000', '1704067200.200000', 'b', 'l', ''],
        ]),
        v2.trades('update', v2.trade(101, 'sell', '10.50', '2.00'), v2.trade(102, 'buy', '10.60', '1.00')),
      );
      expect(story(feed.events)).to.deep.equal([
        '0 Traded sell 0.02798644@58721.2 buy 0.1@58721.3',
        '10 Traded sell 2@10.5 buy 1@10.6',
      ]);
      expect(feed.events[0]!.data).to.include({ venueAt: START + 200_000 });
      expect(feed.events[1]!.data).to.deep.include({ venueAt: START + 102_000 });
      expect((feed.events[1] as Traded).data.trades.map(({ tradeId }) => tradeId)).to.deep.equal([101, 102]);
    });
    it('of several instruments in one message are one event each', () => {
      hear(
        v2.trades(
          'update',
          v2.trade(101, 'sell', '10', '2'),
          v2.trade(7, 'buy', '3', '1', 'ETH/USD'),
          v2.trade(102, 'buy', '10', '1'),
        ),
      );
      expect(feed.events.map(({ data }) => data.instrument)).to.deep.equal(['BTC/USD@kraken', 'ETH/USD@kraken']);
      expect(() =>
        hear(v2.trades('update', v2.trade(103, 'sell', '10', '2'), v2.trade(8, 'buy', '-3', '1', 'ETH/USD'))),
      ).to.throw(MessageFault);
      expect(feed.events).to.have.length(2);
    });
    it('of before the subscription are not told', () => {
      expect(hear(v2.trades('snapshot', v2.trade(101, 'sell', '10.50', '2.00')))).to.deep.equal([]);
    });
  });

  it('reads over signs of life, answers and channels that nobody asked for', () => {
    expect(
      hear(
        '{"channel":"heartbeat"}',
        '{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2"}]}',
        '{"method":"pong","req_id":3,"time_in":"2024-01-01T00:00:00Z","time_out":"2024-01-01T00:00:00Z"}',
        '{"method":"subscribe","success":false,"error":"Currency pair not supported X/Y","symbol":"X/Y"}',
        '{"method":"subscribe","result":{"channel":"trade","snapshot":false,"symbol":"BTC/USD"},"success":true}',
        '{"event":"heartbeat"}',
        '{"event":"systemStatus","status":"online","version":"1.8.3","connectionID":13935949241502919679}',
        [2500, { a: ['1', 1, '1'] }, 'ticker', 'ALGO/XBT'],
      ),
    ).to.deep.equal([]);
  });

  describe('refuses what the venue cannot have sent, and no book is any the worse:', () => {
    const book = { bids: BIDS, asks: ASKS };
    const good = v2.book('update', [], [['11.00', '0.50']], book);
    for (const [what, message] of [
      ['no JSON', 'pong'],
      ['a word', '"heartbeat"'],
      ['a list that is no message', [1, 2]],
      ['a message of no book', good.replace(/"data":\[.*\]/, '"data":[]')],
      ['a message of two books', good.replace(/"data":\[(.*)\]/, '"data":[$1,$1]')],
      ['a type that is none', good.replace('"update"', '"partial"')],
      ['a symbol that is no pair', good.replace('BTC/USD', 'BTCUSD')],
      ['a price that is none', good.replace('"price":11.00', '"price":null')],
      ['a negative price', good.replace('"price":11.00', '"price":-11.00')],
      ['a price of 0', good.replace('"price":11.00', '"price":0')],
      ['an endless price', good.replace('"price":11.00', '"price":1e400')],
      ['a quantity that is missing', good.replace(/,"qty":[\d.]+/, '')],
      ['levels that are no list', good.replace('"bids":[]', '"bids":{}')],
      ['a checksum that is missing', good.replace(/,"checksum":\d+/, '')],
      ['a checksum that is none', good.replace(/"checksum":\d+/, '"checksum":-1')],
      ['a time that is none', good.replace('2024-01-01T', 'yesterday ')],
      ['a subscription to a depth that is not offered', v2.subscribed(11)],
      ['a side that is none', v2.trades('update', v2.trade(1, 'both', '10', '1'))],
      ['a depth that is not offered', v1.snapshot(BIDS, ASKS, 'XBT/USD', 11)],
      ['changes to another depth', v1.change({ a: ASKS }, book, 'XBT/USD', 100)],
      ['changes without a checksum', [320, { a: [['11.00', '0.50', '1704067200.1']] }, 'book-1000', 'XBT/USD']],
      ['a snapshot with changes in it', [320, { as: [], b: [], c: '1' }, 'book-1000', 'XBT/USD']],
      ['a level without a time', [320, { a: [['11.00', '0.50']], c: '1' }, 'book-1000', 'XBT/USD']],
    ] as const)
      it(what, () => {
        hear(v2.book('snapshot', BIDS, ASKS, book), v1.snapshot(BIDS, ASKS), v1.change({ a: ASKS }, book));
        const before = story(feed.events);
        expect(() => hear(message)).to.throw(MessageFault);
        expect(story(feed.events)).to.deep.equal(before);
        hear(good, v1.change({ a: ASKS }, book));
        for (const symbol of ['BTC/USD', 'XBT/USD'])
          expect(feed.trusted(`${symbol}@kraken`)).to.equal('10x1.5 9x2 | 11x0.5');
      });
  });

  it('leaves a message out whose numbers are beyond what can be counted, and asks for a snapshot', () => {
    const book = { bids: BIDS, asks: ASKS };
    const huge = v2.book('update', [['99999999999999999999', '1']], [], book);
    expect(
      hear(v2.book('snapshot', BIDS, ASKS, book), huge, v2.book('snapshot', BIDS, ASKS, book)).slice(1),
    ).to.deep.equal(['10 FeedInterrupted increment_overflow', '20 BookSnapshot - b 10x1.5 9x2 a 11x0.5']);
    expect(feed.source.asked).to.deep.equal(['BTC/USD']);
  });
});

interface Book {
  readonly bids: Pairs;
  readonly asks: Pairs;
}

const pairs = (text: string): Pairs => text.split(' ').map((level) => level.split('x') as [string, string]);

const ladder = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`${100 + index}.00`, '1.00']);
