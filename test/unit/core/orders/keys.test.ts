import { expect } from 'chai';
import type { Refusal } from '../../../../core/errors.js';
import type { InstrumentDefinition } from '../../../../core/market/events.js';
import { countInstrument } from '../../../../core/market/instrument.js';
import type { TwapParameters } from '../../../../core/orders/parameters.js';
import { readTerms, type OrderTerms } from '../../../../core/orders/rules.js';
import { SPOT, T0 } from '../../../support/market.js';

// tick 0.5, lot 0.1, minimum 0.2; counted finer than the venue's own steps
const DEFINITION: InstrumentDefinition = { ...SPOT, minQuantity: '0.2' };
const order: TwapParameters = {
  instrument: SPOT.instrument,
  account: 'default',
  side: 'buy',
  quantity: '1.5',
  duration: '1m',
};

type Asked = Partial<Record<keyof TwapParameters, unknown>>;

function read(changes: Asked, definition = DEFINITION): OrderTerms | Refusal {
  const instrument = countInstrument(definition, { instrument: SPOT.instrument, priceScale: 3, sizeScale: 4 });
  const parameters = Object.entries({ ...order, ...changes }).filter(([, value]) => value !== undefined);
  return readTerms(Object.fromEntries(parameters) as unknown as TwapParameters, instrument, T0);
}

interface Bad {
  readonly what: string;
  readonly asked: Asked;
  readonly code: string;
  readonly key: keyof TwapParameters;
  /** Pieces of what is wrong, and of how to mend it. */
  readonly said: readonly string[];
  readonly mend: readonly string[];
}
const bad = (
  what: string,
  asked: Asked,
  code: string,
  key: keyof TwapParameters,
  said: string[],
  mend: string[],
): Bad => ({ what, asked, code, key, said, mend });

const refuses = (cases: readonly Bad[]): void => {
  for (const { what, asked, code, key, said, mend } of cases)
    it(`refuses ${what}`, () => {
      const refusal = read(asked) as Refusal;
      expect(refusal).to.include({ code, where: `/${key}` });
      for (const piece of said) expect(refusal.what).to.include(piece);
      for (const piece of mend) expect(refusal.mend).to.include(piece);
    });
};
const accepts = (cases: readonly Asked[]): void => {
  for (const asked of cases)
    it(`takes ${JSON.stringify(asked)}`, () => expect(read(asked)).to.not.have.property('code'));
};

describe('a target position', () => {
  const to = (targetPosition: string, more: Asked = {}): Asked => ({
    side: undefined,
    quantity: undefined,
    targetPosition,
    ...more,
  });
  accepts([to('0'), to('-0'), to('1.5'), to('-1.5'), to('0.1'), to('-100000000000')]);
  it('is counted when it starts, not before', () => {
    expect(read(to('-1.5'))).to.deep.include({ side: undefined, quantityLots: 0 });
  });
  refuses([
    bad('it beside a side', to('1', { side: 'sell' }), 'side_not_allowed', 'side', ['"sell"'], ['leave side out']),
    bad(
      'it beside a quantity',
      { side: undefined, targetPosition: '1' },
      'overdetermined',
      'targetPosition',
      ['quantity and targetPosition'],
      ['one'],
    ),
    bad('neither', { quantity: undefined }, 'quantity_missing', 'quantity', ['no quantity'], ['targetPosition']),
    bad(
      'one off the lot',
      to('-1.55'),
      'target_position_not_lot_multiple',
      'targetPosition',
      ['-1.55', '0.1'],
      ['-1.5', '-1.6'],
    ),
    bad('one under a lot', to('0.05'), 'target_position_not_lot_multiple', 'targetPosition', ['0.05'], ['0.1']),
    bad(
      'one too far away',
      to('-100000000000.1'),
      'target_position_too_large',
      'targetPosition',
      ['-100000000000.1', '1000000000000'],
      ['-100000000000'],
    ),
    bad(
      'one with a page of digits',
      to('9'.repeat(50)),
      'target_position_too_large',
      'targetPosition',
      ['999'],
      ['100000000000'],
    ),
    bad('one too precise', to(`-1.${'0'.repeat(40)}1`), 'target_position_too_precise', 'targetPosition', ['-1.0'], []),
    bad('two signs', to('--1'), 'target_position_invalid', 'targetPosition', ['"--1"'], ['0.1']),
    bad('no number', to('flat'), 'target_position_invalid', 'targetPosition', ['"flat"'], ['0.1']),
  ]);
});

describe('floor and cap', () => {
  accepts([
    { aggressionFloor: '0', aggressionCap: '0.00' },
    { aggressionFloor: '100', aggressionCap: '100' },
    { aggressionFloor: '0.000001' },
    { aggressionFloor: '12.5000000000', aggressionCap: '0' },
    { aggressionFloor: '20', aggressionCap: '10', guaranteed: true, quote: 'inside' },
    { guaranteed: true },
  ]);
  const [floor, cap] = ['aggressionFloor', 'aggressionCap'] as const;
  refuses([
    bad(
      'a floor above 100',
      { [floor]: '100.000001' },
      'aggression_floor_out_of_range',
      floor,
      ['100.000001'],
      ['100'],
    ),
    bad('a negative floor', { [floor]: '-0.1' }, 'aggression_floor_out_of_range', floor, ['-0.1'], ['from 0']),
    bad('a floor that is no number', { [floor]: '20%' }, 'aggression_floor_invalid', floor, ['"20%"'], ['decimal']),
    bad(
      'a floor of seven places',
      { [floor]: '1.0000001' },
      'aggression_floor_too_precise',
      floor,
      ['1.0000001', '7 decimal places'],
      ['6 places'],
    ),
    bad('a cap above 100', { [floor]: '9', [cap]: '101' }, 'aggression_cap_out_of_range', cap, ['101'], ['100']),
    bad('a negative cap', { [cap]: '-1' }, 'aggression_cap_out_of_range', cap, ['-1'], ['from 0']),
    bad('a cap that is no number', { [cap]: '.5' }, 'aggression_cap_invalid', cap, ['".5"'], ['decimal']),
    bad(
      'a cap above its floor',
      { [floor]: '10', [cap]: '10.000001' },
      'aggression_cap_above_floor',
      cap,
      ['10.000001', 'floor of 10'],
      ['10 or less'],
    ),
    bad('a cap without a floor', { [cap]: '5' }, 'aggression_cap_above_floor', cap, ['5', 'floor of 0'], ['floor']),
  ]);
});

describe('catching up', () => {
  accepts([
    { catchUp: 'none' },
    { catchUp: 'none', aggressionFloor: '0.0' },
    { catchUp: 'next', aggressionFloor: '5' },
    { catchUp: 'spread', guaranteed: true },
  ]);
  refuses([
    bad(
      'to leave slices out beside a floor',
      { catchUp: 'none', aggressionFloor: '5' },
      'catch_up_none_needs_taker',
      'catchUp',
      ['floor of 5'],
      ['aggressionFloor 0'],
    ),
    bad(
      'to leave slices out of what is guaranteed',
      { catchUp: 'none', guaranteed: true },
      'catch_up_none_needs_taker',
      'catchUp',
      ['guaranteed'],
      ['guaranteed'],
    ),
  ]);
});

describe('what may show', () => {
  const key = 'maxDisplayQuantity';
  accepts([{ [key]: '0.2' }, { [key]: '1000' }]);
  refuses([
    bad('a display off the lot', { [key]: '0.25' }, 'max_display_quantity_not_lot_multiple', key, ['0.25'], ['0.3']),
    bad('a display of nothing', { [key]: '0' }, 'max_display_quantity_not_positive', key, ['0'], ['0.1']),
    bad(
      'a display below the minimum',
      { [key]: '0.1' },
      'max_display_quantity_below_minimum',
      key,
      ['0.1', '0.2', SPOT.instrument],
      ['0.2'],
    ),
  ]);
});

describe('participation', () => {
  const key = 'maxParticipation';
  accepts([{ [key]: '1' }, { [key]: '0.000001' }, { [key]: '0.25' }]);
  refuses([
    bad('a share of nothing', { [key]: '0' }, 'max_participation_out_of_range', key, ['0'], ['above 0']),
    bad('a share of more than all', { [key]: '1.000001' }, 'max_participation_out_of_range', key, ['1.000001'], ['1']),
    bad('a negative share', { [key]: '-0.5' }, 'max_participation_out_of_range', key, ['-0.5'], ['above 0']),
    bad('a share that is no number', { [key]: 'half' }, 'max_participation_invalid', key, ['"half"'], ['decimal']),
    bad('a share of seven places', { [key]: '0.1234567' }, 'max_participation_too_precise', key, ['7'], ['6 places']),
  ]);
  it('is refused where no trades are received', () => {
    const refusal = read({ [key]: '0.1' }, { ...DEFINITION, noTrades: true }) as Refusal;
    expect(refusal).to.include({ code: 'no_trade_feed', where: '/maxParticipation' });
    expect(refusal.what).to.include(SPOT.instrument).and.include('0.1');
    expect(read({}, { ...DEFINITION, noTrades: true })).to.not.have.property('code');
  });
});

describe('the interval between two quotes', () => {
  const key = 'requoteInterval';
  accepts([{ [key]: '1ms' }, { [key]: '1d' }, { [key]: '1s' }]);
  refuses([
    bad('none', { [key]: '0s' }, 'requote_interval_not_positive', key, ['0s'], ['longer']),
    bad('one under a millisecond', { [key]: '999us' }, 'requote_interval_too_short', key, ['999us', '1ms'], ['1ms']),
    bad('one over a day', { [key]: '1d1us' }, 'requote_interval_too_long', key, ['1d1us', '1d'], ['1d']),
    bad('one that is no duration', { [key]: 'often' }, 'requote_interval_invalid', key, ['"often"'], ['90s']),
  ]);
});

describe('randomising', () => {
  accepts([
    { randomizeSize: '0', randomizeTime: '0.0' },
    { randomizeSize: '0.999999', randomizeTime: '0.999999' },
    { randomizeSize: '0.5' },
  ]);
  for (const [key, name] of [
    ['randomizeSize', 'randomize_size'],
    ['randomizeTime', 'randomize_time'],
  ] as const)
    refuses([
      bad(`the whole of a slice (${key})`, { [key]: '1' }, `${name}_out_of_range`, key, ['1'], ['below 1']),
      bad(`less than nothing (${key})`, { [key]: '-0.1' }, `${name}_out_of_range`, key, ['-0.1'], ['from 0']),
      bad(`seven places (${key})`, { [key]: '0.0000001' }, `${name}_too_precise`, key, ['7'], ['6 places']),
      bad(`what is no number (${key})`, { [key]: '1e-1' }, `${name}_invalid`, key, ['"1e-1"'], ['decimal']),
    ]);
});

describe('after the window', () => {
  accepts([{ afterWindow: 'quote', aggressionFloor: '100' }, { afterWindow: 'quote' }, { afterWindow: 'stop' }]);
});
