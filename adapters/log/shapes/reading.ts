import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { LogFailure, type LogEvent } from '../../../core/ports.js';
import { PARTS } from './parts.js';
import { PLAIN_DECIMAL, type Schema } from './schema.js';
import type { Catalogue, Shape } from './shape.js';

/** Makes events that were stored look as this version knows them, or refuses them. */
export interface ShapeReader {
  /** @throws {LogFailure} `foreign` for what is no input of this version */
  input<Event extends LogEvent>(event: Event): Event;
  /** @throws {LogFailure} `foreign` for what is no outcome of this version */
  outcome<Event extends LogEvent>(event: Event): Event;
  /** @throws {LogFailure} `foreign` for what is no bookkeeping of this version */
  bookkeeping<Event extends LogEvent>(event: Event): Event;
}

/** Reads by a catalogue: an event of an earlier version is checked as such and brought up to date version by version. */
export function shapeReader(catalogue: Catalogue): ShapeReader {
  const inputs = new Checks(catalogue.inputs);
  const outcomes = new Checks(catalogue.outcomes);
  const bookkeeping = new Checks(catalogue.bookkeeping);
  return {
    input: (event) => inputs.read(event),
    outcome: (event) => outcomes.read(event),
    bookkeeping: (event) => bookkeeping.read(event),
  };
}

/** Schemas of one kind of event; each is compiled when the first event of its type comes by. */
class Checks {
  readonly #ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    // the schemas are our own, and a test holds them to the rules of schemas: at every start that would take longer than all else
    meta: false,
    validateSchema: false,
    code: { regExp: quickly },
  });
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #newest = new Map<string, { readonly version: number; readonly check: ValidateFunction }>();

  constructor(shapes: Readonly<Record<string, Shape>>) {
    this.#shapes = new Map(Object.entries(shapes));
  }

  read<Event extends LogEvent>(event: Event): Event {
    const { type, version } = event;
    const newest = this.#newest.get(type) ?? this.#compiled(event);
    const current = version === newest.version ? event : this.#upcast(event, newest.version);
    if (!newest.check(current.data)) throw this.#malformed(event, newest.check);
    return current;
  }

  #compiled(event: LogEvent): { readonly version: number; readonly check: ValidateFunction } {
    const shape = this.#shapes.get(event.type);
    if (shape === undefined) throw unknown(event);
    const newest = { version: shape.version, check: this.#compile(shape.data) };
    this.#newest.set(event.type, newest);
    return newest;
  }

  #upcast<Event extends LogEvent>(event: Event, newest: number): Event {
    const { earlier = [] } = this.#shapes.get(event.type)!;
    const { version } = event;
    if (!Number.isInteger(version) || version < 1 || version > newest) throw unknown(event);
    let { data } = event;
    for (let from = version; from < newest; from++) {
      const shape = earlier[from - 1];
      if (shape === undefined) throw unknown(event);
      const check = this.#compile(shape.data);
      if (!check(data)) throw this.#malformed(event, check);
      data = shape.upcast(data);
    }
    return { ...event, version: newest, data };
  }

  /** Ajv keeps what it has compiled, by the schema itself. */
  #compile(schema: Schema): ValidateFunction {
    return this.#ajv.compile(standing(schema));
  }

  #malformed(event: LogEvent, { errors }: ValidateFunction): LogFailure {
    const why = this.#ajv.errorsText(errors, { dataVar: 'data' });
    return foreign(event, `${nameOf(event)}: ${event.type} does not look as it should: ${why}`);
  }
}

/** Every level of a book is looked at twice: plain decimals are read by hand, which takes a third of the time. */
const quickly = Object.assign(
  (pattern: string, flags: string) => (pattern === PLAIN_DECIMAL ? { test: isPlain } : new RegExp(pattern, flags)),
  { code: 'quickly' },
);

function isPlain(text: string): boolean {
  const last = text.length - 1;
  let points = 0;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    if (code === POINT && points === 0 && i > 0 && i < last) points = 1;
    else if (code < ZERO || code > NINE) return false;
  }
  return last >= 0;
}
const POINT = 46;
const ZERO = 48;
const NINE = 57;

const STANDING = new WeakMap<Schema, object>();
/** A schema that finds the parts it names. */
function standing(schema: Schema): object {
  let known = STANDING.get(schema);
  if (known === undefined) STANDING.set(schema, (known = { ...schema, $defs: PARTS }));
  return known;
}

function unknown(event: LogEvent): LogFailure {
  return foreign(
    event,
    `${nameOf(event)} is ${event.type} version ${event.version}, which this version does not know; ` +
      'use the version that wrote it, or a newer one',
  );
}

function nameOf({ seq, n }: LogEvent): string {
  if (seq !== undefined) return `input ${seq}`;
  return n === undefined ? 'an event without seq and n' : `outcome ${n}`;
}

const foreign = ({ seq }: LogEvent, message: string): LogFailure =>
  new LogFailure('foreign', message, seq === undefined ? {} : { seq });
