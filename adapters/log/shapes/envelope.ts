import { PARTS } from './parts.js';
import { count, instant, type Schema } from './schema.js';
import type { Catalogue, Shape } from './shape.js';

/** What stands around the data of every event. */
export const ENVELOPE = {
  at: instant(
    'For an input the instant at which it was received, for an outcome the time of the engine when it happened.',
  ),
  seq: count('Of an input: its place in the one order of all inputs, without gaps.', 1),
  n: count('Of an outcome: its place in the one order of all outcomes, without gaps.', 1),
  cause: count('Of an outcome: seq of the input that brought it about; for a timer, of the input that set it.'),
} as const;

/** All events as one document of JSON Schema: `#/$defs/<type>` is the schema of a whole event. */
export function eventSchemas({ inputs, outcomes, bookkeeping }: Catalogue): Schema {
  const { at, seq, n, cause } = ENVELOPE;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events of a Reprise log',
    $defs: {
      ...each(inputs, { at, seq }),
      ...each(outcomes, { at, n, cause }),
      ...each(bookkeeping, { at }),
      ...PARTS,
    },
  };
}

function each(
  shapes: Readonly<Record<string, Shape>>,
  around: Readonly<Record<string, Schema>>,
): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(shapes).map(([type, shape]) => [type, whole(type, shape, around)]));
}

function whole(type: string, { version, meaning, data }: Shape, around: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    description: meaning,
    required: ['type', 'version', ...Object.keys(around), 'data'],
    properties: { type: { const: type }, version: { const: version }, ...around, data },
    additionalProperties: false,
  };
}
