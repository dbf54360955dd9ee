import { expect } from 'chai';
import { KUCOIN } from '../../../../../adapters/venues/kucoin/index.js';
import { describe as describeKucoin } from '../../../../../adapters/venues/kucoin/rules.js';
import type { ServedInstrument } from '../../../../../adapters/venues/loopback/dialect.js';
import { KnownBook } from '../../../../../adapters/venues/session/known-book.js';
import type { InstrumentDefinition } from '../../../../../core/market/events.js';
import { withoutReceipt } from '../../../../support/loopback.js';
import { START } from '../../../../support/mini-recording.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { heard, randomEvents, type Spoken } from '../../../../support/spoken-market.js';

const SYMBOLS = ['AAA-USDT', 'BBB-BTC'];

const definitions = SYMBOLS.map((symbol): InstrumentDefinition => ({
  instrument: `${symbol}@kucoin`,
  ...describeKucoin(symbol),
  tickSize: '0.25',
  lotSize: '0.125',
  minQuantity: '0.5',
  minNotional: '5',
  rules: 'recording',
  publishedDepth: 100,
}));
const spoken: Spoken = {
  venue: KUCOIN,
  definitions,
  mostSteps: 4,
  bookTick: 1_000,
  tradeTick: 1,
  mostTrades: 1,
  marksPrints: false,
};
const served = new Map(
  definitions.map((definition, index): [string, ServedInstrument] => {
    const symbol = SYMBOLS[index]!;
    return [symbol, { symbol, definition, book: new KnownBook(definition.instrument, false) }];
  }),
);
const connection = KUCOIN.connection!;
const BASE = { socket: 'ws://127.0.0.1:8080/kucoin' };

describe("KuCoin's own side", () => {
  it('says what the mapper reads as the same events', () =>
    seedOf('KuCoin', async (seed) => {
      const events = randomEvents(spoken, seeded(seed), 400);
      const feed = await heard(spoken, events);
      expect(withoutReceipt(feed.events)).to.deep.equal(withoutReceipt(events));
      expect(feed.source.asked).to.deep.equal([]);
    }));
  it('does not go on where the recording broke, even where its numbers do', async () => {
    const instrument = 'AAA-USDT@kucoin';
    const data = { instrument, bids: [['1', '1']], asks: [] } as const;
    for (const venueSeq of [9, 12]) {
      const feed = await heard(spoken, [
        { type: 'BookSnapshot', version: 1, at: START, data: { ...data, venueSeq: 8 } },
        { type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'disconnected' } },
        { type: 'BookDelta', version: 1, at: START, data: { ...data, venueSeq } },
        { type: 'BookDelta', version: 1, at: START, data: { ...data, venueSeq: venueSeq + 2 } },
      ]);
      expect(feed.trusted(instrument)).to.equal(undefined);
      expect(feed.events.filter(({ type }) => type === 'FeedInterrupted')).to.have.length(1);
      expect(feed.source.asked).to.deep.equal(['AAA-USDT']);
    }
  });
  it('tells the way to its socket, and how often to ping', () => {
    const address = connection.address!;
    const reply = KUCOIN.server!.reply(address.request, served, BASE) as string;
    expect(address.read(reply, connection.endpoints)).to.deep.equal({
      url: `${BASE.socket}?token=loopback`,
      pingEvery: 18_000_000,
    });
  });
  it('answers with the rules of its symbols', () => {
    const [request] = connection.instruments([]);
    const text = KUCOIN.server!.reply(request!, served, BASE) as string;
    const url = connection.endpoints.rest + request!.path;
    expect(KUCOIN.readInstruments!({ at: 0, kind: 'reply', url, text })).to.deep.equal(definitions);
  });
  it('has no book to give while the recording does not know it', () => {
    const reply = KUCOIN.server!.reply(connection.snapshot!('AAA-USDT'), served, BASE);
    expect(reply).to.include({ status: 503 });
    expect(KUCOIN.server!.reply(connection.snapshot!('NONE-USDT'), served, BASE)).to.include({ status: 400 });
    expect(KUCOIN.server!.reply({ path: '/api/v1/none' }, served, BASE)).to.equal(undefined);
  });
  it('welcomes, answers pings, and refuses what it does not serve', () => {
    const dialect = KUCOIN.server!.newDialect();
    expect(JSON.parse(dialect.greeting()[0]!)).to.include({ type: 'welcome' });
    const [pong] = dialect.receive(connection.ping!.text(7), served).answers;
    expect(JSON.parse(pong!)).to.deep.equal({ id: '7', type: 'pong' });
    const refusalOf = (text: string): string | undefined =>
      connection.refusal!(dialect.receive(text, served).answers[0]!);
    expect(refusalOf('{"id":"1","type":"subscribe","topic":"/market/level2:NONE-USDT","response":true}')).to.equal(
      'topic /market/level2:NONE-USDT is not found',
    );
    for (const text of ['', '{}', '[]', '{"type":"subscribe","topic":"/market/level3:AAA-USDT"}'])
      expect(refusalOf(text), text).to.be.a('string');
    expect(connection.refusal!(dialect.refuse!('{"type":"subscribe"}')![0]!)).to.be.a('string');
    expect(connection.refusal!(pong!)).to.equal(undefined);
  });
});
