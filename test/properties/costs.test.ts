import { expect } from 'chai';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import { Side } from '../../core/market/columns.js';
import { formatScaled } from '../../core/market/increments.js';
import type { Market } from '../../core/market/market.js';
import { costsJson, shortfallParts } from '../../core/measures/costs.js';
import { Fraction } from '../../core/measures/fraction.js';
import type { Measured } from '../../core/measures/measured.js';
import { ENGINE_SECOND, NaiveMids } from '../support/naive-mids.js';
import { batchesOf, ticks, type Happening } from '../support/market.js';
import { RandomStory, seeds } from '../support/random-story.js';

const INPUTS = 400;

/** A story, and then quiet for long enough that every window ends and every markout is taken. */
function story(seed: number): Happening[] {
  const inputs = new RandomStory(seed).inputs(INPUTS);
  const last = inputs.reduce((latest, { at }) => (at > latest ? at : latest), 0);
  return [...inputs, ...ticks(1).map((tick) => ({ ...tick, at: last + 300 * ENGINE_SECOND }))] as Happening[];
}

interface Told {
  readonly said: ReadonlyMap<string, Measured>;
  readonly mids: ReadonlyMap<string, NaiveMids>;
  readonly instruments: ReadonlyMap<string, string>;
  /** Looks at every open order after every input. */
  readonly looks: readonly Measured[];
}

function tell(seed: number): Told {
  const said = new Map<string, Measured>();
  const instruments = new Map<string, string>();
  const mids = new Map<string, NaiveMids>();
  const looks: Measured[] = [];
  const open = new Map<string, string>();
  const engine = new Engine((concluded) => {
    const { type, data, at } = encodeOutcome(concluded);
    // in a hole of a live log trust ends between two inputs
    if (type === 'TrustLost') mids.get((data as { instrument: string }).instrument)?.note(at, undefined);
    const { orderId, parameters, measured } = data as unknown as {
      orderId: string;
      parameters?: { instrument: string; account: string };
      measured?: Measured;
    };
    if (type === 'OrderAccepted' || type === 'OrderAmended') {
      open.set(orderId, parameters!.account);
      instruments.set(orderId, parameters!.instrument);
    }
    if (measured !== undefined) {
      expect(said.has(orderId), `${orderId} is measured once`).to.equal(false);
      said.set(orderId, measured);
      open.delete(orderId);
    }
  });
  for (const batch of batchesOf(story(seed), 1)) {
    engine.fold(batch);
    for (const [name, market] of engine.markets) note(mids, name, market, engine.clock);
    for (const [orderId, account] of open) {
      const measured = engine.measured(account, orderId);
      if (measured !== undefined) looks.push(measured);
    }
  }
  return { said, mids, instruments, looks };
}

function note(mids: Map<string, NaiveMids>, name: string, market: Market, at: number): void {
  let naive = mids.get(name);
  if (naive === undefined) mids.set(name, (naive = new NaiveMids()));
  const bid = market.book.best(Side.bid);
  const ask = market.book.best(Side.ask);
  const trust = market.effectiveTrust();
  const exists = trust !== 'untrusted' && bid !== 0 && ask !== 0 && bid < ask;
  const mid = exists
    ? Fraction.parse(formatScaled(bid + ask, market.units.priceScale)).over(Fraction.of(2))
    : undefined;
  naive.note(at, mid);
}

describe('what random orders cost', () => {
  for (const seed of seeds(12)) {
    it(`is the sum of its parts, exactly, at every moment (REPRISE_SEED=${seed})`, () => {
      const { said, looks } = tell(seed);
      let whole = 0;
      for (const measured of [...said.values(), ...looks]) {
        const { shortfall, delay, timing, latency, spread, fees, unfilled } = shortfallParts(measured);
        if (shortfall === null || delay === null || timing === null || unfilled === null) continue;
        whole++;
        const sum = [delay, timing, latency, spread, fees, unfilled].reduce((a, b) => a.plus(b));
        expect(sum.equals(shortfall), JSON.stringify(measured)).to.equal(true);
      }
      expect(whole).to.be.greaterThan(0);
    });

    it(`has the market's averages as a naive recomputation has them (REPRISE_SEED=${seed})`, () => {
      const { said, mids, instruments } = tell(seed);
      for (const [orderId, { window, start }] of said) {
        if (window === null) continue;
        const naive = mids.get(instruments.get(orderId)!)!;
        const { integral, held } = naive.over(window.startAt, window.endAt);
        expect(held, `${orderId}: time with a mid`).to.equal(window.heldMicros);
        expect(integral.equals(Fraction.parse(window.midMicros)), `${orderId}: mid over time`).to.equal(true);
        const samples = start.mid === null || start.late ? [] : [Fraction.parse(start.mid)];
        for (let at = window.startAt + ENGINE_SECOND; at < window.endAt; at += ENGINE_SECOND) {
          const mid = naive.before(at);
          if (mid !== undefined) samples.push(mid);
        }
        const sum = samples.reduce((a, b) => a.plus(b), Fraction.ZERO);
        expect(samples.length, `${orderId}: samples`).to.equal(window.sampled);
        expect(sum.equals(Fraction.parse(window.samples)), `${orderId}: sum of samples`).to.equal(true);
      }
    });
  }
  it('reads the same out of text as it was said', () => {
    const { said } = tell(1);
    for (const measured of said.values())
      expect(costsJson(JSON.parse(JSON.stringify(measured)) as Measured)).to.deep.equal(costsJson(measured));
  });
});
