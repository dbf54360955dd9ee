import type { Cell, Column, Row } from '../../adapters/results/columns.js';
import type { ParameterSet } from '../../adapters/requests/grid-file.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { formatDuration } from '../../core/time.js';
import { COST_COLUMNS, NESTED_COLUMNS, ORDER_COLUMNS, PARAMETER_COLUMNS } from './columns.js';
import type { DeskPlan, DeskResult } from './desks.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a row says of its desk that the desk itself does not know. */
export interface RowOrigin {
  readonly session: string;
  readonly part: 'train' | 'test' | '';
  readonly definition: InstrumentDefinition;
  readonly isBaseline: boolean;
  /** The set as the grid has it, a quantity perhaps as a share. */
  readonly asked: ParameterSet;
}

/** A desk's result as a row of `COLUMNS`. */
export function rowOf(plan: DeskPlan, { order, outcomes }: DeskResult, origin: RowOrigin): Row {
  const { venue, parameters } = plan;
  const fees = venue.fees ?? origin.definition.fees;
  const { quantity: asked } = origin.asked;
  const costs = (order['costs'] ?? undefined) as Fields | undefined;
  const flags = (costs?.['flags'] ?? []) as readonly string[];
  return [
    origin.session,
    origin.part === '' ? null : origin.part,
    plan.set,
    plan.at,
    plan.seed,
    plan.orderId,
    origin.isBaseline,
    venue.assume,
    formatDuration(venue.latency),
    fees.maker,
    fees.taker,
    venue.takeSlack,
    venue.allowPartialBook,
    typeof asked === 'string' && asked.endsWith('%') ? asked : null,
    ...PARAMETER_COLUMNS.map(({ name }) => parameterCell(name, parameters as unknown as Fields, order)),
    ...ORDER_COLUMNS.map(({ name }) => orderCell(name, order, outcomes)),
    ...COST_COLUMNS.map(({ name }) => cellOf(costs?.[name])),
    ...NESTED_COLUMNS.map((column) => nestedCell(column, costs)),
    costs === undefined ? null : flags.join(' '),
    flags.includes('window_cut'),
    flags.includes('incomplete'),
  ];
}

/** Side and quantity of a target position follow from the order, not from its parameters. */
function parameterCell(name: string, parameters: Fields, order: Fields): Cell {
  return cellOf(name === 'side' || name === 'quantity' ? order[name] : parameters[name]);
}

function orderCell(name: string, order: Fields, outcomes: number): Cell {
  const slices = order['slices'] as Fields;
  const window = (order['window'] ?? undefined) as Fields | undefined;
  switch (name) {
    case 'slicesReleased':
      return cellOf(slices['released']);
    case 'slicesSkipped':
      return cellOf(slices['skipped']);
    case 'windowFrom':
      return cellOf(window?.['from']);
    case 'windowTo':
      return cellOf(window?.['to']);
    case 'outcomes':
      return outcomes;
    default:
      return cellOf(order[name]);
  }
}

function nestedCell({ name }: Column, costs: Fields | undefined): Cell {
  const [group = '', key = ''] = name.split('.');
  return cellOf((costs?.[group] as Fields | null | undefined)?.[key]);
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
