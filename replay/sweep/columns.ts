import type { Column, ColumnType } from '../../adapters/results/columns.js';
import { PARAMETER_KEYS, type TwapParameters } from '../../core/orders/parameters.js';

type Named = readonly (readonly [name: string, type: ColumnType])[];

/** Which desk a row is of. */
const DESK = [
  ['session', 'text'],
  ['part', 'text'],
  ['set', 'count'],
  ['start', 'instant'],
  ['seed', 'count'],
  ['orderId', 'text'],
  ['baseline', 'flag'],
  ['assume', 'text'],
  ['venueLatency', 'text'],
  ['makerFee', 'decimal'],
  ['takerFee', 'decimal'],
  ['takeSlack', 'count'],
  ['allowPartialBook', 'flag'],
  ['quantityShare', 'text'],
] as const satisfies Named;

const PARAMETER_TYPES: Readonly<Partial<Record<keyof TwapParameters, ColumnType>>> = {
  quantity: 'decimal',
  targetPosition: 'decimal',
  slices: 'count',
  sliceQuantity: 'decimal',
  limitPrice: 'decimal',
  maxSpreadTicks: 'count',
  maxDisplayQuantity: 'decimal',
  maxParticipation: 'measure',
  aggressionFloor: 'measure',
  aggressionCap: 'measure',
  guaranteed: 'flag',
  randomizeSize: 'measure',
  randomizeTime: 'measure',
};

/** What became of the order. */
const ORDER = [
  ['state', 'text'],
  ['reason', 'text'],
  ['invalid', 'text'],
  ['filled', 'decimal'],
  ['leaves', 'decimal'],
  ['averagePrice', 'decimal'],
  ['averagePriceHarmonic', 'decimal'],
  ['notional', 'decimal'],
  ['feeCurrency', 'text'],
  ['fills', 'count'],
  ['slicesReleased', 'count'],
  ['slicesSkipped', 'count'],
  ['settled', 'flag'],
  ['startedAt', 'text'],
  ['windowFrom', 'text'],
  ['windowTo', 'text'],
  ['endedAt', 'text'],
  ['trust', 'text'],
  ['rules', 'text'],
  ['outcomes', 'count'],
] as const satisfies Named;

const PARTS = ['shortfall', 'delay', 'timing', 'latency', 'spread', 'fees', 'unfilled'] as const;
const BENCHMARKS = ['twapPrice', 'midTimeWeighted', 'vwap'] as const;
export const HORIZONS = ['1s', '5s', '30s', '60s'] as const;

/** Costs that stand at the top of an order's `costs`, under the same names. */
const COSTS: Named = [
  ['arrivalPrice', 'decimal'],
  ['startPrice', 'decimal'],
  ['endPrice', 'decimal'],
  ['slippageBps', 'measure'],
  ...PARTS.map((part) => [part, 'decimal'] as const),
  ...PARTS.map((part) => [`${part}Bps`, 'measure'] as const),
  ['costAllIn', 'measure'],
  ...BENCHMARKS.map((name) => [name, 'decimal'] as const),
  ...BENCHMARKS.map((name) => [`${name}Bps`, 'measure'] as const),
  ['makerShare', 'measure'],
  ['participation', 'measure'],
  ['scheduleErrorMean', 'measure'],
  ['scheduleErrorWorst', 'measure'],
  ['untrustedSeconds', 'measure'],
  ['completion', 'measure'],
];

/** Costs that `costs` holds one level deeper. */
const UNTIL_LAST_FILL: Named = [
  ...BENCHMARKS.map((name) => [`untilLastFill.${name}`, 'decimal'] as const),
  ...BENCHMARKS.map((name) => [`untilLastFill.${name}Bps`, 'measure'] as const),
];
const MARKOUTS: Named = HORIZONS.map((horizon) => [`markouts.${horizon}`, 'measure'] as const);

const JUDGED = [
  ['flags', 'text'],
  ['cut', 'flag'],
  ['incomplete', 'flag'],
] as const satisfies Named;

const asColumns = (named: Named): Column[] => named.map(([name, type]) => ({ name, type }));

export const PARAMETER_COLUMNS: readonly Column[] = PARAMETER_KEYS.map((name) => ({
  name,
  type: PARAMETER_TYPES[name] ?? 'text',
}));
export const ORDER_COLUMNS: readonly Column[] = asColumns(ORDER);
export const COST_COLUMNS: readonly Column[] = asColumns(COSTS);
export const NESTED_COLUMNS: readonly Column[] = asColumns([...UNTIL_LAST_FILL, ...MARKOUTS]);

/** Every column of `results.arrow` and `results.csv`, in their order (docs/sweep.md). */
export const COLUMNS: readonly Column[] = [
  ...asColumns(DESK),
  ...PARAMETER_COLUMNS,
  ...ORDER_COLUMNS,
  ...COST_COLUMNS,
  ...NESTED_COLUMNS,
  ...asColumns(JUDGED),
];

export const columnIndex = (name: string): number => COLUMNS.findIndex((column) => column.name === name);
