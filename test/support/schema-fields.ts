import { PARTS } from '../../adapters/log/shapes/parts.js';
import type { Schema } from '../../adapters/log/shapes/schema.js';

/**
 * The fields that a value shows of a schema, as paths: `trades[].price`, `plan.carried.target`, `balances.*`. Without a value,
 * all that the schema has. Those of a part are the same wherever it stands: `Plan.carried.target`.
 */
export function fieldsOf(schema: Schema, value?: unknown, path = ''): string[] {
  const { $ref, anyOf, properties, items, additionalProperties } = schema as Parsed;
  if ($ref !== undefined) {
    const part = $ref.slice('#/$defs/'.length);
    return fieldsOf(PARTS[part]!, value, part);
  }
  if (anyOf !== undefined) return anyOf.flatMap((each) => fieldsOf(each, value, path));
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, of]) => {
      const inner = path === '' ? key : `${path}.${key}`;
      if (value === undefined) return [inner, ...fieldsOf(of, undefined, inner)];
      const member = (value as Readonly<Record<string, unknown>> | null)?.[key];
      return member === undefined ? [] : [inner, ...fieldsOf(of, member, inner)];
    });
  if (typeof items === 'object') return within(items, value as readonly unknown[] | undefined, `${path}[]`);
  if (typeof additionalProperties === 'object') {
    const values = value === undefined ? undefined : Object.values(value as object);
    return within(additionalProperties, values, `${path}.*`);
  }
  return [];
}

function within(schema: Schema, values: readonly unknown[] | undefined, path: string): string[] {
  if (values === undefined) return fieldsOf(schema, undefined, path);
  return values.flatMap((value) => fieldsOf(schema, value, path));
}

interface Parsed {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | false;
  readonly additionalProperties?: Schema | false;
}
