import { expect } from 'chai';
import { KUCOIN } from '../../../../../adapters/venues/kucoin/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { LiveStory } from '../../../../support/live-story.js';
import { START } from '../../../../support/mini-recording.js';
import { depthUrl, kucoin } from '../../../../support/venue-messages/kucoin.js';

const { update, match, reply } = kucoin;
const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;
const URL = depthUrl();

const faultOf = async (story: LiveStory, message: object): Promise<unknown> =>
  story.tell([0, message]).then(
    () => undefined,
    (error: unknown) => error,
  );

/** A story whose book is whole with update 8. */
async function whole(): Promise<LiveStory> {
  const story = new LiveStory(KUCOIN);
  await story.tell([0, update(8, 8)], [1, reply(8, BID, ASK), URL]);
  story.asked();
  return story;
}

describe('the KuCoin mapper', () => {
  describe('before the snapshot', () => {
    it('asks for it with the first change, and holds changes until it is there', async () => {
      const story = new LiveStory(KUCOIN);
      expect(
        await story.tell([0, update(7, 7, { b: [['10', '4']] })], [1, update(8, 9, { a: [['12', '1']] })]),
      ).to.deep.equal([]);
      expect(story.asked()).to.deep.equal(['AAA-USDT']);
      expect(await story.tell([5, reply(7, BID, ASK), URL])).to.deep.equal([
        '5 BookSnapshot 7 b 10x1 a 11x2',
        '5 BookDelta 7 dropped',
        '5 BookDelta 9 a 12x1',
      ]);
    });
    it('leaves out the changes of a message that the snapshot holds already', async () => {
      const story = new LiveStory(KUCOIN);
      const straddling = update(14, 19, {
        b: [['10', '44', 18]],
        a: [
          ['12', '9', 16],
          ['11', '0', 19],
          ['13', '8', 15],
        ],
      });
      expect(await story.tell([0, straddling], [5, reply(16, BID, ASK), URL])).to.deep.equal([
        '5 BookSnapshot 16 b 10x1 a 11x2',
        '5 BookDelta 19 b 10x44 a 11x0',
      ]);
    });
    it('asks again where the first change does not join it', async () => {
      const story = new LiveStory(KUCOIN);
      await story.tell([0, update(9, 9)]);
      story.asked();
      expect(await story.tell([5, reply(7, BID, ASK), URL])).to.deep.equal(['5 BookDelta 7 dropped']);
      expect(story.asked()).to.deep.equal(['AAA-USDT']);
      expect(await story.tell([6, reply(8, BID, ASK), URL])).to.deep.equal([
        '6 BookSnapshot 8 b 10x1 a 11x2',
        '6 BookDelta 9',
      ]);
    });
    it('lets trades through, with the side of the taker and nanoseconds cut', async () => {
      const story = new LiveStory(KUCOIN);
      expect(await story.tell([0, match()], [1, match({ side: 'buy', tradeId: '77' })])).to.deep.equal([
        '0 Traded sell 2@10.5',
        '1 Traded buy 2@10.5',
      ]);
      expect(story.feed.events.map(({ data }) => data)).to.deep.equal([
        {
          instrument: 'AAA-USDT@kucoin',
          venueAt: START + 123_456,
          trades: [{ side: 'sell', price: '10.5', quantity: '2' }],
        },
        {
          instrument: 'AAA-USDT@kucoin',
          venueAt: START + 123_456,
          trades: [{ side: 'buy', price: '10.5', quantity: '2', tradeId: 77 }],
        },
      ]);
    });
  });

  describe('of the sequence', () => {
    it('follows numbers without holes, and moves on with a change of price 0', async () => {
      const story = await whole();
      story.since();
      expect(
        await story.tell(
          [10, update(9, 9, { a: [['0', '0']] })],
          [
            20,
            update(10, 12, {
              b: [['10', '3']],
              a: [
                ['0', '0'],
                ['11', '0'],
              ],
            }),
          ],
        ),
      ).to.deep.equal(['10 BookDelta 9', '20 BookDelta 12 b 10x3 a 11x0']);
    });
    it('says a hole once, before the message that shows it, and is whole with the next snapshot', async () => {
      const story = await whole();
      expect(
        await story.tell(
          [10, update(10, 10, { b: [['10', '5']] })],
          [20, update(13, 13)],
          [30, reply(13, [['10', '6']], []), URL],
          [40, update(14, 14, { b: [['10', '7']] })],
        ),
      ).to.deep.equal([
        '10 FeedInterrupted gap',
        '10 BookDelta 10 b 10x5',
        '20 BookDelta 13',
        '30 BookSnapshot 13 b 10x6',
        '40 BookDelta 14 b 10x7',
      ]);
      expect(story.asked()).to.deep.equal(['AAA-USDT']);
      expect(story.feed.trusted('AAA-USDT@kucoin')).to.equal('10x7 | ');
    });
    it('brings a snapshot up to date that was on its way while changes came', async () => {
      const story = await whole();
      expect(
        await story.tell(
          [10, update(10, 10)],
          [20, update(11, 11, { b: [['10', '5']] })],
          [30, reply(10, [['10', '6']], ASK), URL],
          [40, update(12, 12)],
        ),
      ).to.deep.equal([
        '10 FeedInterrupted gap',
        '10 BookDelta 10',
        '20 BookDelta 11 b 10x5',
        '30 BookSnapshot 11 b 10x5 a 11x2',
        '40 BookDelta 12',
      ]);
    });
    it('accepts a message that begins before what is known and ends behind it, for its newer changes', async () => {
      const story = await whole();
      expect(
        await story.tell([
          10,
          update(7, 10, {
            b: [
              ['10', '9', 8],
              ['9', '1', 10],
            ],
          }),
        ]),
      ).to.deep.equal(['10 BookDelta 10 b 9x1']);
    });
    it('takes a repeated message for a break', async () => {
      const story = await whole();
      await story.tell([10, update(9, 9)]);
      expect(await story.tell([20, update(9, 9)])).to.deep.equal(['20 FeedInterrupted gap', '20 BookDelta 9']);
    });
    it('goes on after a silence in which nothing was missed', async () => {
      const story = await whole();
      story.interrupt(5_000, 'silent');
      expect(await story.tell([6_000, update(9, 9)])).to.deep.equal(['6000 FeedResumed trusted', '6000 BookDelta 9']);
    });
    it('holds changes again after a connection was lost', async () => {
      const story = await whole();
      story.interrupt(10, 'disconnected');
      expect(await story.tell([20, update(9, 9, { b: [['10', '2']] })])).to.deep.equal([]);
      expect(story.asked()).to.deep.equal(['AAA-USDT']);
      expect(await story.tell([30, reply(8, BID, ASK), URL])).to.deep.equal([
        '30 BookSnapshot 8 b 10x1 a 11x2',
        '30 BookDelta 9 b 10x2',
      ]);
    });
  });

  describe('of snapshots', () => {
    it('tells whose they are by their request, and how deep they are', async () => {
      const story = new LiveStory(KUCOIN);
      await story.tell(
        [0, update(1, 1)],
        [0, update(1, 1, { symbol: 'BBB-USDT' })],
        [5, reply(1, BID, []), depthUrl('BBB-USDT', '/api/v3/market/orderbook/level2')],
        [6, reply(1, [], ASK), URL],
      );
      expect(story.feed.trusted('AAA-USDT@kucoin')).to.equal(' | 11x2');
      expect(story.feed.trusted('BBB-USDT@kucoin')).to.equal('10x1 | ');
      const [aaa, bbb] = story.feed.mapper.finish();
      expect(aaa).to.include({ instrument: 'AAA-USDT@kucoin', publishedDepth: 100 });
      expect(bbb).to.include({ instrument: 'BBB-USDT@kucoin' }).and.not.have.property('publishedDepth');
    });
    it('ignores refusals and other replies', async () => {
      const story = new LiveStory(KUCOIN);
      expect(
        await story.tell(
          [0, { code: '429000', msg: 'too many requests' }, URL],
          [
            0,
            { code: '200000', data: { token: 'x', instanceServers: [] } },
            'https://api.kucoin.com/api/v1/bullet-public',
          ],
        ),
      ).to.deep.equal([]);
    });
  });

  it('ignores the welcome, acknowledgements, pongs and other subjects', async () => {
    const story = new LiveStory(KUCOIN);
    expect(
      await story.tell(
        [0, { id: 'x', type: 'welcome' }],
        [0, { id: '1', type: 'ack' }],
        [0, { id: '1', type: 'pong' }],
        [0, { type: 'message', topic: '/market/ticker:AAA-USDT', subject: 'trade.ticker', data: {} }],
      ),
    ).to.deep.equal([]);
  });

  describe('refuses, and changes nothing, where', () => {
    const good = update(9, 9, { b: [['10', '1']] }) as { data: object };
    for (const [what, message] of [
      ['a number is none', { ...good, data: { ...good.data, sequenceEnd: null } }],
      ['the first number is above the last', update(10, 9)],
      ['there are no changes', { ...good, data: { ...good.data, changes: {} } }],
      ['a change has no number', { ...good, data: { ...good.data, changes: { asks: [], bids: [['10', '1']] } } }],
      ['a size is a number', { ...good, data: { ...good.data, changes: { asks: [], bids: [['10', 1, '9']] } } }],
      ['a size is below zero', update(9, 9, { b: [['10', '-1']] })],
      ['there is no symbol', { ...good, data: { ...good.data, symbol: undefined } }],
      ['a trade has milliseconds', match({ time: '1704067200' })],
      ['a trade has no side', match({ side: 'none' })],
    ] as const)
      it(what, async () => {
        const story = await whole();
        story.since();
        expect(await faultOf(story, message)).to.be.instanceOf(MessageFault);
        expect(await story.tell([10, update(9, 9)])).to.deep.equal(['10 BookDelta 9']);
      });
  });
});
