import { expect } from 'chai';
import { parseGrid } from '../../../../adapters/requests/grid-file.js';
import { DEFAULT_VENUE } from '../../../../core/desk/settings.js';
import { Draws } from '../../../../core/draws.js';
import { desksOf, placeOf } from '../../../../replay/sweep/plan.js';
import { planSweep, type SweepPlan } from '../../../../replay/sweep/planning.js';
import { orderOfResults } from '../../../../replay/sweep/results.js';
import { openEntrants, type Entrant } from '../../../../replay/sweep/sessions.js';
import { fixture } from '../../../support/fixtures.js';

describe('The plan of a sweep', () => {
  let entrants: Entrant[];
  before(async () => (entrants = await openEntrants([fixture('quiet-minute')])));

  const order = { instrument: 'BTC-USD@sample', side: 'buy' };
  const planned = (grid: object, cut: 'skip' | 'count' = 'skip', seed = 1): Promise<SweepPlan> => {
    const read = parseGrid(JSON.stringify(grid), 'grid');
    const venue = { assume: ['expected'] as const, ...read.venue };
    const seeds = typeof read.seeds === 'number' ? [1, 2, 3].slice(0, read.seeds) : (read.seeds ?? [seed]);
    return planSweep(entrants, {
      grid: read,
      venue,
      seeds,
      seed,
      cut,
      settings: () => ({ venue: DEFAULT_VENUE, seed }),
    });
  };
  const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

  it('accounts for every set and every desk of any grid', async () => {
    const draws = new Draws(20240808, 'plan');
    const some = <T>(values: readonly T[]): T[] => values.slice(0, 1 + draws.below(values.length));
    for (let run = 0; run < 25; run++) {
      const vary = {
        quantity: some(['1', '5%', '0.0001%', '0.00005']),
        duration: some(['10s', '40s', '2m']),
        aggressionFloor: some(['0', '10', '20']),
        aggressionCap: some(['0', '15']),
      };
      const starts = [{ every: '7s' }, { random: 6 }, { at: ['2024-01-01T04:00:10Z', '2024-01-01T04:00:50Z'] }];
      const venue = { latency: some(['0ms', '10ms']), assume: some(['expected', 'pessimistic']) };
      const seeds = 1 + draws.below(3);
      const grid = {
        order,
        vary,
        starts: starts[run % 3],
        venue,
        seeds,
        baseline: { quantity: '1', duration: '10s', aggressionFloor: '0', aggressionCap: '0' },
      };
      const plan = await planned(grid, run % 2 === 0 ? 'count' : 'skip').catch((error: unknown) => {
        expect((error as Error).message).to.match(/baseline.*is left out/); // drawn so that its start has no room
        return undefined;
      });
      if (plan === undefined) continue;
      const size = Object.values(vary).reduce((product, values) => product * values.length, 1);
      expect(plan.sets.length + sum(plan.setsLeftOut), 'sets').to.equal(size);
      const product = plan.sets.length * plan.starts * venue.latency.length * venue.assume.length * seeds;
      expect(plan.desks + sum(plan.desksLeftOut), `desks of run ${run}`).to.equal(product);
      const desks = [...desksOf(plan.work[0]!.plan, plan.work[0]!.plan.places.keys())];
      expect(desks).to.have.length(plan.desks);
      expect(desks.map(({ at }) => at)).to.deep.equal(desks.map(({ at }) => at).sort((a, b) => a - b));
      expect(desks.some(({ parameters }) => parameters.quantity!.includes('%'))).to.equal(false);
    }
  });

  it('gives all sets of one start the same order id, and every start and seed another one', async () => {
    const plan = await planned({
      order: { ...order, duration: '5s', quantity: '1' },
      vary: { slices: [1, 2] },
      starts: { every: '9s' },
      seeds: 2,
    });
    const desks = [...desksOf(plan.work[0]!.plan, plan.work[0]!.plan.places.keys())];
    const ids = new Map<string, Set<string>>();
    for (const { at, seed, orderId } of desks) {
      const key = `${at} ${seed}`;
      ids.set(key, (ids.get(key) ?? new Set()).add(orderId));
    }
    expect([...ids.values()].every((own) => own.size === 1)).to.equal(true);
    expect(new Set(desks.map(({ orderId }) => orderId)).size).to.equal(ids.size);
  });

  it('takes a share of the volume in the span before the start, rounded down to lots', async () => {
    const plan = await planned({
      order: { ...order, duration: '20s', quantity: '7.3%' },
      starts: ['2024-01-01T04:00:30Z'],
    });
    const [desk] = [...desksOf(plan.work[0]!.plan, [0])];
    let volume = 0n; // in millionths, by looking at every trade
    for await (const columns of entrants[0]!.session.market()) {
      const { sizeScale } = columns.instruments[0]!;
      for (let row = 0; row < columns.rows; row++) {
        const at = columns.receivedAt[2 * row + 1]! * 2 ** 32 + (columns.receivedAt[2 * row]! >>> 0);
        const inside =
          at >= Date.parse('2024-01-01T04:00:10Z') * 1000 && at < Date.parse('2024-01-01T04:00:30Z') * 1000;
        if (columns.kind[row] === 2 && inside) volume += BigInt(columns.size[2 * row]!) * 10n ** BigInt(6 - sizeScale);
      }
    }
    const lots = (volume * 73n) / 1000n / 100n; // of 0.0001
    expect(volume > 0n).to.equal(true);
    expect(desk!.parameters.quantity).to.equal(String(Number(lots) / 10_000));
  });

  it('puts the desks into the order of the results by set, then by start', async () => {
    const { work } = await planned({
      order: { ...order, duration: '5s', quantity: '1' },
      vary: { slices: [1, 2, 3] },
      starts: { every: '20s' },
      seeds: 2,
    });
    const { plan } = work[0]!;
    const places = [...orderOfResults(plan)].map((desk) => placeOf(plan, plan.places[desk]!));
    const keys = places.map(({ set, start, venue, seed }) =>
      [set, start, venue, seed].map((n) => String(n).padStart(3)).join(),
    );
    expect(keys).to.deep.equal([...keys].sort());
    expect(new Set(keys).size).to.equal(plan.places.length);
  });

  it('does not draw two random starts alike, and none that its longest window would not leave room for', async () => {
    const plan = await planned({ order: { ...order, duration: '50s', quantity: '1' }, starts: { random: 40 } });
    const { starts, to } = plan.work[0]!.plan;
    expect(new Set(starts).size).to.equal(40);
    expect(starts.every((at) => at + 50_000_000 <= to)).to.equal(true);
    expect(plan.desksLeftOut).to.deep.equal({});
  });

  it('knows the baseline that a grid has, adds the one that it lacks, and spells out nothing twice', async () => {
    const base = { ...order, duration: '5s', quantity: '1' };
    const has = await planned({ order: base, vary: { aggressionFloor: ['20', '0'] } });
    expect([has.sets.length, has.baseline]).to.deep.equal([2, 1]);
    const lacks = await planned({ order: base, vary: { aggressionFloor: ['20', '10'] } });
    expect([lacks.sets.length, lacks.baseline]).to.deep.equal([3, 2]);
    expect(lacks.sets[2]!.parameters).to.include({ aggressionFloor: '0', aggressionCap: '0', duration: '5s' });
    const named = await planned({ order: base, vary: { slices: [4, 5] }, baseline: { slices: 5, quote: 'improve' } });
    expect([named.sets.length, named.baseline]).to.deep.equal([2, 1]);
  });
});
