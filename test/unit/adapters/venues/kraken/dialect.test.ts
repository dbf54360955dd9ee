import { expect } from 'chai';
import { KRAKEN } from '../../../../../adapters/venues/kraken/index.js';
import { describe as describePair } from '../../../../../adapters/venues/kraken/instruments.js';
import type { BookDelta, BookSnapshot, InstrumentDefinition } from '../../../../../core/market/events.js';
import { START } from '../../../../support/mini-recording.js';
import { carried, randomStory, RoundTrip } from '../../../../support/round-trip.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';

const BITCOIN: InstrumentDefinition = {
  ...describePair('BTC/USD'),
  instrument: 'BTC/USD@kraken',
  tickSize: '0.1',
  lotSize: '0.00000001',
  minQuantity: '0.00005',
  minNotional: '0.5',
  rules: 'recording',
};
const { instrument } = BITCOIN;

const snapshot = (at: number): BookSnapshot => ({
  type: 'BookSnapshot',
  version: 1,
  at: START + at,
  data: { instrument, venueAt: START, bids: [['10', '1.5']], asks: [['11', '2']] },
});
const delta = (at: number, price: string, quantity: string): BookDelta => ({
  type: 'BookDelta',
  version: 1,
  at: START + at,
  data: { instrument, venueAt: START, bids: [], asks: [[price, quantity]] },
});

describe('Kraken’s own side', () => {
  const kraken = (): RoundTrip => new RoundTrip(KRAKEN, BITCOIN);

  it('tells a story in words that the mapper reads as the same story', () =>
    seedOf('the words of Kraken', (seed) => {
      const told = randomStory(seeded(seed), { instrument, events: 600, grain: 1, withSequence: false });
      const trip = kraken();
      trip.subscribe();
      for (const event of told) trip.happen(event);
      expect(trip.events.map((event) => carried(event, false))).to.deep.equal(
        told.map((event) => carried(event, false)),
      );
      expect(trip.source.asked).to.deep.equal([]);
    }));

  it('sends the book to whoever subscribes later, once for both channels', () => {
    const trip = kraken();
    trip.happen(snapshot(0));
    trip.happen(delta(1, '12', '3'));
    trip.subscribe();
    expect(trip.events.map(({ type, data }) => [type, 'asks' in data ? data.asks : []])).to.deep.equal([
      [
        'BookSnapshot',
        [
          ['11', '2'],
          ['12', '3'],
        ],
      ],
    ]);
  });

  it('sends no changes of a book that it did not send', () => {
    const trip = kraken();
    trip.subscribe();
    trip.happen(delta(0, '12', '3'));
    expect(trip.events).to.deep.equal([]);
  });

  it('sends the book anew to whoever subscribes anew, and its trades go on', () => {
    const trip = kraken();
    trip.happen(snapshot(0));
    trip.subscribe();
    trip.ask(KRAKEN.connection!.resubscribe!('BTC/USD', 2));
    trip.happen({
      type: 'Traded',
      version: 1,
      at: START,
      data: { instrument, trades: [{ side: 'buy', price: '10', quantity: '1', tradeId: 5 }] },
    });
    expect(trip.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot', 'BookSnapshot', 'Traded']);
    trip.ask(['{"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":1000}}']);
    trip.happen(delta(1, '12', '3'));
    expect(trip.events).to.have.length(3);
  });

  it('shows a break of the recording as a wrong checksum, until the next snapshot', () => {
    const trip = kraken();
    trip.subscribe();
    trip.happen(snapshot(0));
    trip.happen({ type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'silent' } });
    trip.happen(delta(1, '12', '3'));
    trip.happen({ type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'checksum' } });
    trip.happen(delta(2, '12', '4'));
    trip.happen(snapshot(3));
    trip.happen(delta(4, '12', '4'));
    expect(trip.events.map(({ type }) => type)).to.deep.equal([
      'BookSnapshot',
      'BookDelta',
      'FeedInterrupted',
      'BookDelta',
      'BookSnapshot',
      'BookDelta',
    ]);
    expect(trip.source.asked).to.deep.equal(['BTC/USD']);
  });

  it('spoils checksums on request', () => {
    const trip = kraken();
    trip.subscribe();
    trip.happen(snapshot(0));
    const { text } = trip.frames.at(-1)!;
    trip.hear([trip.dialect.corrupted!(text)!]);
    expect(trip.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot', 'FeedInterrupted', 'BookDelta']);
    expect(trip.dialect.corrupted!('{"channel":"heartbeat"}')).to.equal(undefined);
  });

  it('answers pings, and sends signs of life', () => {
    const trip = kraken();
    trip.ask([KRAKEN.connection!.ping!.text(7)]);
    expect(JSON.parse(trip.frames.at(-1)!.text)).to.deep.equal({ method: 'pong', req_id: 7 });
    trip.hear([trip.dialect.heartbeat!()]);
    expect(trip.events).to.deep.equal([]);
  });

  it('refuses pairs that it does not have, in words that the connection knows for a refusal', () => {
    const trip = kraken();
    const { connection } = KRAKEN;
    trip.ask(connection!.subscribe(['NO/SUCH'], 3));
    const refusals = trip.frames.map(({ text }) => connection!.refusal!(text)).filter((told) => told !== undefined);
    expect(refusals).to.deep.equal(['Currency pair not supported NO/SUCH', 'Currency pair not supported NO/SUCH']);
    const [message] = connection!.subscribe(['BTC/USD'], 4);
    expect(trip.dialect.refuse!(message!)!.map((answer) => connection!.refusal!(answer))).to.deep.equal([
      'Currency pair not supported BTC/USD',
    ]);
    expect(trip.dialect.refuse!(connection!.ping!.text(1))).to.equal(undefined);
  });

  it('answers whatever a client sends', () => {
    const trip = kraken();
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"method":5}',
      '{"method":"subscribe"}',
      '{"method":"subscribe","params":{"channel":"book","symbol":"BTC/USD"}}',
      '{"method":"subscribe","params":{"channel":"ohlc","symbol":[]}}',
      '{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":7}}',
    ])
      expect(trip.dialect.receive(text, trip.served).opens ?? [], text).to.deep.equal([]);
  });

  it('tells over REST what each pair is, as our own side reads it', () => {
    const trip = kraken();
    const [request] = KRAKEN.connection!.instruments(['BTC/USD']);
    const text = KRAKEN.server!.reply(request!, trip.served, { socket: 'ws://venue' }) as string;
    const read = KRAKEN.readInstruments!({ at: START, kind: 'reply', text, url: `https://venue${request!.path}` });
    expect(read!.find((definition) => definition.instrument === instrument)).to.deep.equal(BITCOIN);
    expect(KRAKEN.server!.reply({ path: '/0/public/Nothing' }, trip.served, { socket: '' })).to.equal(undefined);
  });
});
