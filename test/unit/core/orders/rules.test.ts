import { expect } from 'chai';
import type { Refusal } from '../../../../core/errors.js';
import { countInstrument } from '../../../../core/market/instrument.js';
import type { TwapParameters } from '../../../../core/orders/parameters.js';
import { askedOf, orderIdRefusal, readTerms, refusalsOf, type OrderTerms } from '../../../../core/orders/rules.js';
import { lots, MOST_STEPS, span, ticks } from '../../../../core/orders/values.js';
import { at, SPOT, T0 } from '../../../support/market.js';

// tick 0.5, lot 0.1, minimum 0.2; counted finer than the venue's own steps, as after a recording with more digits
const instrument = countInstrument(
  { ...SPOT, minQuantity: '0.2' },
  { instrument: SPOT.instrument, priceScale: 3, sizeScale: 4 },
);
const order: TwapParameters = {
  instrument: SPOT.instrument,
  account: 'default',
  side: 'buy',
  quantity: '1.5',
  duration: '1m',
};

function read(changes: Record<string, unknown>): OrderTerms | Refusal {
  const all: Record<string, unknown> = { ...order, ...changes };
  const parameters = Object.entries(all).filter(([, value]) => value !== undefined);
  return readTerms(Object.fromEntries(parameters) as unknown as TwapParameters, instrument, T0);
}
function terms(changes: Record<string, unknown>): OrderTerms {
  const answer = read(changes);
  if ('code' in answer) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer;
}

describe('the rules of an order', () => {
  it('count quantity and limit in the increments that are in force', () => {
    expect(terms({ limitPrice: '100.5' })).to.include({ side: 0, quantityLots: 15_000, limitTicks: 100_500 });
    expect(terms({ side: 'sell' })).to.include({ side: 1, limitTicks: 0 });
    expect(terms({ quantity: '0001.50000000000000000000' }).quantityLots).to.equal(15_000);
  });

  /** [what is wrong, the changes, code, pointer, pieces of the sentence, pieces of the mend] */
  const refusals: readonly (readonly [
    string,
    Record<string, unknown>,
    string,
    string,
    readonly string[],
    readonly string[],
  ])[] = [
    ['no side', { side: undefined }, 'side_missing', 'side', ['side'], ['"buy"', '"sell"']],
    ['no quantity', { quantity: undefined }, 'quantity_missing', 'quantity', ['quantity'], ['decimal']],
    [
      'a quantity off the lot',
      { quantity: '1.55' },
      'quantity_not_lot_multiple',
      'quantity',
      ['1.55', '0.1', SPOT.instrument],
      ['1.5', '1.6'],
    ],
    [
      'a quantity under one lot',
      { quantity: '0.05' },
      'quantity_not_lot_multiple',
      'quantity',
      ['0.05', '0.1'],
      ['0.1'],
    ],
    [
      'a quantity finer than any increment',
      { quantity: '0.123456789' },
      'quantity_not_lot_multiple',
      'quantity',
      ['0.123456789', '0.1'],
      ['0.1', '0.2'],
    ],
    [
      'a quantity of zero',
      { quantity: '0.000' },
      'quantity_not_positive',
      'quantity',
      ['0.000', 'above zero'],
      ['0.1'],
    ],
    ['a negative quantity', { quantity: '-1.5' }, 'quantity_not_positive', 'quantity', ['-1.5', 'above zero'], ['0.1']],
    [
      'a quantity below the minimum',
      { quantity: '0.1' },
      'quantity_below_minimum',
      'quantity',
      ['0.1', '0.2'],
      ['0.2'],
    ],
    [
      'a quantity that is absurdly large',
      { quantity: `9${'0'.repeat(60)}` },
      'quantity_too_large',
      'quantity',
      ['9000', String(MOST_STEPS)],
      ['100000000000'],
    ],
    [
      'a quantity of one lot too many',
      { quantity: '100000000000.1' },
      'quantity_too_large',
      'quantity',
      ['100000000000.1'],
      ['100000000000'],
    ],
    [
      'a quantity that is absurdly precise',
      { quantity: `1.${'0'.repeat(40)}1` },
      'quantity_too_precise',
      'quantity',
      ['1.000', 'digits'],
      ['0.1'],
    ],
    ['a quantity with an exponent', { quantity: '1e3' }, 'quantity_invalid', 'quantity', ['"1e3"'], ['0.1']],
    ['a quantity that is no number', { quantity: 'all' }, 'quantity_invalid', 'quantity', ['"all"'], ['0.1']],
    [
      'a limit off the tick',
      { limitPrice: '100.25' },
      'limit_price_not_tick_multiple',
      'limitPrice',
      ['100.25', '0.5'],
      ['100', '100.5'],
    ],
    [
      'a limit under one tick',
      { limitPrice: '0.25' },
      'limit_price_not_tick_multiple',
      'limitPrice',
      ['0.25'],
      ['0.5'],
    ],
    ['a limit of zero', { limitPrice: '0' }, 'limit_price_not_positive', 'limitPrice', ['0'], ['0.5']],
    ['a negative limit', { limitPrice: '-100' }, 'limit_price_not_positive', 'limitPrice', ['-100'], ['0.5']],
    [
      'a limit that is absurdly large',
      { limitPrice: '9'.repeat(30) },
      'limit_price_too_large',
      'limitPrice',
      ['999'],
      ['500000000000'],
    ],
    ['a limit that is no number', { limitPrice: 'market' }, 'limit_price_invalid', 'limitPrice', ['"market"'], ['0.5']],
    ['a spread of no ticks', { maxSpreadTicks: 0 }, 'max_spread_invalid', 'maxSpreadTicks', ['0'], ['1']],
    ['half a tick of spread', { maxSpreadTicks: 1.5 }, 'max_spread_invalid', 'maxSpreadTicks', ['1.5'], ['1']],
    ['no window', { duration: undefined }, 'window_missing', 'duration', ['ends'], ['duration', 'endTime']],
    [
      'an interval and no window',
      { duration: undefined, sliceInterval: '5s' },
      'window_missing',
      'duration',
      ['ends'],
      ['sliceQuantity'],
    ],
    [
      'a number of slices with an interval and no window',
      { duration: undefined, sliceInterval: '5s', slices: 3 },
      'window_missing',
      'duration',
      ['ends'],
      ['sliceQuantity'],
    ],
    ['two ends', { endTime: '2024-01-01T00:01:00Z' }, 'overdetermined', 'endTime', ['endTime', 'duration'], ['one']],
    [
      'an interval beside a number of slices',
      { sliceInterval: '5s', slices: 3 },
      'overdetermined',
      'sliceInterval',
      ['at most one'],
      ['others'],
    ],
    [
      'an interval beside a slice quantity in a window',
      { sliceInterval: '5s', sliceQuantity: '0.5' },
      'overdetermined',
      'sliceInterval',
      ['at most one'],
      ['others'],
    ],
    [
      'a number of slices beside a slice quantity',
      { slices: 3, sliceQuantity: '0.5' },
      'overdetermined',
      'slices',
      ['at most one'],
      ['others'],
    ],
    [
      'all three without a window',
      { duration: undefined, sliceInterval: '5s', sliceQuantity: '0.5', slices: 3 },
      'overdetermined',
      'slices',
      ['slices'],
      ['slices'],
    ],
    ['no slices', { slices: 0 }, 'slices_invalid', 'slices', ['0'], ['1', '100000']],
    ['half a slice', { slices: 2.5 }, 'slices_invalid', 'slices', ['2.5'], ['whole']],
    ['too many slices', { slices: 100_001 }, 'too_many_slices', 'slices', ['100000'], ['fewer']],
    ['too short an interval', { sliceInterval: '599us' }, 'too_many_slices', 'sliceInterval', ['100000'], ['fewer']],
    [
      'too small a slice',
      { quantity: '10000.2', sliceQuantity: '0.1' },
      'too_many_slices',
      'sliceQuantity',
      ['100000'],
      ['fewer'],
    ],
    [
      'slices that go on for years',
      { duration: undefined, sliceInterval: '100d', sliceQuantity: '0.1' },
      'window_too_long',
      'sliceInterval',
      ['366d'],
      ['shorter', 'larger'],
    ],
    [
      'a slice quantity off the lot',
      { sliceQuantity: '0.15' },
      'slice_quantity_not_lot_multiple',
      'sliceQuantity',
      ['0.15'],
      ['0.1', '0.2'],
    ],
    [
      'a slice quantity of zero',
      { sliceQuantity: '0' },
      'slice_quantity_not_positive',
      'sliceQuantity',
      ['0'],
      ['0.1'],
    ],
    ['a duration of zero', { duration: '0s' }, 'duration_not_positive', 'duration', ['0s'], ['longer']],
    ['a duration that is none', { duration: '5 minutes' }, 'duration_invalid', 'duration', ['"5 minutes"'], ['90s']],
    ['a negative duration', { duration: '-5m' }, 'duration_invalid', 'duration', ['"-5m"'], ['90s']],
    ['a duration of over a year', { duration: '366d1us' }, 'duration_too_long', 'duration', ['366d1us'], ['366d']],
    [
      'an interval of zero',
      { sliceInterval: '0ms' },
      'slice_interval_not_positive',
      'sliceInterval',
      ['0ms'],
      ['longer'],
    ],
    [
      'an interval that is none',
      { sliceInterval: 'often' },
      'slice_interval_invalid',
      'sliceInterval',
      ['"often"'],
      ['90s'],
    ],
    [
      'an end that is no instant',
      { duration: undefined, endTime: 'tomorrow' },
      'end_time_invalid',
      'endTime',
      ['"tomorrow"'],
      ['2024-08-08T23:59:00Z'],
    ],
    [
      'an end without an offset',
      { duration: undefined, endTime: '2024-01-01T00:01:00' },
      'end_time_invalid',
      'endTime',
      ['2024-01-01T00:01:00'],
      ['Z'],
    ],
    [
      'an end that is past',
      { duration: undefined, endTime: '2023-12-31T23:59:59Z' },
      'window_over',
      'endTime',
      ['2023-12-31T23:59:59Z', '2024-01-01T00:00:00Z'],
      ['later'],
    ],
    [
      'an end that is now',
      { duration: undefined, endTime: '2024-01-01T00:00:00Z' },
      'window_over',
      'endTime',
      ['2024-01-01T00:00:00Z'],
      ['later'],
    ],
    [
      'an end before the start',
      { duration: undefined, endTime: '2024-01-01T00:04:00Z', startTime: '+5m' },
      'window_over',
      'endTime',
      ['00:04:00Z', '00:05:00Z'],
      ['later'],
    ],
    [
      'an end in ten years',
      { duration: undefined, endTime: '2034-01-01T00:00:00Z' },
      'end_time_too_far',
      'endTime',
      ['2034-01-01T00:00:00Z', 'year'],
      ['earlier'],
    ],
    [
      'a start that is past',
      { startTime: '2023-12-31T23:59:59.999999Z' },
      'start_time_past',
      'startTime',
      ['23:59:59.999999Z', '2024-01-01T00:00:00Z'],
      ['leave startTime out'],
    ],
    [
      'a start in ten years',
      { startTime: '2034-01-01T00:00:00Z' },
      'start_time_too_far',
      'startTime',
      ['2034', 'year'],
      ['earlier'],
    ],
    [
      'a start that is no instant',
      { startTime: 'soon' },
      'start_time_invalid',
      'startTime',
      ['"soon"'],
      ['+5m', 'manual'],
    ],
    ['a delay that is none', { startTime: '+5' }, 'start_time_invalid', 'startTime', ['"+5"'], ['+5m']],
    ['a delay of over a year', { startTime: '+400d' }, 'start_time_invalid', 'startTime', ['"+400d"'], ['+5m']],
  ];
  for (const [what, changes, code, key, said, mend] of refusals)
    it(`refuse ${what}`, () => {
      const refusal = read(changes) as Refusal;
      expect(refusal).to.include({ code, where: `/${key}` });
      for (const piece of said) expect(refusal.what).to.include(piece);
      for (const piece of mend) expect(refusal.mend).to.include(piece);
    });

  it('say everything that is wrong, each thing once, and the first one first', () => {
    const wrong = { side: undefined, quantity: '1.55', limitPrice: '0', aggressionFloor: '101', aggressionCap: '5' };
    const asked = askedOf(
      { ...order, ...wrong, slices: 3, sliceInterval: '0s' } as unknown as TwapParameters,
      T0,
      instrument,
    );
    expect(refusalsOf(asked).map(({ code, where }) => [code, where])).to.deep.equal([
      ['side_missing', '/side'],
      ['quantity_not_lot_multiple', '/quantity'],
      ['limit_price_not_positive', '/limitPrice'],
      ['aggression_floor_out_of_range', '/aggressionFloor'],
      ['overdetermined', '/sliceInterval'],
    ]);
    expect(readTerms(asked.parameters, instrument, T0)).to.deep.equal(refusalsOf(asked)[0]);
  });
  it('say what they can of an order for an instrument that nobody knows', () => {
    const asked = askedOf({ ...order, quantity: '1.55', slices: 0, randomizeTime: '1' }, T0, undefined);
    expect(refusalsOf(asked).map(({ where }) => where)).to.deep.equal(['/randomizeTime', '/slices']);
  });

  it('know when an order starts by itself', () => {
    expect(terms({}).startAt).to.equal(T0);
    expect(terms({ startTime: '+5m' }).startAt).to.equal(at(300));
    expect(terms({ startTime: '+0s' }).startAt).to.equal(T0);
    expect(terms({ startTime: '2024-01-01T00:00:00Z' }).startAt).to.equal(T0);
    expect(terms({ startTime: '2024-01-01T01:00:30+01:00' }).startAt).to.equal(at(30));
    expect(terms({ startTime: 'manual' }).startAt).to.equal(undefined);
  });
  it('take the widest values that are allowed', () => {
    terms({ quantity: '100000000000', duration: '366d', slices: 100_000 });
    terms({ sliceInterval: '600us' });
    terms({ limitPrice: '500000000000' });
  });
  it('do not depend on how finely the instrument is counted at present', () => {
    const coarse = countInstrument({ ...SPOT, minQuantity: '0.2' });
    for (const quantity of ['100000000000', '100000000000.1', '0.05', '1.55', '99999999999999999', '0.1234567890123']) {
      const [fine, rough] = [lots(quantity, 'quantity', instrument), lots(quantity, 'quantity', coarse)];
      expect(typeof fine === 'number' ? fine / instrument.lotLots : fine).to.deep.equal(
        typeof rough === 'number' ? rough / coarse.lotLots : rough,
      );
    }
  });
  it('quote no page of text back', () => {
    const refusal = lots('x'.repeat(1000), 'quantity', instrument) as Refusal;
    expect(refusal.what.length).to.be.lessThan(100);
    expect((ticks('1'.repeat(1000), 'limitPrice', instrument) as Refusal).what.length).to.be.lessThan(120);
    expect((span('1'.repeat(1000), 'duration') as Refusal).what.length).to.be.lessThan(100);
  });

  it('take an order id of 1 to 64 plain characters', () => {
    for (const id of ['a', 'A-z_0.9', 'x'.repeat(64)]) expect(orderIdRefusal(id)).to.equal(undefined);
    for (const id of ['', 'x'.repeat(65), 'a b', 'a/b', 'ä', 'a\n'])
      expect(orderIdRefusal(id)).to.include({ code: 'order_id_invalid', where: '/orderId' });
    expect(orderIdRefusal('a b')!.what).to.include('"a b"');
    expect(orderIdRefusal('a b')!.mend).to.include('64');
  });
});
