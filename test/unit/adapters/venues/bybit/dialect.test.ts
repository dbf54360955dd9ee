import { expect } from 'chai';
import { BYBIT } from '../../../../../adapters/venues/bybit/index.js';
import { describe as describeBybit } from '../../../../../adapters/venues/bybit/rules.js';
import type { BybitVenue } from '../../../../../adapters/venues/bybit/venue.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';
import { withoutReceipt } from '../../../../support/loopback.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { heard, randomEvents, type Spoken } from '../../../../support/spoken-market.js';

const SYMBOLS = {
  'bybit-linear': ['AAAUSDT', 'BBBPERP'],
  'bybit-spot': ['AAAUSDT', 'BBBEUR'],
  'bybit-inverse': ['AAAUSD'],
};

describe("Bybit's own side", () => {
  for (const venue of BYBIT) {
    const name = venue.name as BybitVenue;
    const definitions = SYMBOLS[name].map((symbol): InstrumentDefinition => ({
      instrument: `${symbol}@${name}`,
      ...describeBybit(name, symbol),
      tickSize: '0.25',
      lotSize: '0.125',
      minQuantity: '0.5',
      minNotional: '5',
      rules: 'recording',
      publishedDepth: 200,
    }));
    const spoken: Spoken = {
      venue,
      definitions,
      mostSteps: 1,
      bookTick: 1_000,
      tradeTick: 1_000,
      mostTrades: 3,
      marksPrints: true,
    };

    it(`says what the mapper of ${name} reads as the same events`, () =>
      seedOf(name, async (seed) => {
        const events = randomEvents(spoken, seeded(seed), 400);
        const feed = await heard(spoken, events);
        expect(withoutReceipt(feed.events)).to.deep.equal(withoutReceipt(events));
        expect(feed.source.asked).to.deep.equal([]);
      }));
    it(`answers with the rules of ${name}, all or one`, () => {
      const { connection, server } = venue;
      const served = new Map(
        definitions.map((definition, index) => {
          const symbol = SYMBOLS[name][index]!;
          return [symbol, { symbol, definition, book: undefined as never }];
        }),
      );
      for (const [symbols, expected] of [
        [[], definitions],
        [SYMBOLS[name].slice(0, 1), definitions.slice(0, 1)],
      ] as const) {
        const replies = connection!.instruments(symbols).flatMap((request) => {
          const text = server!.reply(request, served, { socket: '' }) as string;
          const url = connection!.endpoints.rest + request.path;
          return venue.readInstruments!({ at: 0, kind: 'reply', url, text })!;
        });
        expect(replies).to.deep.equal(expected);
      }
    });
  }

  it('breaks the numbers where the recording broke, and is whole with its next snapshot', async () => {
    const venue = BYBIT[0]!;
    const instrument = 'AAAUSDT@bybit-linear';
    const definition = { instrument } as InstrumentDefinition;
    const spoken = { venue, definitions: [definition] } as unknown as Spoken;
    const at = 1_704_067_200_000_000;
    const level = { instrument, venueAt: at, bids: [['1', '1']], asks: [] } as const;
    for (const [reason, venueSeq] of [
      ['gap', 12],
      ['disconnected', 9],
    ] as const) {
      const feed = await heard(spoken, [
        { type: 'BookSnapshot', version: 1, at, data: { ...level, venueSeq: 8 } },
        { type: 'FeedInterrupted', version: 1, at, data: { instrument, reason } },
        { type: 'BookDelta', version: 1, at, data: { ...level, venueSeq } },
        { type: 'BookDelta', version: 1, at, data: { ...level, venueSeq: venueSeq + 1 } },
      ]);
      expect(feed.events.map(({ type }) => type)).to.deep.equal([
        'BookSnapshot',
        'FeedInterrupted',
        'BookDelta',
        'BookDelta',
      ]);
      expect(feed.trusted(instrument)).to.equal(undefined);
    }
  });
  it('answers a ping, and refuses what it does not serve', () => {
    const dialect = BYBIT[0]!.server!.newDialect();
    const connection = BYBIT[0]!.connection!;
    const refusal = (text: string): string | undefined => connection.refusal!(text);
    const [pong] = dialect.receive(connection.ping!.text(3), new Map()).answers;
    expect(JSON.parse(pong!)).to.include({ success: true, ret_msg: 'pong', req_id: '3' });
    expect(refusal(pong!)).to.equal(undefined);
    const [answer] = dialect.receive('{"op":"subscribe","args":["orderbook.200.NONE"]}', new Map()).answers;
    expect(refusal(answer!)).to.equal('handler not found,topic:orderbook.200.NONE');
    for (const text of ['', '{}', '[]', '{"op":"subscribe"}']) {
      const [none] = dialect.receive(text, new Map()).answers;
      expect(refusal(none!), text).to.be.a('string');
    }
    expect(refusal(dialect.refuse!('{"op":"subscribe","args":[]}')![0]!)).to.equal('refused');
    expect(dialect.refuse!('{"op":"ping"}')).to.equal(undefined);
  });
});
