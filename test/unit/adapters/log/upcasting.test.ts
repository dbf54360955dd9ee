import { expect } from 'chai';
import { readOutcome, readShape } from '../../../../adapters/log/shapes.js';
import { shapeReader } from '../../../../adapters/log/shapes/reading.js';
import { count, decimal, fields, text } from '../../../../adapters/log/shapes/schema.js';
import type { Catalogue, Shape } from '../../../../adapters/log/shapes/shape.js';
import { decodeOutcome } from '../../../../core/engine/outcome-codec.js';
import { InvariantViolation } from '../../../../core/errors.js';
import type { Json } from '../../../../core/json.js';
import type { LogEvent } from '../../../../core/ports.js';

/** A weight that was a word once, then grams as a number, then kilograms as text. */
const weighed: Shape = {
  version: 3,
  meaning: 'Something was weighed.',
  stream: 'scales',
  data: fields({ kilograms: decimal('Weight.') }),
  earlier: [
    {
      data: fields({ weight: text('`light` or `heavy`.') }),
      upcast: (data) => ({ grams: (data as { weight: string }).weight === 'light' ? 500 : 9_000 }),
    },
    {
      data: fields({ grams: count('Weight.') }),
      upcast: (data) => ({ kilograms: String((data as { grams: number }).grams / 1_000) }),
    },
  ],
};
const catalogue: Catalogue = { inputs: { Weighed: weighed }, outcomes: { Weighed: weighed }, bookkeeping: {} };
const reader = shapeReader(catalogue);
const event = (version: number, data: Json): LogEvent => ({ type: 'Weighed', version, at: 7, seq: 3, data });

describe('an event of an earlier version', () => {
  it('is brought up to date version by version, and nothing else of it changes', () => {
    const newest = event(3, { kilograms: '9' });
    expect(reader.input(event(1, { weight: 'heavy' }))).to.deep.equal(newest);
    expect(reader.input(event(2, { grams: 9_000 }))).to.deep.equal(newest);
    expect(reader.input(newest)).to.equal(newest);
    const { seq: _, ...outcome } = event(2, { grams: 500 });
    expect(reader.outcome({ ...outcome, n: 4, cause: 3 })).to.deep.equal({
      ...{ type: 'Weighed', version: 3, at: 7, n: 4, cause: 3 },
      data: { kilograms: '0.5' },
    });
  });

  it('leaves what was stored as it was', () => {
    const stored = Object.freeze(event(1, Object.freeze({ weight: 'light' })));
    reader.input(stored);
    expect(stored).to.deep.equal(event(1, { weight: 'light' }));
  });

  it('must look as its own version did', () => {
    expect(() => reader.input(event(1, { grams: 4 }))).to.throw(
      'input 3: Weighed does not look as it should: data must',
    );
    expect(() => reader.input(event(2, { weight: 'light' }))).to.throw('does not look as it should');
  });

  it('is checked again when it is up to date', () => {
    const careless: Shape = {
      ...weighed,
      earlier: [weighed.earlier![0]!, { ...weighed.earlier![1]!, upcast: () => ({}) }],
    };
    const careful = shapeReader({ ...catalogue, inputs: { Weighed: careless } });
    expect(() => careful.input(event(1, { weight: 'light' }))).to.throw("must have required property 'kilograms'");
  });
});

describe('an event that nobody here knows', () => {
  for (const version of [4, 0, -1, 1.5])
    it(`is refused with a sentence (version ${version})`, () => {
      expect(() => reader.input(event(version, { kilograms: '9' })))
        .to.throw(
          `input 3 is Weighed version ${version}, which this version does not know; use the version that wrote it, or a newer one`,
        )
        .with.property('code', 'foreign');
    });

  it('is refused by its type too, at the seam of the log', () => {
    expect(() => readShape({ ...event(1, {}), type: 'Guessed' })).to.throw('input 3 is Guessed version 1');
    expect(() => readOutcome({ type: 'Guessed', version: 1, at: 0, n: 9, cause: 1, data: {} })).to.throw(
      'outcome 9 is Guessed version 1',
    );
    const cancelled = { type: 'OrderCancelled', version: 2, at: 0, n: 9, cause: 1, data: { orderId: 'o' } };
    expect(() => readOutcome(cancelled)).to.throw('outcome 9 is OrderCancelled version 2');
  });

  it('is not decoded by the core either, which knows only the newest', () => {
    const stopped = { type: 'OrderStopped', version: 1, at: 0, n: 9, cause: 1, data: { orderId: 'o' } };
    const stored = { ...stopped, stream: 'execution-o', revision: 4 };
    expect(decodeOutcome(stored, undefined).outcome).to.deep.equal({ type: 'OrderStopped', data: { orderId: 'o' } });
    expect(() => decodeOutcome({ ...stored, version: 2 }, undefined)).to.throw(
      InvariantViolation,
      'stored outcome 9 is OrderStopped version 2, which this version does not know',
    );
  });

  it('is refused where an outcome stands as an input, and where a name is one of every object', () => {
    expect(() => readShape({ ...event(1, { orderId: 'o' }), type: 'OrderCancelled' })).to.throw('does not know');
    for (const type of ['constructor', '__proto__', 'toString'])
      expect(() => readShape({ ...event(1, {}), type })).to.throw('does not know');
  });
});
