import { expect } from 'chai';
import { MessageFault } from '../../../../../adapters/venues/mapping/fault.js';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { LiveStory } from '../../../../support/live-story.js';
import { START } from '../../../../support/mini-recording.js';
import { bybit, bybitOfOld } from '../../../../support/venue-messages/bybit.js';

const { snapshot, delta, trades } = bybit;
const WHOLE = { update: 8, b: [['10', '1']], a: [['11', '2']] } as const;
const linear = VENUES.get('bybit-linear')!;
const inverse = VENUES.get('bybit-inverse')!;

const faultOf = async (story: LiveStory, message: object): Promise<unknown> =>
  story.tell([0, message]).then(
    () => undefined,
    (error: unknown) => error,
  );
const dataOf = (event: MarketEvent | undefined): object => event!.data;

describe('the Bybit mapper', () => {
  describe('of a book that is whole', () => {
    it('takes a snapshot, then changes whose number rises by one', async () => {
      const story = new LiveStory(linear);
      expect(
        await story.tell(
          [0, snapshot(WHOLE)],
          [10, delta({ update: 9, b: [['10', '3']] })],
          [20, delta({ update: 10, a: [['11', '0']] })],
        ),
      ).to.deep.equal(['0 BookSnapshot 8 b 10x1 a 11x2', '10 BookDelta 9 b 10x3', '20 BookDelta 10 a 11x0']);
      expect(story.asked()).to.deep.equal([]);
    });
    it('leaves out what comes before the snapshot', async () => {
      const story = new LiveStory(linear);
      expect(await story.tell([0, delta({ update: 7, b: [['9', '1']] })], [10, snapshot(WHOLE)])).to.deep.equal([
        '0 BookDelta 7 dropped',
        '10 BookSnapshot 8 b 10x1 a 11x2',
      ]);
    });
    it('has the time of the matching engine, which trades give too, before that of the message', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot({ ...WHOLE, cts: 40 })]);
      const { cts: _, ...old } = delta({ update: 9, cts: 50 }) as { cts: number };
      await story.tell([10, old], [20, trades([{ T: 1_704_067_200_060 }])]);
      expect(story.feed.events.map((event) => (event.data as { venueAt: number }).venueAt - START)).to.deep.equal([
        40_000, 53_000, 60_000,
      ]);
    });
    it('takes a snapshot that comes anew, as after a restart of the service', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)], [10, delta({ update: 9 })]);
      expect(
        await story.tell([20, snapshot({ update: 1, b: [['9', '1']] })], [30, delta({ update: 2, a: [['12', '1']] })]),
      ).to.deep.equal(['20 BookSnapshot 1 b 9x1', '30 BookDelta 2 a 12x1']);
    });
  });

  describe('of a book that broke', () => {
    it('says a missing change once, before the one that shows it, and asks for a snapshot, which heals', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)]);
      expect(
        await story.tell(
          [10, delta({ update: 10, b: [['10', '5']] })],
          [20, delta({ update: 13 })],
          [30, snapshot({ update: 20, b: [['10', '6']] })],
          [40, delta({ update: 21, b: [['10', '7']] })],
        ),
      ).to.deep.equal([
        '10 FeedInterrupted gap',
        '10 BookDelta 10 b 10x5',
        '20 BookDelta 13',
        '30 BookSnapshot 20 b 10x6',
        '40 BookDelta 21 b 10x7',
      ]);
      expect(story.asked()).to.deep.equal(['AAAUSDT']);
      expect(story.feed.trusted('AAAUSDT@bybit-linear')).to.equal('10x7 | ');
    });
    it('takes a repeated change, and one of a restart without its snapshot, for a break', async () => {
      for (const update of [9, 1]) {
        const story = new LiveStory(linear);
        await story.tell([0, snapshot(WHOLE)], [10, delta({ update: 9 })]);
        expect(await story.tell([20, delta({ update })])).to.deep.equal([
          '20 FeedInterrupted gap',
          `20 BookDelta ${update}`,
        ]);
      }
    });
    it('goes on after a silence in which nothing was missed', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)]);
      expect(story.interrupt(5_000, 'silent')).to.deep.equal(['5000 FeedInterrupted silent']);
      expect(await story.tell([6_000, delta({ update: 9 })])).to.deep.equal([
        '6000 FeedResumed trusted',
        '6000 BookDelta 9',
      ]);
    });
    it('waits for the snapshot of a connection that was opened anew', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)]);
      story.interrupt(10, 'disconnected');
      expect(await story.tell([20, delta({ update: 9, b: [['10', '9']] })], [30, snapshot(WHOLE)])).to.deep.equal([
        '20 BookDelta 9 dropped',
        '30 BookSnapshot 8 b 10x1 a 11x2',
      ]);
    });
  });

  describe('of books in several depths', () => {
    it('makes the book of one, not of the best bid and offer beside it', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)]);
      const best = snapshot({ update: 99, depth: 1, b: [['10', '9']], a: [['11', '9']] });
      expect(await story.tell([10, best], [20, delta({ update: 9 })])).to.deep.equal(['20 BookDelta 9']);
    });
    it('starts over with the snapshot of another depth', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot({ ...WHOLE, depth: 1 })]);
      expect(
        await story.tell(
          [5, delta({ update: 70, depth: 200 })],
          [10, snapshot({ update: 71, depth: 200, b: [['10', '1']] })],
          [15, snapshot({ ...WHOLE, depth: 1 })],
          [20, delta({ update: 72, depth: 200, b: [['9', '1']] })],
        ),
      ).to.deep.equal(['10 BookSnapshot 71 b 10x1', '20 BookDelta 72 b 9x1']);
      expect(story.feed.mapper.finish()[0]).to.include({ publishedDepth: 200 });
    });
    it('keeps its depth when the snapshot of another one is refused', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, snapshot(WHOLE)]);
      expect(await faultOf(story, snapshot({ update: 71, depth: 200, b: [['10', 'x']] }))).to.be.instanceOf(
        MessageFault,
      );
      expect(await story.tell([20, delta({ update: 9 })])).to.deep.equal(['20 BookDelta 9']);
    });
  });

  describe('of trades', () => {
    it('takes all of a message, with the side of the taker and the time of the last', async () => {
      const story = new LiveStory(linear);
      expect(
        await story.tell([
          0,
          trades([{ S: 'Sell', v: '1', p: '10', i: '77' }, { T: 1_704_067_200_007 }, { S: 'Sell', v: '3', p: '9' }]),
        ]),
      ).to.deep.equal(['0 Traded sell 1@10 buy 2@10.5 sell 3@9']);
      expect(dataOf(story.feed.events[0])).to.deep.include({ venueAt: START + 7_000 });
      expect((dataOf(story.feed.events[0]) as { trades: object[] }).trades).to.deep.equal([
        { side: 'sell', price: '10', quantity: '1', tradeId: 77 },
        { side: 'buy', price: '10.5', quantity: '2' },
        { side: 'sell', price: '9', quantity: '3' },
      ]);
    });
    it('marks block trades, which met nobody in the book', async () => {
      expect(await new LiveStory(linear).tell([0, trades([{ BT: true }])])).to.deep.equal([
        '0 Traded buy 2@10.5 no market',
      ]);
    });
    it('has no id where the number is beyond what is counted exactly', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, trades([{ i: '2290000000036455162' }])]);
      expect((dataOf(story.feed.events[0]) as { trades: object[] }).trades[0]).to.not.have.property('tradeId');
    });
  });

  it('ignores acknowledgements, pongs and topics that it does not read', async () => {
    const story = new LiveStory(linear);
    expect(
      await story.tell(
        [0, { success: true, ret_msg: 'pong', conn_id: 'x', op: 'ping' }],
        [0, { success: true, ret_msg: '', op: 'subscribe' }],
        [0, { topic: 'tickers.AAAUSDT', type: 'snapshot', data: {} }],
      ),
    ).to.deep.equal([]);
  });

  describe('of messages that cannot be', () => {
    const whole = snapshot(WHOLE) as { data: object };
    for (const [what, message] of [
      ['a number that is none', { ...whole, data: { ...whole.data, u: '8a' } }],
      ['another symbol than its topic', { ...whole, data: { ...whole.data, s: 'BBBUSDT' } }],
      ['a time in seconds', { ...whole, cts: 1_704_067_200 }],
      ['neither snapshot nor change', { ...whole, type: 'update' }],
      ['no asks', { ...whole, data: { ...whole.data, a: undefined } }],
      ['a price below zero', snapshot({ ...WHOLE, b: [['-10', '1']] })],
      ['a side that is none', trades([{ S: 'None' }])],
      ['a block trade that is a word', trades([{ BT: 'yes' }])],
      ['the words of 2021', bybitOfOld.snapshot({ seq: 9 }, [['Buy', '10', 1]])],
    ] as const)
      it(`refuses ${what}, and changes nothing`, async () => {
        const story = new LiveStory(linear);
        await story.tell([0, snapshot(WHOLE)]);
        expect(await faultOf(story, message)).to.be.instanceOf(MessageFault);
        expect(await story.tell([10, delta({ update: 9 })])).to.deep.equal(['10 BookDelta 9']);
      });
  });

  describe('of the words of 2021', () => {
    for (const [venue, isInverse] of [
      [linear, false],
      [inverse, true],
    ] as const)
      it(`reads deletions, updates and insertions of ${venue.name}`, async () => {
        const story = new LiveStory(venue);
        expect(
          await story.tell(
            [
              0,
              bybitOfOld.snapshot({ seq: 5, isInverse }, [
                ['Buy', '10', 1.5],
                ['Sell', '11.0', 2],
              ]),
            ],
            [
              10,
              bybitOfOld.delta(
                { seq: 9, isInverse },
                { del: [['Buy', '10']], upd: [['Sell', '11.0', 25.900002]], ins: [['Buy', '9.5', 4]] },
              ),
            ],
          ),
        ).to.deep.equal(['0 BookSnapshot 5 b 10x1.5 a 11x2', '10 BookDelta 9 b 10x0 9.5x4 a 11x25.900002']);
        expect(dataOf(story.feed.events[0])).to.include({ venueAt: START + 4 });
      });
    it('breaks where cross_seq falls, and leaves out what the snapshot holds', async () => {
      const story = new LiveStory(linear);
      await story.tell([0, bybitOfOld.snapshot({ seq: 5 }, [['Buy', '10', 1]])]);
      expect(
        await story.tell(
          [10, bybitOfOld.delta({ seq: 5 }, {})],
          [20, bybitOfOld.delta({ seq: 9 }, {})],
          [30, bybitOfOld.delta({ seq: 9 }, {})],
          [40, bybitOfOld.delta({ seq: 7 }, { upd: [['Buy', '10', 2]] })],
        ),
      ).to.deep.equal([
        '10 BookDelta 5 dropped',
        '20 BookDelta 9',
        '30 BookDelta 9',
        '40 FeedInterrupted gap',
        '40 BookDelta 7 b 10x2',
      ]);
    });
    it('reads trades with numbers and with texts', async () => {
      const trade = {
        symbol: 'AAAUSD',
        side: 'Sell',
        trade_time_ms: 1_704_067_200_005,
        trade_id: 'x',
        tick_direction: '',
      };
      const story = new LiveStory(inverse);
      expect(
        await story.tell(
          [0, { topic: 'trade.AAAUSD', data: [{ ...trade, price: 10.5, size: 4 }] }],
          [
            1,
            { topic: 'trade.AAAUSD', data: [{ ...trade, price: '10.50', size: 0.5, trade_time_ms: '1704067200006' }] },
          ],
        ),
      ).to.deep.equal(['0 Traded sell 4@10.5', '1 Traded sell 0.5@10.5']);
    });
  });
});
