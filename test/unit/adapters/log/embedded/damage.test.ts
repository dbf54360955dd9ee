import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CheckItem } from '../../../../../adapters/log/embedded/check.js';
import type { EmbeddedLog } from '../../../../../adapters/log/embedded/log.js';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { LogFailure, type LogEvent, type StoredEvent } from '../../../../../core/ports.js';
import { recordsOf, withFlippedBit } from '../../../../support/damaged-folder.js';
import { appendOf, input, inputs, refusalOf } from '../../../../support/log-events.js';
import { logFolder } from '../../../../support/log-folder.js';
import { newSeed, seeded } from '../../../../support/seeded.js';

const BIG = 'reprise.market-a@b-2024080823';
const SMALL = 'reprise.order-1';

describe('damage in an embedded log', () => {
  const folder = logFolder();
  const sound = join(folder.path, 'sound');
  const spoiled = join(folder.path, 'spoiled');
  const expected: StoredEvent[] = [];
  let chunks: readonly Buffer[];
  before(async () => {
    const log = await openEmbeddedLog(sound);
    for (let seq = 1; seq <= 600; seq += 60)
      await log.append([
        appendOf(
          BIG,
          'any',
          inputs(seq, seq + 57).map((event) => ({ ...event, data: { text: 'x'.repeat(150) } })),
        ),
        appendOf(SMALL, 'any', [input(seq + 58), input(seq + 59)]),
      ]);
    for await (const batch of log.readAll()) expected.push(...batch);
    await log.close();
    chunks = await recordsOf(sound, 'chunks');
  });
  after(() => folder.remove());

  const spoil = async <Result>(
    record: Buffer,
    bit: number,
    look: (log: EmbeddedLog) => Promise<Result>,
  ): Promise<Result> => {
    withFlippedBit(sound, spoiled, record, bit);
    const log = await openEmbeddedLog(spoiled, { readOnly: true });
    try {
      return await look(log);
    } finally {
      await log.close();
    }
  };

  it('is found by readers and by the check, at any byte of a stored record', async () => {
    const seed = newSeed();
    const random = seeded(seed);
    for (let round = 0; round < 60; round++) {
      const record = chunks[Math.floor(random() * chunks.length)]!;
      const bit = Math.floor(random() * record.length * 8);
      const why = `seed ${seed}, round ${round}, bit ${bit} of ${record.length * 8}`;
      await spoil(record, bit, async (log) => {
        const { events, failure } = await readUntilDamage(log.readAll());
        expect(failure, why).to.include({ code: 'damaged' });
        expect(failure.where.stream, why).to.be.oneOf([BIG, SMALL]);
        expect(failure.where.seq, why).to.equal(expected[events.length]?.event.seq);
        expect(events, why).to.deep.equal(expected.slice(0, events.length));
        const again = await readUntilDamage(log.readStream(failure.where.stream!));
        expect(again.failure.where, why).to.deep.equal(failure.where);
        const found = await damagesOf(log);
        expect(
          found.map(({ where }) => where),
          why,
        ).to.deep.equal([failure.where]);
      });
    }
  });

  it('names stream, revision and seq of the very event', async () => {
    for (const at of [0, 57, 58, 59, 300, 417, 599]) {
      const { stream, revision, event } = expected[at]!;
      const record = chunks.find((chunk) => chunk.includes(textOf(event)))!;
      const bit = (record.indexOf(textOf(event)) + 12) * 8;
      const failure = await spoil(record, bit, async (log) => (await readUntilDamage(log.readAll())).failure);
      const damaged = failure.where.found!;
      expect(damaged).to.have.length(textOf(event).length);
      expect(Array.from(damaged).filter((letter, i) => letter !== textOf(event)[i])).to.have.length(1);
      expect(failure.where).to.deep.equal({ stream, revision, seq: event.seq, found: damaged });
      expect(failure.message).to.include(stream).and.include(`seq ${event.seq!}`).and.include('reprise log check');
    }
  });

  it('leaves other streams readable', async () => {
    const text = textOf(expected[300]!.event);
    const record = chunks.find((chunk) => chunk.includes(text))!;
    await spoil(record, record.indexOf(text) * 8, async (log) => {
      let read = 0;
      for await (const batch of log.readStream(SMALL)) read += batch.length;
      for await (const batch of log.readAll({ prefixes: [SMALL] })) read += batch.length;
      expect(read).to.equal(40);
    });
  });

  it('in the index is found by those who need it', async () => {
    const seed = newSeed();
    const random = seeded(seed);
    for (const table of ['names', 'index'] as const)
      for (const record of await recordsOf(sound, table)) {
        const bit = Math.floor(random() * record.length * 8);
        await spoil(record, bit, async (log) => {
          const found = await damagesOf(log);
          expect(found, `seed ${seed}`).to.not.be.empty;
          expect(found.some(({ where }) => where.stream === BIG || where.stream === SMALL)).to.equal(true);
          const reading = [BIG, SMALL].map((stream) =>
            readUntilDamage(log.readStream(stream)).then(Boolean, () => false),
          );
          expect(await Promise.all(reading), `seed ${seed}, ${table}`).to.include(true);
        });
      }
  });

  it('does not keep a server from starting after an unclean stop: whoever reads it will be told', async () => {
    const last = chunks.at(-1)!;
    withFlippedBit(sound, spoiled, last, (last.length - 5) * 8);
    const marker = join(spoiled, 'log.json');
    writeFileSync(marker, readFileSync(marker, 'utf8').replace('"closed"', '"open"'));
    const log = await openEmbeddedLog(spoiled);
    await log.append([appendOf('c', 'any', [input(601)])]);
    expect(await damagesOf(log)).to.have.length(1);
    await log.close();
  });

  it('stops a repeat from being taken for one', async () => {
    withFlippedBit(sound, spoiled, chunks[0]!, 200 * 8);
    const log = await openEmbeddedLog(spoiled);
    const first = expected.filter(({ stream }) => stream === BIG).slice(0, 5);
    const events = first.map(({ event }) => event);
    expect(await refusalOf(log.append([appendOf(BIG, 'no_stream', events)]))).to.include({ code: 'damaged' });
    await log.append([appendOf(SMALL, 'any', [input(1_000)])]); // it does not keep others from writing
    await log.close();
  });

  it('is not found where there is none', async () => {
    const log = await openEmbeddedLog(sound, { readOnly: true });
    const items: CheckItem[] = [];
    for await (const item of log.check()) items.push(item);
    const bytes = expected.reduce((total, { event }) => total + textOf(event).length, 0);
    expect(items).to.deep.equal([{ kind: 'counts', streams: 2, chunks: 20, events: 600, bytes, damages: 0 }]);
    await log.close();
  });
});

const textOf = (event: LogEvent): string => JSON.stringify(event);

async function readUntilDamage(
  batches: AsyncIterable<readonly StoredEvent[]>,
): Promise<{ readonly events: readonly StoredEvent[]; readonly failure: LogFailure }> {
  const events: StoredEvent[] = [];
  try {
    for await (const batch of batches) events.push(...batch);
  } catch (error) {
    if (error instanceof LogFailure) return { events, failure: error };
    throw error;
  }
  throw new Error('no damage was met');
}

async function damagesOf(log: EmbeddedLog): Promise<readonly LogFailure[]> {
  const found: LogFailure[] = [];
  let counted = -1;
  for await (const item of log.check())
    if (item.kind === 'damage') found.push(item.failure);
    else counted = item.damages;
  expect(counted).to.equal(found.length);
  return found;
}
