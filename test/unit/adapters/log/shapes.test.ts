import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { CATALOGUE } from '../../../../adapters/log/shapes/catalogue.js';
import { eventSchemas } from '../../../../adapters/log/shapes/envelope.js';
import type { Schema } from '../../../../adapters/log/shapes/schema.js';
import type { Shape } from '../../../../adapters/log/shapes/shape.js';
import { DEFAULT_LOG_NAME, streamOfInput } from '../../../../adapters/log/streams.js';
import { Engine } from '../../../../core/engine/engine.js';
import type { Json } from '../../../../core/json.js';
import { LogFailure, type LogEvent } from '../../../../core/ports.js';
import { checkpoints, restoreCheckpoint } from '../../../../replay/checkpoints.js';
import type { StoredOutcome } from '../../../../replay/conclusions.js';
import { asBatch, foldForeign } from '../../../../replay/epochs.js';
import { logPages } from '../../../../replay/log-pages.js';
import { asDescribed } from '../../../support/described.js';
import { fixture, GOLDEN, SESSIONS } from '../../../support/fixtures.js';
import { logOfAllShapes } from '../../../support/make-shapes.js';
import { fieldsOf } from '../../../support/schema-fields.js';
import { logOfLines, shapesFiles } from '../../../support/shape-fixtures.js';

const files = shapesFiles();
const lines = files.flatMap((file) => file.lines);
const SHAPES: Readonly<Record<string, Shape>> = {
  ...CATALOGUE.inputs,
  ...CATALOGUE.outcomes,
  ...CATALOGUE.bookkeeping,
};

function refusalOf(event: LogEvent): LogFailure | undefined {
  try {
    asDescribed(event);
    return undefined;
  } catch (error) {
    return error as LogFailure;
  }
}

describe('every shape that ever was', () => {
  for (const { name, lines: of } of files)
    it(`is read, as ${name} has it`, () => {
      for (const { event } of of) expect(asDescribed(event)).to.include({ version: SHAPES[event.type]!.version });
    });

  for (const { name, lines: of } of files.filter(({ whole }) => whole))
    it(`folds, all of ${name}`, async () => {
      const log = await logOfLines(of);
      const engine = new Engine(() => undefined);
      for await (const { events } of logPages(log, DEFAULT_LOG_NAME)) engine.fold(asBatch(events));
      expect(engine.seq).to.equal(of.filter(({ event }) => event.seq !== undefined).length);
    });

  for (const { name, lines: of } of files.filter(({ whole }) => whole))
    it(`folds as it was stored, all of ${name}, and its checkpoint is restored`, async () => {
      const log = await logOfLines(of);
      const events: LogEvent[] = [];
      const outcomes: StoredOutcome[] = [];
      for await (const page of logPages(log, DEFAULT_LOG_NAME)) {
        events.push(...page.events);
        outcomes.push(...page.outcomes);
      }
      const engine = new Engine(() => undefined);
      foldForeign(engine, { own: false, version: '', events, outcomes });
      expect(engine.n).to.equal(outcomes.length);
      for await (const found of checkpoints(log, DEFAULT_LOG_NAME))
        expect(restoreCheckpoint(found, () => undefined).seq).to.equal(found.seq);
    });

  it('is refused with a sentence where it is folded as it was stored and is of a later version', async () => {
    const { lines: of } = files.find(({ whole }) => whole)!;
    for (const [how, sentence] of [
      [{ version: 2 }, 'OrderPaused version 2, which this version does not know'],
      [{ type: 'OrderSnoozed' }, 'OrderSnoozed version 1, which this version does not know'],
      [{ data: {} }, "must have required property 'orderId'"],
    ] as const) {
      const events: LogEvent[] = [];
      const outcomes: StoredOutcome[] = [];
      for await (const page of logPages(await logOfLines(of), DEFAULT_LOG_NAME)) {
        events.push(...page.events);
        outcomes.push(...page.outcomes.map((each) => (each.type === 'OrderPaused' ? { ...each, ...how } : each)));
      }
      const fold = (): void => foldForeign(new Engine(() => undefined), { own: false, version: '', events, outcomes });
      expect(fold).to.throw(LogFailure, sentence);
    }
  });

  it('stands in the fixtures, each in every version', () => {
    const there = new Set(lines.map(({ event }) => `${event.type} ${event.version}`));
    for (const [type, { version }] of Object.entries(SHAPES))
      for (let each = 1; each <= version; each++) expect(there).to.include(`${type} ${each}`);
  });

  it('stands there with every field that it may have', () => {
    // fields of a part are the same wherever the part stands
    const named = (type: string, field: string): string => (/^[A-Z]/.test(field) ? field : `${type}.${field}`);
    const there = new Set(
      lines.flatMap(({ event }) =>
        fieldsOf(SHAPES[event.type]!.data, event.data).map((each) => named(event.type, each)),
      ),
    );
    const known = Object.entries(SHAPES).flatMap(([type, { data }]) => fieldsOf(data).map((each) => named(type, each)));
    expect(known.filter((field) => !there.has(field))).to.deep.equal([]);
  });

  it('stands in the stream that its page says', () => {
    for (const { stream, event } of lines) {
      const pattern = SHAPES[event.type]!.stream.replace('<yyyymmddhh>', '\\d{10}')
        .replace('<yyyymmdd>', '\\d{8}')
        .replace(/<[^>]+>/g, '[^<>]+');
      expect(stream).to.match(new RegExp(`^${DEFAULT_LOG_NAME}(${pattern}|trust-engine)$`));
      if (event.seq !== undefined) expect(stream).to.equal(DEFAULT_LOG_NAME + streamOfInput(event));
    }
  });
});

describe('the schemas of events', () => {
  it('hold whatever the golden replays yield, and the inputs of every session', () => {
    const files = [
      ...GOLDEN.map(({ outcomes }) => outcomes),
      ...SESSIONS.map(({ name }) => fixture(`${name}/inputs.ndjson`)),
    ];
    let read = 0;
    for (const file of files)
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (line === '') continue;
        asDescribed(JSON.parse(line) as LogEvent);
        read++;
      }
    expect(read).to.be.greaterThan(100);
  });

  it('hold what this version writes', async () => {
    for (const { event } of await logOfAllShapes(17, 120)) asDescribed(event);
  });

  it('are schemas, and each field says what it is and what it means', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
    const all = eventSchemas(CATALOGUE);
    expect(ajv.validateSchema(all), ajv.errorsText()).to.equal(true);
    const look = (schema: Schema, path: string): void => {
      for (const [key, of] of Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>)) {
        const where = `${path}.${key}`;
        if (of['const'] === undefined && key !== 'data') expect(of, where).to.include.keys('title', 'description');
        look(of, where);
      }
      if (typeof schema['items'] === 'object') look(schema['items'] as Schema, `${path}[]`);
    };
    for (const [name, schema] of Object.entries(all['$defs'] as Readonly<Record<string, Schema>>)) look(schema, name);
  });

  it('refuse an event without one of the fields that it must have', () => {
    let refused = 0;
    for (const { event } of lines)
      for (const key of SHAPES[event.type]!.data['required'] as readonly string[]) {
        const { [key]: _, ...data } = event.data as Readonly<Record<string, Json>>;
        const refusal = refusalOf({ ...event, data });
        expect(refusal, `${event.type} without ${key}`).to.be.instanceOf(LogFailure);
        expect(refusal!.message).to.include(`must have required property '${key}'`);
        refused++;
      }
    expect(refused).to.be.greaterThan(1000);
  });

  it('refuse a field of a wrong kind', () => {
    for (const { event } of lines)
      for (const key of Object.keys(event.data as object)) {
        const data = { ...(event.data as object), [key]: key === 'rules' ? 7 : [[]] };
        expect(refusalOf({ ...event, data }), `${event.type}.${key}`).to.have.property('code', 'foreign');
      }
  });

  it('refuse a field that nobody knows, but where a file or a mapper may know more', () => {
    const open = new Set(['InstrumentDefined', 'FeedInterrupted', 'FeedResumed']);
    for (const { event } of lines) {
      const refusal = refusalOf({ ...event, data: { ...(event.data as object), more: 1 } });
      expect(refusal === undefined, event.type).to.equal(open.has(event.type));
    }
  });

  for (const bad of ['', '1e5', '-1', '.5', '5.', '1.2.3', '١', ' 1', '1,5'])
    it(`refuse ${JSON.stringify(bad)} as a price`, () => {
      const { event } = lines.find((line) => line.event.type === 'BookSnapshot')!;
      const refused = refusalOf({ ...event, data: { ...(event.data as object), bids: [[bad, '1']] } });
      expect(refused?.message).to.include('bids/0/0');
    });
});
