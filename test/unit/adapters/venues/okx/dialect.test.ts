import { expect } from 'chai';
import { describe as describeSymbol } from '../../../../../adapters/venues/okx/instruments.js';
import { OKX } from '../../../../../adapters/venues/okx/index.js';
import type { BookDelta, BookSnapshot, InstrumentDefinition } from '../../../../../core/market/events.js';
import { START } from '../../../../support/mini-recording.js';
import { carried, randomStory, RoundTrip } from '../../../../support/round-trip.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';

const defined = (symbol: string): InstrumentDefinition => ({
  ...describeSymbol(symbol),
  instrument: `${symbol}@okx`,
  tickSize: '0.1',
  lotSize: '0.01',
  minQuantity: '0.01',
  minNotional: '0',
  rules: 'recording',
});
const BITCOIN = defined('BTC-USDT');
const { instrument } = BITCOIN;

const snapshot = (venueSeq?: number): BookSnapshot => ({
  type: 'BookSnapshot',
  version: 1,
  at: START,
  data: {
    instrument,
    venueAt: START,
    ...(venueSeq === undefined ? {} : { venueSeq }),
    bids: [['10', '1.5']],
    asks: [['11', '2']],
  },
});
const delta = (venueSeq?: number): BookDelta => ({
  type: 'BookDelta',
  version: 1,
  at: START,
  data: { instrument, venueAt: START, ...(venueSeq === undefined ? {} : { venueSeq }), bids: [], asks: [['12', '3']] },
});

describe('OKX’s own side', () => {
  const okx = (definition = BITCOIN): RoundTrip => new RoundTrip(OKX, definition);

  for (const withSequence of [true, false])
    it(`tells a story ${withSequence ? 'with' : 'without'} numbers in words that the mapper reads as the same story`, () =>
      seedOf('the words of OKX', (seed) => {
        const told = randomStory(seeded(seed), { instrument, events: 600, grain: 1_000, withSequence });
        const trip = okx();
        trip.subscribe();
        for (const event of told) trip.happen(event);
        expect(trip.events.map((event) => carried(event, withSequence))).to.deep.equal(
          told.map((event) => carried(event, withSequence)),
        );
        expect(trip.source.asked).to.deep.equal([]);
      }));

  it('sends the book to whoever subscribes later, once for both channels', () => {
    const trip = okx();
    trip.happen(snapshot(5));
    trip.happen(delta(9));
    trip.subscribe();
    expect(trip.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot']);
    expect(trip.events[0]!.data).to.deep.include({
      venueSeq: 9,
      asks: [
        ['11', '2'],
        ['12', '3'],
      ],
    });
  });

  it('sends no changes of a book that it did not send', () => {
    const trip = okx();
    trip.subscribe();
    trip.happen(delta(9));
    expect(trip.events).to.deep.equal([]);
  });

  it('sends the book anew to whoever subscribes anew, and its trades go on', () => {
    const trip = okx();
    trip.happen(snapshot(5));
    trip.subscribe();
    trip.ask(OKX.connection!.resubscribe!('BTC-USDT', 2));
    trip.happen({
      type: 'Traded',
      version: 1,
      at: START,
      data: { instrument, venueAt: START, trades: [{ side: 'buy', price: '10', quantity: '1', tradeId: 5 }] },
    });
    expect(trip.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot', 'BookSnapshot', 'Traded']);
  });

  for (const reason of ['gap', 'checksum'] as const)
    it(`shows a break of the recording for a ${reason} as one, until the next snapshot`, () => {
      const trip = okx();
      trip.subscribe();
      trip.happen(snapshot(5));
      trip.happen({ type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason: 'silent' } });
      trip.happen(delta(7));
      trip.happen({ type: 'FeedInterrupted', version: 1, at: START, data: { instrument, reason } });
      trip.happen(delta(12));
      trip.happen(snapshot(20));
      trip.happen(delta(21));
      expect(trip.events.map(({ type, data }) => ('reason' in data ? data.reason : type))).to.deep.equal([
        'BookSnapshot',
        'BookDelta',
        reason,
        'BookDelta',
        'BookSnapshot',
        'BookDelta',
      ]);
      expect(trip.source.asked).to.deep.equal(['BTC-USDT']);
    });

  it('spoils checksums on request', () => {
    const trip = okx();
    trip.subscribe();
    trip.happen(snapshot(5));
    trip.happen(delta(6));
    trip.hear([
      trip.dialect.corrupted!(trip.frames.at(-1)!.text.replace('"prevSeqId":5,"seqId":6', '"prevSeqId":6,"seqId":6'))!,
    ]);
    expect(trip.events.map(({ type, data }) => ('reason' in data ? data.reason : type)).slice(2)).to.deep.equal([
      'checksum',
      'BookDelta',
    ]);
    expect(trip.dialect.corrupted!('pong')).to.equal(undefined);
  });

  it('answers pings', () => {
    const trip = okx();
    trip.ask([OKX.connection!.ping!.text(7)]);
    expect(trip.frames.at(-1)!.text).to.equal('pong');
    expect(trip.events).to.deep.equal([]);
  });

  it('refuses instruments that it does not have, in words that the connection knows for a refusal', () => {
    const trip = okx();
    const { connection } = OKX;
    trip.ask(connection!.subscribe(['NO-SUCH'], 3));
    const refusals = trip.frames.map(({ text }) => connection!.refusal!(text)).filter((told) => told !== undefined);
    expect(refusals).to.have.length(2);
    expect(refusals[0]).to.include('NO-SUCH');
    const [message] = connection!.subscribe(['BTC-USDT'], 4);
    expect(connection!.refusal!(trip.dialect.refuse!(message!)![0]!)).to.include('BTC-USDT');
    expect(trip.dialect.refuse!('ping')).to.equal(undefined);
  });

  it('answers whatever a client sends', () => {
    const trip = okx();
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"op":"login"}',
      '{"op":"subscribe","args":[null]}',
      '{"op":"subscribe","args":[{"channel":"books"}]}',
      '{"op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}',
    ])
      expect(trip.dialect.receive(text, trip.served).opens ?? [], text).to.deep.equal([]);
  });

  for (const symbol of ['BTC-USDT', 'BTC-USDT-SWAP', 'BTC-USD-240927', 'BTC-USD-240927-60000-C'])
    it(`tells over REST what ${symbol} is, as our own side reads it`, () => {
      const definition = defined(symbol);
      const trip = okx(definition);
      for (const request of [
        ...OKX.connection!.instruments([symbol]),
        ...(symbol.endsWith('-C') ? [] : OKX.connection!.instruments([])),
      ]) {
        const text = OKX.server!.reply(request, trip.served, { socket: 'ws://venue' }) as string;
        const read = OKX.readInstruments!({ at: START, kind: 'reply', text, url: `https://venue${request.path}` })!;
        if (read.length > 0) expect(read).to.deep.equal([definition]);
      }
      const [request] = OKX.connection!.instruments([symbol]);
      expect(OKX.server!.reply(request!, trip.served, { socket: '' })).to.include(symbol);
      expect(
        OKX.server!.reply({ path: request!.path.replace(symbol, 'NO-SUCH') }, trip.served, { socket: '' }),
      ).to.include('51001');
    });
});
