import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../adapters/recordings/session/session.js';
import { createSession } from '../../adapters/recordings/session/writer.js';
import { Engine } from '../../core/engine/engine.js';
import { bookLines } from '../../core/market/book-text.js';
import { eventOf, messages } from '../../core/market/column-codec.js';
import { Side } from '../../core/market/columns.js';
import { isMarketEvent, type LevelText, type MarketEvent } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { Lots } from '../../core/market/lots.js';
import { batchesOf, BTC, delta, run, type Happening } from '../support/market.js';
import { RandomMarket } from '../support/random-market.js';
import { seeds } from '../support/random-story.js';
import { encodedApart, expectNoTrace, expectSame, foldAll } from '../support/same-fold.js';
import { ASSUMPTIONS } from '../support/stories.js';

/** So many times as large, and with another digit for each of theirs: beside a size of nine places, beyond 2^53. */
const GIANT = 100_000_001;
const DUST = '0.000000001';
/** A price at which nothing else stands. */
const ASIDE = '0.5';

/** At every third price sizes are giants, those of prints, too; so orders as they are wait, and take, among giants. */
const giant = (price: string, quantity: string): string => {
  const ticks = 2 * Number(price);
  const tenths = Math.round(10 * Number(quantity));
  return ticks % 3 === 0 ? formatScaled(tenths * GIANT, 1) : quantity;
};

/** A random market of giants. Half-way a level aside has a size of `aside`: as dust, it makes all counts finer. */
function giants(seed: number, aside: string): Happening[] {
  const levels = (side: readonly LevelText[]): LevelText[] => side.map(([price, size]) => [price, giant(price, size)]);
  const inputs = new RandomMarket(seed).inputs(220).map((input): Happening => {
    if (input.type === 'BookSnapshot' || input.type === 'BookDelta')
      return { ...input, data: { ...input.data, bids: levels(input.data.bids), asks: levels(input.data.asks) } };
    if (input.type !== 'Traded') return input;
    const trades = input.data.trades.map((trade) => ({ ...trade, quantity: giant(trade.price, trade.quantity) }));
    return { ...input, data: { ...input.data, trades } };
  });
  const middle = inputs[100]!;
  const { venueAt } = inputs.slice(0, 100).reduce((found, { data }) => ('venueAt' in data ? data : found), {}) as {
    readonly venueAt?: number;
  };
  const dust = delta(middle.at, [[ASIDE, aside]], []);
  inputs.splice(100, 0, {
    ...dust,
    data: { ...dust.data, ...(venueAt === undefined ? {} : { venueAt }) },
  } as Happening);
  const settings = { assume: ASSUMPTIONS[seed % 3]!, latency: [0, 10_000, 50_000][seed % 4] ?? 0 };
  return [run(settings), ...inputs];
}

const isGiant = (lots: Lots): boolean => lots > Number.MAX_SAFE_INTEGER;

/** Everything that the desks have counted of the book and the tape. */
function* reckoned(engine: Engine): Generator<Lots> {
  for (const desk of engine.desks.values()) {
    for (const { children } of desk.orders.values())
      for (const { aheadLots, unshrunkLots, leavesLots } of children) yield* [aheadLots, unshrunkLots, leavesLots];
    for (const consumption of desk.consumption.values()) for (const [, , lots] of consumption.entries()) yield lots;
    for (const resting of desk.resting.values())
      for (const { trades, shrink } of [...resting.levels(Side.bid), ...resting.levels(Side.ask)]) {
        for (const { lots } of trades) yield lots;
        if (shrink !== undefined) yield* [shrink.beforeLots, shrink.lots, shrink.tradedLots];
      }
  }
}

describe('sizes beyond the safe integers', () => {
  for (const seed of seeds(24)) {
    it(`give the same fills as where they are counted below them (REPRISE_SEED=${seed})`, () => {
      const fine = foldAll(batchesOf(giants(seed, DUST)));
      const coarse = foldAll(batchesOf(giants(seed, '0.1')));
      expect(fine.outcomes).to.deep.equal(coarse.outcomes);
      expectSame({ text: fine.text.replace(DUST, '0.1'), outcomes: fine.outcomes }, coarse, 'dust and no dust');
    });
    it(`are the same in batches of every size and however they are encoded (REPRISE_SEED=${seed})`, () => {
      const inputs = giants(seed, DUST);
      const whole = foldAll(batchesOf(inputs));
      for (const size of [1, 7]) {
        expectSame(foldAll(batchesOf(inputs, size)), whole, `batches of ${size}`);
        expectSame(foldAll(encodedApart(inputs, size)), whole, `batches of ${size}, each encoded by itself`);
      }
    });
  }
  for (const seed of seeds(12))
    it(`are kept by checkpoints (REPRISE_SEED=${seed})`, () => {
      expectNoTrace(giants(seed, DUST), (i) => i % 23 === seed % 23);
    });

  it('leave no number in a desk that is not exact', () => {
    let giantsSeen = 0;
    let giantsMet = 0;
    for (const seed of seeds(24)) {
      const engine = new Engine(({ outcome }) => {
        if (outcome.type === 'ChildFilled' && isGiant(outcome.data.displayedLots)) giantsMet++;
      });
      for (const batch of batchesOf(giants(seed, DUST), 1)) {
        engine.fold(batch);
        for (const lots of reckoned(engine)) {
          expect(typeof lots === 'bigint' ? isGiant(lots) : Number.isSafeInteger(lots), `${lots}, REPRISE_SEED=${seed}`)
            .to.be.true;
          if (isGiant(lots)) giantsSeen++;
        }
      }
    }
    expect(giantsSeen).to.be.greaterThan(1000);
    expect(giantsMet, 'fills by them').to.be.greaterThan(20);
  });

  for (const seed of seeds(6))
    it(`come back out of the columns and out of a session, and make the same book (REPRISE_SEED=${seed})`, async () => {
      const inputs = giants(seed, DUST);
      const events = inputs.filter((input): input is MarketEvent => isMarketEvent(input));
      const engine = new Engine(() => undefined);
      for (const batch of batchesOf([run(), ...events], 5)) engine.fold(batch);
      const { book, units } = engine.markets.get(BTC)!;
      expect([...bookLines(book, units.priceScale, units.sizeScale)]).to.deep.equal(linesOf(events));

      const folder = await mkdtemp(join(tmpdir(), 'reprise-giants-'));
      try {
        const writer = await createSession(join(folder, 's'));
        for (const { market } of encodedApart(events, 9)) {
          expect([...messages(market)].map(({ seq, from, to }) => [seq, eventOf(market, from, to)])).to.deep.equal(
            [...messages(market)].map(({ seq }) => [seq, events[seq - 1]]),
          );
          await writer.writeMarket(market);
        }
        await writer.close({ engineVersion: 'test' });
        const read: MarketEvent[] = [];
        for await (const { market } of (await openSession(join(folder, 's'))).inputs())
          for (const { from, to } of messages(market)) read.push(eventOf(market, from, to));
        expect(read).to.deep.equal(events);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});

/** The lines of the book that these events make, from their texts alone. */
function linesOf(events: readonly MarketEvent[]): string[] {
  const sides = [new Map<string, string>(), new Map<string, string>()] as const;
  for (const { type, data } of events) {
    if (type !== 'BookSnapshot' && type !== 'BookDelta') continue;
    if (type === 'BookSnapshot') for (const side of sides) side.clear();
    for (const [side, levels] of [data.bids, data.asks].entries())
      for (const [price, size] of levels) {
        if (size === '0') sides[side]!.delete(price);
        else sides[side]!.set(price, size);
      }
  }
  const sorted = (side: Side, down: 1 | -1): string[] =>
    [...sides[side]]
      .sort(([a], [b]) => down * (Number(a) - Number(b)))
      .map(([price, size]) => `${side === Side.bid ? 'b' : 'a'}|${price}|${size}\n`);
  return [...sorted(Side.bid, -1), ...sorted(Side.ask, 1)];
}
