import { appendFile, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RecordingError } from '../../../../adapters/recordings/errors.js';
import { onDisk } from '../../../../adapters/recordings/session/disk.js';
import { openSession } from '../../../../adapters/recordings/session/session.js';
import { createSession, type SessionOutcome } from '../../../../adapters/recordings/session/writer.js';
import { InvariantViolation } from '../../../../core/errors.js';
import { ColumnEncoder, eventOf, messages } from '../../../../core/market/column-codec.js';
import { Kind, int64At, type MarketColumns } from '../../../../core/market/columns.js';
import type { InstrumentDefinition, MarketEvent } from '../../../../core/market/events.js';
import type { OtherInput } from '../../../../core/ports.js';

const START = 1_704_067_200_000_000;
const definition = (instrument: string, more: Partial<InstrumentDefinition> = {}): InstrumentDefinition => ({
  instrument,
  kind: 'spot',
  base: 'A',
  quote: 'B',
  settlement: 'B',
  tickSize: '0.1',
  lotSize: '0.01',
  minQuantity: '0',
  minNotional: '0',
  multiplier: '1',
  rules: 'inferred',
  fees: { maker: '0', taker: '0' },
  ...more,
});
const A = 'A@x';
const B = 'B@x';

/** A small market of two instruments whose numbers get finer as it goes on. */
function someEvents(count: number): MarketEvent[] {
  const events: MarketEvent[] = [
    { type: 'InstrumentDefined', version: 1, at: START, data: definition(A) },
    { type: 'InstrumentDefined', version: 1, at: START, data: definition(B, { tickSize: '1', lotSize: '1' }) },
    {
      type: 'BookSnapshot',
      version: 1,
      at: START + 1,
      data: { instrument: A, venueAt: START, venueSeq: 7, bids: [['10', '1']], asks: [['11', '2']] },
    },
  ];
  for (let index = 0; index < count; index++) {
    const at = START + 10 + index;
    const instrument = index % 3 === 0 ? B : A;
    const venueAt = at - 3;
    const fine = index > count / 2 ? `.${1 + (index % 9)}5` : '';
    const level = [`${100 + (index % 50)}${fine}`, String(index % 7)] as const;
    switch (index % 11) {
      case 9:
        events.push({
          type: 'BookDelta',
          version: 1,
          at,
          data: { instrument, venueAt, venueSeq: index, bids: [], asks: [] },
        });
        break;
      case 8:
        events.push({
          type: 'BookDelta',
          version: 1,
          at,
          data: { instrument, venueAt, venueSeq: index, dropped: true, bids: [], asks: [] },
        });
        break;
      case 7:
        events.push({
          type: 'FeedInterrupted',
          version: 1,
          at,
          data: { instrument, detail: `so — ${index}`, reason: 'gap' },
        });
        break;
      case 6:
        events.push({ type: 'FeedResumed', version: 1, at, data: { instrument, trust: 'trusted' } });
        break;
      case 5:
        events.push({
          type: 'Traded',
          version: 1,
          at,
          data: {
            instrument,
            trades: [
              { side: 'buy', price: level[0], quantity: '3', tradeId: index },
              { side: 'sell', price: level[0], quantity: '4', tradeId: index, notMarket: true },
            ],
          },
        });
        break;
      default:
        events.push({
          type: 'BookDelta',
          version: 1,
          at,
          data: { instrument, venueAt, venueSeq: index + 100, bids: [level], asks: [level, ['200', '0']] },
        });
    }
  }
  return events;
}

function batchesOf(events: readonly MarketEvent[], size: number, stride = 1): MarketColumns[] {
  const encoder = new ColumnEncoder();
  const batches: MarketColumns[] = [];
  events.forEach((event, index) => {
    encoder.add(1 + index * stride, event);
    if (encoder.length === size) batches.push(encoder.take());
  });
  if (encoder.length > 0) batches.push(encoder.take());
  return batches;
}

describe('a captured session', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reprise-session-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const path = (name = 's'): string => join(folder, name);
  const closing = { engineVersion: 'test' };

  async function write(events: readonly MarketEvent[], batch: number, name = 's'): Promise<string> {
    const writer = await createSession(path(name), { force: true });
    for (const columns of batchesOf(events, batch)) await writer.writeMarket(columns);
    return (await writer.close(closing)).contentHash;
  }
  async function read(name = 's'): Promise<MarketEvent[]> {
    const events: MarketEvent[] = [];
    let seq = 0;
    for await (const { market } of (await openSession(path(name))).inputs())
      for (const message of messages(market)) {
        expect(message.seq).to.equal(++seq);
        events.push(eventOf(market, message.from, message.to));
      }
    return events;
  }

  it('gives back what was written', async () => {
    const events = someEvents(500);
    await write(events, 50);
    expect(await read()).to.deep.equal(events);
  });
  it('has one content hash and one market file, however it was batched', async () => {
    const events = someEvents(400);
    const hashes = new Set<string>();
    const files = new Set<string>();
    for (const batch of [1, 7, 100, 1_000]) {
      hashes.add(await write(events, batch));
      files.add((await readFile(join(path(), 'market.arrow'))).toString('base64'));
    }
    expect(hashes.size).to.equal(1);
    expect(files.size).to.equal(1);
  });
  it('has another content hash when one number differs', async () => {
    const events = someEvents(50);
    const changed = events.map((event, index): MarketEvent => (index === 40 ? { ...event, at: event.at + 1 } : event));
    expect(await write(events, 10)).not.to.equal(await write(changed, 10));
  });
  it('counts in the coarsest increments that hold rows, ticks and lots', async () => {
    const events = someEvents(100);
    await write(events, 10);
    for await (const { market } of (await openSession(path())).inputs())
      expect(market.instruments).to.deep.equal([
        { instrument: A, priceScale: 2, sizeScale: 2 },
        { instrument: B, priceScale: 2, sizeScale: 0 },
      ]);
  });
  it('takes no size that would be rounded, and no other number beyond 2^53', async () => {
    for (const [column, low, high, isTaken] of [
      ['size', 2, 0x20_0000, true], // 2^53 + 2
      ['size', 1, 0x20_0000, false], // 2^53 + 1 is no double
      ['size', -1, 0x7fff_ffff, false], // 2^63 - 1, neither
      ['size', 0, -1, false],
      ['price', 2, 0x20_0000, false],
    ] as const) {
      const [columns] = batchesOf(someEvents(20), 1_000);
      const words = columns![column];
      const row = columns!.kind.indexOf(Kind.delta);
      words[2 * row] = low;
      words[2 * row + 1] = high;
      const writer = await createSession(path(), { force: true });
      let failed = '';
      try {
        await writer.writeMarket(columns!);
      } catch (error) {
        failed = String(error);
      }
      await writer.abort();
      if (isTaken) expect(failed).to.equal('');
      else expect(failed, `${column} ${high} ${low}`).to.include('cannot be counted exactly');
    }
  });
  it('counts trailing zeros of its writer away', async () => {
    const encoder = new ColumnEncoder();
    const fine = { ...definition(A), tickSize: '0.00001', lotSize: '0.00001' };
    encoder.add(1, { type: 'InstrumentDefined', version: 1, at: START, data: fine });
    encoder.add(2, {
      type: 'BookDelta',
      version: 1,
      at: START,
      data: { instrument: A, bids: [['10.5', '2']], asks: [] },
    });
    const writer = await createSession(path());
    await writer.writeMarket(encoder.take());
    await writer.close({ ...closing, definitions: [definition(A)] });
    for await (const { market } of (await openSession(path())).inputs()) {
      expect(market.instruments[0]).to.include({ priceScale: 1, sizeScale: 2 });
      expect(int64At(market.price, 1)).to.equal(105);
      expect(int64At(market.size, 1)).to.equal(200);
    }
  });
  it('replaces definitions that became known at the end only', async () => {
    const writer = await createSession(path());
    for (const columns of batchesOf(someEvents(20), 5)) await writer.writeMarket(columns);
    const known = definition(B, { rules: 'table' });
    const meta = await writer.close({ ...closing, definitions: [known] });
    expect(meta.instruments).to.deep.equal([definition(A), known]);
    expect((await read()).map(({ data }) => data).slice(0, 2)).to.deep.equal([definition(A), known]);
  });
  it('orders instruments by their first row, whatever the order of a batch', async () => {
    const writer = await createSession(path());
    const [columns] = batchesOf(someEvents(0).slice(1), 10);
    await writer.writeMarket({ ...columns!, instruments: [...columns!.instruments].reverse() });
    await writer.close(closing);
    for await (const { market } of (await openSession(path())).inputs())
      expect([...market.instrument]).to.deep.equal([0, 1, 1]);
  });
  it('counts inputs, messages and gaps, and spans their time', async () => {
    const writer = await createSession(path());
    for (const columns of batchesOf(someEvents(22), 5)) await writer.writeMarket(columns);
    await writer.writeInput({ type: 'ClockTicked', version: 1, at: START + 1_000_000, seq: 26, data: {} });
    const meta = await writer.close({ ...closing, ignored: 3, name: 'two' });
    // 22 events with 2 resumptions, 2 definitions, 1 snapshot and 1 tick
    expect(meta.counts).to.deep.include({ messages: 21, inputs: 26, ignored: 3, outcomes: 0 });
    expect(meta).to.include({ gaps: 2, from: '2024-01-01T00:00:00Z', to: '2024-01-01T00:00:01Z', name: 'two' });
  });
  it('may be empty', async () => {
    const writer = await createSession(path());
    await writer.close(closing);
    const session = await openSession(path());
    for await (const batch of session.inputs()) expect.fail(JSON.stringify(batch));
    expect(session.hasOutcomes).to.equal(false);
  });

  describe('with inputs beside the market', () => {
    const tick = (seq: number): OtherInput => ({
      type: 'ClockTicked',
      version: 1,
      at: START + seq,
      seq,
      data: { seq },
    });

    /** Writes market inputs at odd and others at even numbers, reads the merged order. */
    async function merged(market: number, others: number): Promise<{ order: number[]; most: number }> {
      const writer = await createSession(path(), { force: true });
      for (const columns of batchesOf(someEvents(market - 3), 1_000, 2)) await writer.writeMarket(columns);
      for (let index = 1; index <= others; index++) await writer.writeInput(tick(2 * index));
      await writer.close(closing);
      const order: number[] = [];
      let most = 0;
      for await (const batch of (await openSession(path())).inputs()) {
        const both = [...messages(batch.market)].map(({ seq }) => seq);
        const before = order.at(-1) ?? 0;
        both.push(...batch.others.map(({ seq }) => seq));
        expect(Math.min(...both)).to.be.greaterThan(before);
        order.push(...both.sort((a, b) => a - b));
        most = Math.max(most, batch.others.length);
        if (batch.others.length > 0) expect(batch.others[0]).to.deep.equal(tick(batch.others[0]!.seq));
      }
      return { order, most };
    }
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

    it('merges by number alone', async () => {
      const { order } = await merged(300, 300);
      expect(order).to.deep.equal(upTo(600));
    });
    it('goes on after the last market input', async () => {
      const { order } = await merged(3, 5);
      expect(order).to.deep.equal([1, 2, 3, 4, 5, 6, 8, 10]);
    });
    it('never holds many of them', async () => {
      const { order, most } = await merged(10_000, 20_000);
      expect(most).to.be.at.most(4_096);
      expect(order.length).to.equal(30_000);
      for (let index = 1; index < order.length; index++) expect(order[index]).to.be.greaterThan(order[index - 1]!);
    });
    it('keeps outcomes with stream, revision, number and cause', async () => {
      const outcomes: SessionOutcome[] = upTo(5_000).map((n) => ({
        stream: 'execution-o1',
        revision: n - 1,
        n,
        cause: 2 * n,
        type: 'SliceReleased',
        version: 1,
        at: START + n,
        data: { slice: n },
      }));
      const writer = await createSession(path(), { outcomes: true });
      for (const outcome of outcomes) await writer.writeOutcome(outcome);
      const meta = await writer.close({ ...closing, settings: { latency: '10ms' }, seed: 7 });
      expect(meta).to.deep.include({ settings: { latency: '10ms' }, seed: 7 });
      expect(meta.counts.outcomes).to.equal(5_000);
      const session = await openSession(path());
      const read: SessionOutcome[] = [];
      for await (const batch of session.outcomes()) read.push(...batch);
      expect(read).to.deep.equal(outcomes);
    });
    it('has an empty file of outcomes where a run concluded nothing', async () => {
      const bare = await (await createSession(path('bare'))).close(closing);
      const run = await (await createSession(path('run'), { outcomes: true })).close(closing);
      expect(bare.hashes.outcomes).to.equal(null);
      expect(run.hashes.outcomes).to.be.a('string');
      expect(bare.contentHash).not.to.equal(run.contentHash);
    });
  });

  describe('while it is written', () => {
    it('is hidden, and gone when it is given up', async () => {
      const writer = await createSession(path());
      await writer.writeMarket(batchesOf(someEvents(10), 100)[0]!);
      await writer.flush();
      expect((await readdir(folder)).every((name) => name.startsWith('.s-'))).to.equal(true);
      await writer.abort();
      await writer.abort();
      expect(await readdir(folder)).to.deep.equal([]);
    });
    it('replaces a session only where it may, and nothing else ever', async () => {
      await write(someEvents(1), 10);
      expect(await codeOf(createSession(path()))).to.equal('exists');
      await writeFile(path('notes.txt'), 'mine');
      expect(await codeOf(createSession(path('notes.txt'), { force: true }))).to.equal('exists');
      expect(await codeOf(createSession(folder, { force: true }))).to.equal('exists');
      await write(someEvents(2), 10);
      expect(await readdir(folder)).to.have.members(['notes.txt', 's']);
    });
    it('says where and why it cannot be written', async () => {
      await writeFile(path('file'), 'x');
      expect(await codeOf(createSession(join(path('file'), 'below')))).to.equal('unwritable');
      for (const [code, mend] of [
        ['ENOSPC', 'make room'],
        ['EROFS', 'may write to'],
        ['EIO', 'another folder'],
      ] as const) {
        const refusal = Object.assign(new Error('refused'), { code });
        const error = (await failureOf(onDisk('here', Promise.reject(refusal)))) as RecordingError;
        expect(error.message).to.contain('here').and.contain(code).and.contain(mend);
      }
    });
    it('takes no input out of order and no batch that ends in mid message', async () => {
      const [columns] = batchesOf(someEvents(5), 100);
      const writer = await createSession(path());
      await writer.writeMarket(columns!);
      expect(await failureOf(writer.writeMarket(columns!))).to.be.instanceOf(InvariantViolation);
      const [later] = batchesOf(someEvents(5), 100);
      later!.flags.fill(0);
      expect(await failureOf(writer.writeMarket(later!))).to.be.instanceOf(InvariantViolation);
      await writer.abort();
    });
  });

  describe('that came to harm', () => {
    beforeEach(() => write(someEvents(100), 10));
    const part = (name: string): string => join(path(), name);

    it('is refused where it is no session', async () => {
      expect(await codeOf(openSession(path('nowhere')))).to.equal('not_found');
      expect(await codeOf(openSession(folder))).to.equal('not_found');
      expect(await codeOf(openSession(part('session.json')))).to.equal('not_found');
      await writeFile(part('session.json'), '{"format":"another"}');
      expect(await codeOf(openSession(path()))).to.equal('foreign');
      await writeFile(part('session.json'), '{"format":');
      expect(await codeOf(openSession(path()))).to.equal('damaged');
    });
    it('is refused from a format version that is not known', async () => {
      const meta = JSON.parse(await readFile(part('session.json'), 'utf8')) as object;
      await writeFile(part('session.json'), JSON.stringify({ ...meta, formatVersion: 2 }));
      const error = (await failureOf(openSession(path()))) as RecordingError;
      expect(error.code).to.equal('unknown_version');
      expect(error.message).to.contain('format version 2').and.contain('this build reads version 1');
    });
    it('is refused where session.json lacks what it needs', async () => {
      const meta = JSON.parse(await readFile(part('session.json'), 'utf8')) as object;
      for (const key of ['complete', 'from', 'instruments', 'fileHashes', 'hashes', 'contentHash']) {
        await writeFile(part('session.json'), JSON.stringify({ ...meta, [key]: undefined }));
        expect(await codeOf(openSession(path())), key).to.equal('damaged');
      }
    });
    it('is refused where a part is missing', async () => {
      for (const name of ['inputs.ndjson', 'market.arrow']) {
        await unlink(part(name));
        const error = (await failureOf(openSession(path(), { verify: false }))) as RecordingError;
        expect(error.code).to.equal('damaged');
        expect(error.message).to.contain(name).and.contain('is not there');
        await write(someEvents(100), 10);
      }
    });
    it('is refused where one byte differs', async () => {
      const bytes = await readFile(part('market.arrow'));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(part('market.arrow'), bytes);
      const error = (await failureOf(openSession(path()))) as RecordingError;
      expect(error.code).to.equal('damaged');
      expect(error.message).to.contain('market.arrow').and.contain('session.json says');
      expect(error.message).to.match(/; .+/);
    });
    it('is refused where a part was cut off, even by a reader that does not check hashes', async () => {
      await appendFile(part('inputs.ndjson'), '{"type":"ClockTicked"');
      expect(await codeOf(openSession(path()))).to.equal('damaged');
      const size = (await readFile(part('market.arrow'))).length;
      for (const kept of [size - 1, size >> 1, 12, 0]) {
        await truncate(part('market.arrow'), kept);
        const session = await openSession(path(), { verify: false });
        const drained = (async (): Promise<void> => {
          for await (const _ of session.market());
        })();
        expect(await codeOf(drained), String(kept)).to.equal('damaged');
      }
    });
    it('names the line of an input that is none', async () => {
      await appendFile(part('inputs.ndjson'), '{"type":"ClockTicked"}\n');
      const session = await openSession(path(), { verify: false });
      const drained = (async (): Promise<void> => {
        for await (const _ of session.inputs());
      })();
      expect(((await failureOf(drained)) as RecordingError).where).to.match(/inputs\.ndjson:1$/);
    });
  });
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was refused');
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await failureOf(promise);
  expect(error).to.be.instanceOf(RecordingError);
  return (error as RecordingError).code;
}
