type Schema = Readonly<Record<string, unknown>>;

const said = (description: string): Schema => ({
  type: ['string', 'null'],
  pattern: '^-?[0-9]+(\\.[0-9]+)?$',
  description,
});
const every = (names: readonly string[], schemaOf: (name: string) => Schema): Readonly<Record<string, Schema>> =>
  Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

const PARTS = ['shortfall', 'delay', 'timing', 'latency', 'spread', 'fees', 'unfilled'];
const BENCHMARKS = ['twapPrice', 'midTimeWeighted', 'vwap'];
const benchmarks = {
  ...every(BENCHMARKS, () => said('A price, 8 places.')),
  ...every(
    BENCHMARKS.map((name) => `${name}Bps`),
    () => said('The average price against it; a cost when positive.'),
  ),
};

/** What an execution cost: plain decimal text, null where there is none (docs/costs.md). */
export const COSTS: Schema = object({
  arrivalPrice: said('Mid when the order was accepted.'),
  startPrice: said('Mid when it first started.'),
  endPrice: said("Mid at the planned window's end; the last one so far while that is to come."),
  slippageBps: said('Average price against arrival, before fees; a cost when positive.'),
  ...every(PARTS, () => said('In the settlement currency, 12 places; a cost when positive.')),
  ...every(
    PARTS.map((name) => `${name}Bps`),
    () => said('In basis points of quantity x arrival price.'),
  ),
  costAllIn: said("Shortfall in basis points with the rest bought at the window's end, taker fee included."),
  ...benchmarks,
  untilLastFill: { anyOf: [object(benchmarks), { type: 'null' }], description: 'The same over start to last fill.' },
  makerShare: said('Of the filled quantity.'),
  participation: said("Filled over the market's volume in the same window."),
  scheduleErrorMean: said('As a share of the quantity.'),
  scheduleErrorWorst: said('As a share of the quantity.'),
  markouts: object(every(['1s', '5s', '30s', '60s'], () => said('In basis points; a cost when positive.'))),
  untrustedSeconds: said('Within the planned window so far.'),
  completion: said('Filled over quantity.'),
  flags: { type: 'array', items: { type: 'string' }, description: 'What a reader must know; stable words.' },
});
