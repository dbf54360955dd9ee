import { expect } from 'chai';
import { COINBASE } from '../../../../../adapters/venues/coinbase/index.js';
import { describe as describeCoinbase } from '../../../../../adapters/venues/coinbase/rules.js';
import type { ServedInstrument } from '../../../../../adapters/venues/loopback/dialect.js';
import { KnownBook } from '../../../../../adapters/venues/session/known-book.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';
import { withoutReceipt } from '../../../../support/loopback.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { heard, randomEvents, type Spoken } from '../../../../support/spoken-market.js';

const SYMBOLS = ['AAA-USD', 'BBB-EUR', 'BIT-24APR26-CDE'];

const definitions = SYMBOLS.map((symbol): InstrumentDefinition => ({
  instrument: `${symbol}@coinbase`,
  ...describeCoinbase(symbol),
  tickSize: '0.25',
  lotSize: '0.125',
  minQuantity: '0.5',
  minNotional: '5',
  rules: 'recording',
}));
const spoken: Spoken = {
  venue: COINBASE,
  definitions,
  mostSteps: 0,
  bookTick: 1,
  tradeTick: 1,
  mostTrades: 3,
  marksPrints: false,
};
const served = new Map(
  definitions.map((definition, index): [string, ServedInstrument] => {
    const symbol = SYMBOLS[index]!;
    return [symbol, { symbol, definition, book: new KnownBook(definition.instrument, false) }];
  }),
);
const connection = COINBASE.connection!;

describe("Coinbase's own side", () => {
  it('says what the mapper reads as the same events', () =>
    seedOf('Coinbase', async (seed) => {
      const events = randomEvents(spoken, seeded(seed), 400);
      const feed = await heard(spoken, events);
      expect(withoutReceipt(feed.events)).to.deep.equal(withoutReceipt(events));
      expect(feed.source.asked).to.deep.equal([]);
    }));
  it('keeps it that a time is unknown', async () => {
    const instrument = 'AAA-USD@coinbase';
    const data = { instrument, bids: [['1', '1']], asks: [] } as const;
    const feed = await heard(spoken, [
      { type: 'BookSnapshot', version: 1, at: START, data },
      { type: 'BookDelta', version: 1, at: START, data: { ...data, venueAt: START + 7 } },
      { type: 'BookDelta', version: 1, at: START, data: { ...data, bids: [], venueAt: START + 9 } },
    ]);
    expect(feed.events.map((event) => (event.data as { venueAt?: number }).venueAt)).to.deep.equal([
      undefined,
      START + 7,
      START + 9,
    ]);
  });
  it('loses a number where the recording broke', async () => {
    const instrument = 'AAA-USD@coinbase';
    const data = { instrument, venueAt: START, bids: [['1', '1']], asks: [] } as const;
    const feed = await heard(spoken, [
      { type: 'BookSnapshot', version: 1, at: START, data },
      { type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'silent' } },
      { type: 'FeedResumed', version: 1, at: START, data: { instrument, trust: 'trusted' } },
      { type: 'BookDelta', version: 1, at: START, data },
      { type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'gap' } },
      { type: 'BookDelta', version: 1, at: START, data },
      { type: 'BookSnapshot', version: 1, at: START, data },
    ]);
    expect(feed.events.map(({ type }) => type)).to.deep.equal([
      'BookSnapshot',
      'BookDelta',
      'FeedInterrupted',
      'BookDelta',
      'BookSnapshot',
    ]);
    expect(feed.trusted(instrument)).to.equal('1x1 | ');
  });
  it('answers with the rules of products, all or some', () => {
    for (const [symbols, expected] of [
      [[], definitions],
      [SYMBOLS.slice(1), definitions.slice(1)],
    ] as const) {
      const [request] = connection.instruments(symbols);
      const text = COINBASE.server!.reply(request!, served, { socket: '' }) as string;
      const url = connection.endpoints.rest + request!.path;
      expect(COINBASE.readInstruments!({ at: 0, kind: 'reply', url, text })).to.deep.equal(expected);
    }
  });
  it('numbers heartbeats and acknowledgements with all else', () => {
    const dialect = COINBASE.server!.newDialect();
    const answers = connection.subscribe(['AAA-USD'], 1).flatMap((text) => dialect.receive(text, served).answers);
    const numbers = [...answers, dialect.heartbeat!()].map(
      (text) => (JSON.parse(text) as { sequence_num: number }).sequence_num,
    );
    expect(numbers).to.deep.equal([0, 1, 2, 3]);
  });
  it('refuses what it does not serve', () => {
    const dialect = COINBASE.server!.newDialect();
    const refusalOf = (text: string): string | undefined =>
      connection.refusal!(dialect.receive(text, served).answers[0]!);
    expect(refusalOf('{"type":"subscribe","channel":"level2","product_ids":["NONE-USD"]}')).to.equal(
      'NONE-USD is no product',
    );
    for (const text of ['', '{}', '[]', '{"type":"subscribe","channel":"level3"}'])
      expect(refusalOf(text), text).to.be.a('string');
    expect(connection.refusal!(dialect.refuse!('{"type":"subscribe"}')![0]!)).to.be.a('string');
    expect(connection.refusal!(dialect.heartbeat!())).to.equal(undefined);
  });
});
