import { expect } from 'chai';
import { COINBASE } from '../../../../../adapters/venues/coinbase/index.js';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { LiveStory } from '../../../../support/live-story.js';
import { START } from '../../../../support/mini-recording.js';
import { AdvancedConnection, bookEvent, exchange } from '../../../../support/venue-messages/coinbase.js';

const BID = [['10', '1']] as const;
const ASK = [['11', '2']] as const;

const faultOf = async (story: LiveStory, message: object): Promise<unknown> =>
  story.tell([0, message]).then(
    () => undefined,
    (error: unknown) => error,
  );
const times = (story: LiveStory): (number | undefined)[] =>
  story.feed.events.map(({ data }) => (data as { venueAt?: number }).venueAt);

describe('the Coinbase mapper', () => {
  describe('of Advanced Trade', () => {
    it('takes a snapshot, then changes, each side by its word', async () => {
      const of = new AdvancedConnection();
      const story = new LiveStory(COINBASE);
      expect(
        await story.tell(
          [0, of.message('subscriptions', [{ subscriptions: { level2: ['AAA-USD'] } }])],
          [1, of.book('snapshot', BID, ASK)],
          [2, of.heartbeat()],
          [3, of.book('update', [['10', '0']], [['11.50', '3']])],
        ),
      ).to.deep.equal(['1 BookSnapshot - b 10x1 a 11x2', '3 BookDelta - b 10x0 a 11.5x3']);
    });
    it('leaves out changes of a book whose snapshot may be lost', async () => {
      const of = new AdvancedConnection();
      expect(
        await new LiveStory(COINBASE).tell([0, of.heartbeat()], [1, of.lose().book('update', BID, ASK)]),
      ).to.deep.equal(['1 BookDelta - dropped']);
    });
    it('refuses a change of a book that never began, where nothing is lost', async () => {
      const of = new AdvancedConnection();
      const story = new LiveStory(COINBASE);
      await story.tell([0, of.heartbeat()]);
      expect(await faultOf(story, of.book('update', BID, ASK))).to.be.instanceOf(MessageFault);
    });
    it('has the latest time of its levels, else that of the message', async () => {
      const of = new AdvancedConnection();
      const story = new LiveStory(COINBASE);
      await story.tell(
        [0, of.book('snapshot', BID, ASK, { eventTime: '1970-01-01T00:00:00Z' })],
        [
          1,
          of.message('l2_data', [
            {
              ...bookEvent('update', BID, []),
              updates: [
                { side: 'bid', event_time: '2024-01-01T00:00:00.2Z', price_level: '10', new_quantity: '2' },
                { side: 'bid', event_time: '2024-01-01T00:00:00.1Z', price_level: '9', new_quantity: '2' },
              ],
            },
          ]),
        ],
      );
      expect(times(story)).to.deep.equal([START + 123_456, START + 200_000]);
    });

    describe('which numbers every message of a connection', () => {
      const two = async (of: AdvancedConnection, story: LiveStory): Promise<void> => {
        await story.tell([0, of.book('snapshot', BID, ASK)], [1, of.book('snapshot', BID, ASK, { symbol: 'BBB-USD' })]);
      };
      it('breaks every book of it when one is missing, before the message that shows it', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        await two(of, story);
        of.lose();
        expect(
          await story.tell([10, of.book('update', [['10', '5']], [])], [20, of.book('update', BID, [])]),
        ).to.deep.equal([
          '10 FeedInterrupted gap',
          '10 FeedInterrupted gap',
          '10 BookDelta - b 10x5',
          '20 BookDelta - b 10x1',
        ]);
        expect(story.asked()).to.deep.equal(['AAA-USD', 'BBB-USD']);
      });
      it('sees it on heartbeats and trades too', async () => {
        for (const show of [
          (of: AdvancedConnection) => of.heartbeat(),
          (of: AdvancedConnection) => of.trades('update', []),
        ]) {
          const of = new AdvancedConnection();
          const story = new LiveStory(COINBASE);
          await two(of, story);
          expect(await story.tell([10, show(of.lose())])).to.have.length(2);
        }
      });
      it('heals each book with its own snapshot, and asks again where another message is lost', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        await two(of, story);
        await story.tell([10, of.lose().heartbeat()], [15, of.book('snapshot', BID, [])]);
        story.asked();
        expect(await story.tell([20, of.lose().heartbeat()])).to.deep.equal(['20 FeedInterrupted gap']);
        expect(story.asked()).to.deep.equal(['AAA-USD', 'BBB-USD']);
        await story.tell([30, of.book('snapshot', [], ASK, { symbol: 'BBB-USD' })]);
        expect(story.feed.trusted('AAA-USD@coinbase')).to.equal(undefined);
        expect(story.feed.trusted('BBB-USD@coinbase')).to.equal(' | 11x2');
      });
      it('begins anew with a new connection', async () => {
        const story = new LiveStory(COINBASE);
        await two(new AdvancedConnection(17), story);
        story.interrupt(10, 'disconnected');
        const of = new AdvancedConnection();
        expect(
          await story.tell([20, of.book('snapshot', BID, [])], [30, of.book('update', [['10', '4']], [])]),
        ).to.deep.equal(['20 BookSnapshot - b 10x1', '30 BookDelta - b 10x4']);
      });
      it('goes on after a silence in which no number was missed', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        await two(of, story);
        story.interrupt(5_000, 'silent');
        expect(await story.tell([6_000, of.heartbeat()])).to.deep.equal([
          '6000 FeedResumed trusted',
          '6000 FeedResumed trusted',
        ]);
      });
      it('does not go on after a silence in which one was missed', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        await two(of, story);
        story.interrupt(5_000, 'silent');
        expect(await story.tell([6_000, of.lose().heartbeat()], [6_001, of.heartbeat()])).to.deep.equal([
          '6000 FeedInterrupted gap',
          '6000 FeedInterrupted gap',
        ]);
      });
      it('takes a number that was there already for a break', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        await two(of, story);
        expect(await story.tell([10, new AdvancedConnection(1).heartbeat()])).to.have.length(2);
      });
    });

    describe('of its trades', () => {
      it('gives the taker the side opposite to the maker, in the order of their ids', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        expect(
          await story.tell([
            0,
            of.trades('update', [
              { trade_id: '9', side: 'BUY', time: '2024-01-01T00:00:00.3Z' },
              { trade_id: '8', size: '1', time: '2024-01-01T00:00:00.2Z' },
            ]),
          ]),
        ).to.deep.equal(['0 Traded buy 1@10.5 sell 2@10.5']);
        expect(times(story)).to.deep.equal([START + 300_000]);
      });
      it('keeps instruments apart that share a message', async () => {
        const of = new AdvancedConnection();
        const story = new LiveStory(COINBASE);
        const trades = [{ product_id: 'BBB-USD' }, {}, { product_id: 'BBB-USD', trade_id: '8' }];
        expect(await story.tell([0, of.trades('update', trades)])).to.deep.equal([
          '0 Traded buy 2@10.5 buy 2@10.5',
          '0 Traded buy 2@10.5',
        ]);
        expect(story.feed.instruments).to.deep.equal(['BBB-USD@coinbase', 'AAA-USD@coinbase']);
      });
      it('leaves out those from before the subscription', async () => {
        const of = new AdvancedConnection();
        expect(await new LiveStory(COINBASE).tell([0, of.trades('snapshot', [{}, {}])])).to.deep.equal([]);
      });
    });

    describe('refuses, and changes nothing, where', () => {
      for (const [what, message] of [
        ['a message has no number', () => ({ ...new AdvancedConnection(1).heartbeat(), sequence_num: undefined })],
        [
          'a side is none',
          () =>
            new AdvancedConnection(1).message('l2_data', [
              {
                type: 'update',
                product_id: 'AAA-USD',
                updates: [{ side: 'buy', price_level: '10', new_quantity: '1' }],
              },
            ]),
        ],
        [
          'a price is a number',
          () =>
            new AdvancedConnection(1).message('l2_data', [
              { type: 'update', product_id: 'AAA-USD', updates: [{ side: 'bid', price_level: 10, new_quantity: '1' }] },
            ]),
        ],
        [
          'the second of two books is spoiled',
          () =>
            new AdvancedConnection(1).message('l2_data', [
              bookEvent('update', BID, []),
              bookEvent('update', [['x', '1']], [], 'BBB-USD'),
            ]),
        ],
        [
          'the second of two trades is spoiled',
          () => new AdvancedConnection(1).trades('update', [{}, { product_id: 'BBB-USD', price: 'x' }]),
        ],
        [
          'the message that shows a hole is spoiled',
          () => new AdvancedConnection(9).book('update', [['10', '-1']], []),
        ],
        ['a channel is none', () => new AdvancedConnection(1).message('l2', [])],
        ['a trade names no side', () => new AdvancedConnection(1).trades('update', [{ side: 'UNKNOWN' }])],
      ] as const)
        it(what, async () => {
          const of = new AdvancedConnection();
          const story = new LiveStory(COINBASE);
          await story.tell([0, of.book('snapshot', BID, ASK)]);
          expect(await faultOf(story, message())).to.be.instanceOf(MessageFault);
          expect(await story.tell([10, of.book('update', [['10', '4']], [])])).to.deep.equal(['10 BookDelta - b 10x4']);
        });
    });
  });

  describe("of the exchange's feed (2021)", () => {
    it('takes a snapshot without a time, and changes that name their side', async () => {
      const story = new LiveStory(COINBASE);
      expect(
        await story.tell(
          [0, exchange.snapshot(BID, ASK)],
          [1, exchange.update(['buy', '9.50', '4'], ['sell', '11', '0.0'], ['buy', '10', '2'])],
        ),
      ).to.deep.equal(['0 BookSnapshot - b 10x1 a 11x2', '1 BookDelta - b 9.5x4 10x2 a 11x0']);
      expect(times(story)).to.deep.equal([undefined, START + 100_000]);
    });
    it('gives the taker of a match the side opposite to the maker', async () => {
      const story = new LiveStory(COINBASE);
      expect(await story.tell([0, exchange.match()], [1, exchange.match({ side: 'buy' })])).to.deep.equal([
        '0 Traded buy 2@10.5',
        '1 Traded sell 2@10.5',
      ]);
    });
    it('leaves out the match from before the subscription', async () => {
      expect(await new LiveStory(COINBASE).tell([0, exchange.match({ type: 'last_match' })])).to.deep.equal([]);
    });
    it('refuses a change of no side', async () => {
      const story = new LiveStory(COINBASE);
      expect(await faultOf(story, exchange.update(['bid', '10', '1']))).to.be.instanceOf(MessageFault);
    });
  });
});
