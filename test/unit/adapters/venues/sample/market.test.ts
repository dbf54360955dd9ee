import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { canonical, type Json } from '../../../../../core/json.js';
import type { BookData, MarketEvent } from '../../../../../core/market/events.js';
import { MICROS } from '../../../../../core/time.js';
import { generateSample, type GenerateOptions } from '../../../../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../../../../adapters/venues/sample/instruments.js';
import { sampleMarket } from '../../../../../adapters/venues/sample/market.js';

const FROM = 1_704_067_200_000_000; // 2024-01-01T00:00:00Z
const BTC = 'BTC-USD@sample';
const ALL = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);

function sha256(options: Partial<GenerateOptions>): string {
  const hash = createHash('sha256');
  for (const event of generateSample({ seed: 1, from: FROM, duration: MICROS.m, instruments: ALL, ...options }))
    hash.update(`${canonical(event as unknown as Json)}\n`);
  return hash.digest('hex');
}

const books = (events: readonly MarketEvent[]): BookData[] =>
  events.flatMap((event) => (event.type === 'BookSnapshot' || event.type === 'BookDelta' ? [event.data] : []));

describe('the sample market', () => {
  it('is the same bytes for the same seed on every machine', () => {
    expect(sha256({})).to.equal('5bebb9f0eb45d312e4eae1a52f5c3c677211a98fd0cdee0df79f3818c136642d');
    expect(sha256({})).to.equal(sha256({}));
  });

  it('is another market for another seed, instant or rate', () => {
    const all = [{}, { seed: 2 }, { from: FROM + MICROS.h }, { messagesPerSecond: 21 }, { steady: true }].map(sha256);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('gives an instrument the same messages whoever else is traded', () => {
    const of = (instruments: readonly string[]): string[] =>
      [...generateSample({ seed: 3, from: FROM, duration: 10 * MICROS.s, instruments })]
        .filter((event) => event.data.instrument === BTC)
        .map((event) => canonical(event as unknown as Json));
    expect(of(ALL)).to.deep.equal(of([BTC]));
  });

  it('begins with every definition, then every snapshot, then goes by receive time up to the end', () => {
    const duration = 5 * MICROS.s;
    const events = [...generateSample({ seed: 1, from: FROM, duration, instruments: ALL, messagesPerSecond: 500 })];
    expect(events.slice(0, 4).map(({ type, data }) => [type, data.instrument])).to.deep.equal(
      ALL.map((instrument) => ['InstrumentDefined', instrument]),
    );
    expect(events.slice(4, 8).map(({ type, at }) => [type, at])).to.deep.equal(ALL.map(() => ['BookSnapshot', FROM]));
    for (let i = 1; i < events.length; i++) expect(events[i]!.at).to.be.at.least(events[i - 1]!.at);
    expect(events.at(-1)!.at).to.be.within(FROM + duration - 100 * MICROS.ms, FROM + duration - 1);
  });

  it('tells a trade also as a change of its level, with the same venue time, sometimes before the trade', () => {
    const events = [...generateSample({ seed: 1, from: FROM, duration: 5 * MICROS.m, instruments: [BTC] })];
    const bookOf = new Map(books(events).map((data) => [data.venueAt, data]));
    let trades = 0;
    let late = 0;
    let told: number | undefined;
    for (const { type, data } of events) {
      if (type === 'BookDelta') told = data.venueAt;
      if (type !== 'Traded') continue;
      const book = bookOf.get(data.venueAt)!;
      for (const { side, price } of data.trades)
        expect((side === 'buy' ? book.asks : book.bids).map((level) => level[0])).to.include(price);
      trades++;
      if (told === data.venueAt) late++;
    }
    expect(trades).to.be.greaterThan(500);
    expect(late / trades).to.be.within(0.15, 0.3);
  });

  it('goes on after a restart with the next step, behind a snapshot around the mid that was logged', () => {
    for (const mid of ['61234.5', '61234.25', '59000']) {
      const resumeFrom = { step: 812_345, mid };
      const market = sampleMarket({ seed: 7, instrument: BTC, startAt: FROM, resumeFrom });
      const first = market.next();
      expect(first.at).to.equal(FROM);
      expect(first.events.map(({ type }) => type)).to.deep.equal(['BookSnapshot']);
      expect(books(first.events)[0]!.venueSeq).to.equal(812_346);
      expect(market.mid).to.equal(mid);
      const later = Array.from({ length: 50 }, () => market.next().events).flat();
      expect(books(later)[0]!.venueSeq).to.equal(812_347);

      const again = sampleMarket({ seed: 7, instrument: BTC, startAt: FROM, resumeFrom });
      again.next();
      expect(Array.from({ length: 50 }, () => again.next().events).flat()).to.deep.equal(later);
    }
  });

  it('shows its book to one who asks, without losing a step', () => {
    const market = sampleMarket({ seed: 1, instrument: BTC, startAt: FROM });
    const undisturbed = sampleMarket({ seed: 1, instrument: BTC, startAt: FROM });
    for (let i = 0; i < 100; i++) expect(market.next()).to.deep.equal(undisturbed.next());
    const snapshot = market.snapshot(FROM + MICROS.h);
    expect(snapshot.at).to.equal(FROM + MICROS.h);
    expect(snapshot.data.venueSeq).to.equal(market.step);
    expect(market.next()).to.deep.equal(undisturbed.next());
  });

  it('refuses what it cannot do, and says what it can', () => {
    const market = (options: object) => () => sampleMarket({ seed: 1, instrument: BTC, startAt: FROM, ...options });
    expect(market({ instrument: 'DOGE-USD@sample' })).to.throw('choose one of BTC-USD@sample, ETH-USD@sample');
    expect(market({ messagesPerSecond: 0 })).to.throw('choose from 0.01 to 100000');
    expect(market({ messagesPerSecond: 100_001 })).to.throw('choose from 0.01 to 100000');
    for (const mid of ['', '-1', '499.5', 'abc', '1e5', '9007199254740991'])
      expect(market({ resumeFrom: { step: 1, mid } }), mid).to.throw('give a decimal of at least 500');
    expect(market({ seed: -1 })).to.throw('seed');
  });

  it('defines contracts, so that they are exercised', () => {
    expect(SAMPLE_INSTRUMENTS.map(({ definition: { kind, multiplier } }) => [kind, multiplier])).to.deep.equal([
      ['spot', '1'],
      ['spot', '1'],
      ['inverse', '100'],
      ['linear', '0.01'],
    ]);
  });
});
