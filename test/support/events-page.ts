import { readFileSync, writeFileSync } from 'node:fs';
import { CATALOGUE } from '../../adapters/log/shapes/catalogue.js';
import { eventSchemas } from '../../adapters/log/shapes/envelope.js';
import { PARTS } from '../../adapters/log/shapes/parts.js';
import type { Schema } from '../../adapters/log/shapes/schema.js';
import type { Shape } from '../../adapters/log/shapes/shape.js';
import type { LogEvent } from '../../core/ports.js';
import { docsPage } from './fixtures.js';
import { shapesFiles } from './shape-fixtures.js';

const BEGIN = '<!-- made by `npm run docs` from the schemas: -->';
const END = '<!-- so far. -->';
/** A longer example teaches less. */
const LONGEST_EXAMPLE = 900;
const LONGEST_TEXT = 120;

/** docs/events.md as it should be: its prose as it stands, its reference from the schemas. */
export function eventsPage(): { readonly current: string; readonly should: string } {
  const current = readFileSync(docsPage('events.md'), 'utf8');
  const [begin, end] = [current.indexOf(BEGIN), current.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/events.md has lost the marks between which its reference stands');
  return { current, should: `${current.slice(0, begin)}${BEGIN}\n\n${reference()}\n${current.slice(end)}` };
}

/** docs/events.schema.json as it should be. */
export const eventsSchema = (): string => `${JSON.stringify(eventSchemas(CATALOGUE), null, 1)}\n`;

/** `npm run docs`. */
export function writeEventsPage(): void {
  writeFileSync(docsPage('events.md'), eventsPage().should);
  writeFileSync(docsPage('events.schema.json'), eventsSchema());
}

function reference(): string {
  const examples = exampleOfEach();
  const { inputs, outcomes, bookkeeping } = CATALOGUE;
  return [
    ...chapter('Inputs', inputs, examples),
    ...chapter('Outcomes', outcomes, examples),
    ...chapter('Bookkeeping', bookkeeping, examples),
    '## Parts\n\nObjects that stand in several events.\n',
    ...Object.entries(PARTS).map(([name, schema]) => `### ${name}\n\n${schema.description!}\n\n${table(schema)}`),
  ].join('\n');
}

function chapter(
  title: string,
  shapes: Readonly<Record<string, Shape>>,
  examples: ReadonlyMap<string, LogEvent>,
): string[] {
  return [`## ${title}\n`, ...Object.entries(shapes).map(([type, shape]) => section(type, shape, examples.get(type)!))];
}

function section(type: string, shape: Shape, example: LogEvent): string {
  const about = `Version ${shape.version}. Stream \`${shape.stream}\`.`;
  return `### ${type}\n\n${shape.meaning} ${about}\n\n${table(shape.data)}\n\`\`\`json\n${shown(example)}\n\`\`\`\n`;
}

function table(schema: Schema): string {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return isObject(schema) ? '`data` is `{}`.\n' : '';
  const more = schema['additionalProperties'] === false ? '' : '\nFurther fields may be there.\n';
  return `| field | type | | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n${more}`;
}

const isObject = (schema: Schema): boolean => schema['type'] === 'object';

/** A row for each field; those of an object that has no name of its own follow it. */
function rowsOf(schema: Schema, path: string): string[] {
  const { properties, required = [], items, anyOf } = schema as Parsed;
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, of]) => {
      const name = path === '' ? key : `${path}.${key}`;
      const presence = required.includes(key) ? '' : 'may be absent';
      return [`| \`${name}\` | ${of.title!} | ${presence} | ${of.description!} |`, ...rowsOf(of, name)];
    });
  if (typeof items === 'object' && path !== '') return rowsOf(items, `${path}[]`);
  return path === '' || anyOf === undefined ? [] : anyOf.flatMap((each) => rowsOf(each, path));
}

interface Parsed {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly anyOf?: readonly Schema[];
}

/** Of each type the event of the fixtures that shows most of its fields, of the newest version that has one. */
function exampleOfEach(): Map<string, LogEvent> {
  const best = new Map<string, { readonly name: string; readonly event: LogEvent; readonly worth: number }>();
  for (const { name, lines } of shapesFiles().reverse())
    for (const { event } of lines) {
      const known = best.get(event.type);
      const worth = worthOf(event);
      if (known === undefined || (known.name === name && worth > known.worth))
        best.set(event.type, { name, event, worth });
    }
  return new Map([...best].map(([type, { event }]) => [type, event]));
}

function worthOf({ data }: LogEvent): number {
  const { length } = JSON.stringify(data);
  const fields = Object.values(data as object).filter((value) => !Array.isArray(value) || value.length > 0).length;
  return length <= LONGEST_EXAMPLE ? 1_000 * fields - length : -length;
}

/** An event with a line for each field of its data. */
function shown({ data, ...around }: LogEvent): string {
  const inner = Object.entries(data as object).map(([key, value]) => `    ${JSON.stringify(key)}: ${spaced(value)}`);
  const body = inner.length === 0 ? '{}' : `{\n${inner.join(',\n')}\n  }`;
  const outer = Object.entries(around).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n  ${outer.join(', ')},\n  "data": ${body}\n}`;
}

function spaced(value: unknown): string {
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    return JSON.stringify(`${value.slice(0, LONGEST_TEXT)}…`);
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
