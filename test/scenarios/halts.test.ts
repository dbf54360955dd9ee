import { expect } from 'chai';
import { restore, capture, checkpointText, unitsLine } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import { Side } from '../../core/market/columns.js';
import type { LogEvent } from '../../core/ports.js';
import {
  ASKS,
  at,
  batchesOf,
  begun,
  BIDS,
  BTC,
  defined,
  delta,
  fold,
  of,
  refusalIn,
  run,
  snapshot,
  SPOT,
  stateText,
  submitted,
  ticks,
  traded,
  types,
  type Happening,
} from '../support/market.js';

const two: Happening[] = [
  ...begun(),
  submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4, account: 'broken' }, 'b1'),
  submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4, account: 'sound' }, 's1'),
];
const later: Happening[] = [
  ...ticks(7, 8),
  submitted(at(9), { quantity: '0.1', duration: '1s', account: 'broken' }, 'b2'),
  ...ticks(12, 13, 17, 18, 23),
];

/** Folds a story in which the desk of `broken` believes, from its end on, that it has filled more than it ordered. */
function engineThatBreaks(outcomes: LogEvent[]): Engine {
  const engine = new Engine((concluded) => outcomes.push(encodeOutcome(concluded)));
  for (const batch of batchesOf(two)) engine.fold(batch);
  engine.desks.get('broken')!.orders.get('b1')!.filledLots = 4;
  return engine;
}
const foldLater = (engine: Engine): void => {
  for (const batch of batchesOf(later, Infinity, two.length + 1)) engine.fold(batch);
};

describe('a desk whose state is broken', () => {
  const outcomes: LogEvent[] = [];
  const engine = engineThatBreaks(outcomes);
  const atBreak = [...checkpointText(capture(engine))];
  const unitsAtBreak = unitsLine(capture(engine));
  foldLater(engine);

  it('halts by an outcome that says why', () => {
    const halts = of(outcomes, 'DeskHalted');
    expect(halts).to.have.length(1);
    expect(halts[0]).to.include({ account: 'broken' });
    expect(halts[0]!['reason']).to.include('b1').and.include('more than ordered');
  });
  it('decides nothing any more and refuses commands with the reason', () => {
    const refusal = refusalIn(outcomes);
    expect(refusal).to.include({ code: 'desk_halted', where: '/account' });
    expect(refusal.what).to.include('more than ordered');
    const halted = outcomes.findIndex(({ type }) => type === 'DeskHalted');
    const after = outcomes.slice(halted + 1).filter(({ data }) => (data as { orderId?: string }).orderId === 'b1');
    expect(after).to.deep.equal([]);
  });
  it('leaves the others running', () => {
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 's1', reason: 'filled' }]);
  });
  it('reaches the same halt after a restart from a checkpoint before it', () => {
    const again: LogEvent[] = [];
    const restored = restore(
      [unitsAtBreak, ...atBreak].map((line) => line.slice(0, -1)),
      (concluded) => again.push(encodeOutcome(concluded)),
    );
    foldLater(restored);
    expect(again).to.deep.equal(outcomes.slice(-again.length));
    expect(types(again)).to.include('DeskHalted');
    expect(stateText(restored)).to.equal(stateText(engine));
  });
  it('stays halted after a restart from a checkpoint behind it', () => {
    const captured = capture(engine);
    const lines = [unitsLine(captured), ...checkpointText(captured)].map((line) => line.slice(0, -1));
    const restored = restore(lines, () => undefined);
    expect(restored.desks.get('broken')!.halted).to.equal(engine.desks.get('broken')!.halted);
    expect(stateText(restored)).to.equal(stateText(engine));
  });
});

describe('whoever is told of an outcome', () => {
  it('halts no desk by failing, and the failure goes up to whoever folds', () => {
    const engine = new Engine(({ outcome }) => {
      if (outcome.type === 'ChildFilled') throw new Error('the disk is full');
    });
    expect(() => {
      for (const batch of batchesOf([...two, ...later])) engine.fold(batch);
    }).to.throw('the disk is full');
    expect(engine.desks.get('broken')!.halted).to.equal('');
  });
});

describe('an order too large for increments that get finer', () => {
  it('halts its desk instead of being counted inexactly', () => {
    const outcomes: LogEvent[] = [];
    const engine = new Engine((concluded) => outcomes.push(encodeOutcome(concluded)));
    const inputs = [
      ...begun(),
      submitted(at(2), { quantity: '100000000000', duration: '1h', startTime: 'manual', account: 'giant' }, 'g1'),
      submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4, startTime: '+10s', account: 'sound' }, 's1'),
      delta(at(3), [['99', '0.00001']], []),
      ...ticks(12, 13, 17, 18, 22, 23, 27, 28),
    ];
    inputs.forEach((input, i) => {
      for (const batch of batchesOf([input], 1, i + 1)) engine.fold(batch);
    });
    expect(of(outcomes, 'DeskHalted')[0]).to.include({ account: 'giant' });
    expect(of(outcomes, 'DeskHalted')[0]!['reason']).to.include('safe integers');
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 's1', reason: 'filled' }]);
    expect(engine.markets.get(BTC)!.units.sizeScale).to.equal(5);
  });
});

describe('a book that cannot be counted as finely as the rules ask for', () => {
  it('is not trusted until one comes that can be', () => {
    const rules = { ...SPOT, minQuantity: '0.000000000000000001' };
    const { outcomes, engine } = fold([
      run(),
      defined(rules),
      snapshot(at(1), BIDS, [...ASKS, ['103', '10']]), // 10^19 increments
      traded(at(2), { side: 'buy', price: '101', quantity: '10' }),
      snapshot(at(3), BIDS, [['101', '9.2']]),
    ]);
    const { book, tape } = engine.markets.get(BTC)!;
    expect(of(outcomes, 'TrustRegained')).to.have.length(1);
    expect(outcomes.find(({ type }) => type === 'TrustRegained')!.at).to.equal(at(3));
    expect([book.depth(Side.bid), book.depth(Side.ask), tape.count]).to.deep.equal([2, 1, 0]);
  });
});

describe('a definition that cannot be true', () => {
  it("takes away its instrument's trust, and the old rules stay", () => {
    const { outcomes, engine } = fold([
      ...begun(),
      { type: 'InstrumentDefined', version: 1, at: at(2), data: { ...begun()[1]!.data, tickSize: '0' } } as Happening,
      submitted(at(3), { quantity: '0.4', duration: '20s', slices: 4 }),
      ...ticks(4),
    ]);
    expect(of(outcomes, 'TrustLost')).to.deep.equal([{ instrument: BTC, reason: 'fold_failed' }]);
    expect(of(outcomes, 'SliceSkipped')[0]).to.include({ reason: 'book_untrusted', detail: 'fold_failed' });
    expect(engine.markets.get(BTC)!.instrument.definition.tickSize).to.equal('0.5');
  });
});
