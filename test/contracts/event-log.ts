import { expect } from 'chai';
import { WrongExpectedRevision, type EventLog, type ExpectedRevision, type LogEvent } from '../../core/ports.js';
import { allOf, appendOf, input, inputs, outcome, readSeqs, refusalOf, seqsOf } from '../support/log-events.js';
import { subscriptionContract } from './event-log-subscription.js';

/** A log under test. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log and opens it again with what it holds; asked only of those that outlive their process. */
  reopen(): Promise<EventLog>;
  /** Closes what is open and leaves nothing behind. */
  dispose(): Promise<void>;
}

/**
 * What every log must do, whatever it stands on.
 *
 * @param lasting whether what is stored outlives the process
 * @param largestAppend most bytes that the store takes at once, where it has such a bound
 */
export function eventLogContract(
  name: string,
  lasting: boolean,
  open: () => Promise<OpenedLog>,
  largestAppend?: number,
): void {
  describe(`event log: ${name}`, () => {
    let opened: OpenedLog;
    let log: EventLog;
    beforeEach(async () => {
      opened = await open();
      log = opened.log;
    });
    afterEach(() => opened.dispose());

    const append = (stream: string, expected: ExpectedRevision, ...events: readonly LogEvent[]): Promise<void> =>
      log.append([appendOf(stream, expected, events)]);
    const refused = async (promise: Promise<void>): Promise<WrongExpectedRevision> => {
      const error = await refusalOf(promise);
      expect(error).to.be.instanceOf(WrongExpectedRevision);
      return error as WrongExpectedRevision;
    };

    describe('appending', () => {
      it('numbers the events of each stream from 0', async () => {
        await log.append([appendOf('a', 'any', inputs(1, 3)), appendOf('b', 'any', [input(4)])]);
        await append('a', 'any', input(5));
        const stored = await allOf(log.readStream('a'));
        expect(stored.map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 3]);
        expect(stored.map(({ stream }) => stream)).to.deep.equal(['a', 'a', 'a', 'a']);
        expect(await log.lastRevision('a')).to.equal(3);
        expect(await log.lastRevision('b')).to.equal(0);
        expect(await log.lastRevision('c')).to.equal(undefined);
      });

      it('gives back what it was given', async () => {
        const data = {
          price: '0.00000001',
          text: 'größer 価格 🂡 \u2028 "\\',
          list: [1, -0.5, null, true, { deep: [] }],
        };
        const events = [input(1, data), outcome(1, 1), { type: 'CheckpointTaken', version: 2, at: 0, data: null }];
        await append('Aufträge/価格 🂡', 'no_stream', ...events);
        const stored = await allOf(log.readStream('Aufträge/価格 🂡'));
        expect(stored.map(({ event }) => event)).to.deep.equal(events);
        expect(stored[0]?.stream).to.equal('Aufträge/価格 🂡');
      });

      it('keeps what was handed over, not what becomes of it', async () => {
        const data: { price: string } = { price: '1.5' };
        const appending = append('a', 'any', input(1, data));
        data.price = '99';
        await appending;
        data.price = '100';
        expect((await allOf(log.readStream('a')))[0]?.event.data).to.deep.equal({ price: '1.5' });
      });

      it('takes an event of a mebibyte among small ones, or as near to it as the store can', async () => {
        const big = 'x€'.repeat(largestAppend === undefined ? 262_144 : Math.floor(largestAppend / 4) - 50);
        await append('a', 'no_stream', input(1), input(2, { big }), input(3));
        await append('a', 2, input(4));
        const stored = await allOf(log.readStream('a', { from: 1 }));
        expect(seqsOf(stored)).to.deep.equal([2, 3, 4]);
        expect((stored[0]?.event.data as { big: string }).big === big).to.equal(true);
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1, 2, 3, 4]);
      });

      it('takes more at once than the store does, and refuses an event that it could never hold', async () => {
        const big = 'x'.repeat(300_000);
        const events = inputs(1, 8).map((event) => ({ ...event, data: { big } }));
        await append('a', 'no_stream', ...events);
        await append('a', 7, input(9));
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        await append('b', 'no_stream', ...inputs(10, 2_500));
        expect(await log.lastRevision('b')).to.equal(2_490);
        expect(await readSeqs(log, 'b')).to.deep.equal(Array.from({ length: 2_491 }, (_, i) => i + 10));
        if (largestAppend === undefined) return;
        const refusal = await refusalOf(append('a', 8, input(10), input(11, { big: 'x'.repeat(largestAppend) })));
        expect(refusal).to.be.instanceOf(RangeError);
        expect(await log.lastRevision('a')).to.equal(8);
      });

      it('takes an append of nothing and stores nothing', async () => {
        await log.append([]);
        await append('a', 'any');
        await append('a', 'no_stream');
        expect(await log.lastRevision('a')).to.equal(undefined);
        expect(await allOf(log.readAll())).to.deep.equal([]);
      });

      it('keeps the order of appends that are under way together', async () => {
        const appends = Array.from({ length: 200 }, (_, i) => append(`s${i % 7}`, 'any', input(i + 1)));
        await Promise.all(appends);
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal(Array.from({ length: 200 }, (_, i) => i + 1));
        for (let s = 0; s < 7; s++) {
          const stored = await allOf(log.readStream(`s${s}`));
          expect(stored.map(({ revision }) => revision)).to.deep.equal(stored.map((_, i) => i));
          expect(stored.every(({ event }) => event.seq! % 7 === (s + 1) % 7)).to.equal(true);
        }
      });

      it('refuses a stream without a name', async () => {
        for (const name of ['', 'a\u0000b', 'x'.repeat(2_000)])
          expect(await refusalOf(append(name, 'any', input(1)))).to.be.instanceOf(RangeError);
      });
    });

    describe('expecting a revision', () => {
      it('takes an append that expects what is there', async () => {
        await append('a', 'no_stream', input(1), input(2));
        await append('a', 1, input(3));
        await append('a', 'stream_exists', input(4));
        await append('a', 'any', input(5));
        await append('b', 'any', input(6));
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5]);
        expect(await readSeqs(log, 'b')).to.deep.equal([6]);
      });

      it('refuses an append that expects something else, and says what is there', async () => {
        await append('a', 'no_stream', input(1), input(2));
        for (const expected of ['no_stream', 0, 2, 7, -1] as const) {
          const { stream, actual, expected: said } = await refused(append('a', expected, input(3)));
          expect({ stream, actual, said }).to.deep.equal({ stream: 'a', actual: 1, said: expected });
        }
        for (const expected of ['stream_exists', 0, -1] as const) {
          const { actual } = await refused(append('absent', expected, input(3)));
          expect(actual).to.equal(undefined);
        }
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2]);
        expect(await log.lastRevision('absent')).to.equal(undefined);
      });

      it('stores nothing of an append of which one stream is refused', async () => {
        await append('a', 'no_stream', input(1));
        const { stream } = await refused(
          log.append([
            appendOf('b', 'no_stream', inputs(2, 3)),
            appendOf('a', 'no_stream', inputs(4, 5)),
            appendOf('c', 'any', [input(6)]),
          ]),
        );
        expect(stream).to.equal('a');
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1]);
        expect(await log.lastRevision('b')).to.equal(undefined);
        expect(await log.lastRevision('c')).to.equal(undefined);
      });

      it('lets one of two win who write the same revision at once', async () => {
        await append('a', 'no_stream', input(1));
        const both = await Promise.allSettled([append('a', 0, input(2)), append('a', 0, input(3))]);
        expect(both.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2]);
      });

      it('sees what stands before it in the same append', async () => {
        await log.append([
          appendOf('a', 'no_stream', [input(1)]),
          appendOf('b', 'any', [input(2)]),
          appendOf('a', 0, [input(3)]),
          appendOf('a', 'stream_exists', [input(4)]),
        ]);
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 3, 4]);
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1, 2, 3, 4]);
      });
    });

    describe('repeating an append', () => {
      it('answers a repeat as done and stores it once', async () => {
        await append('a', 'no_stream', ...inputs(1, 3));
        await append('a', 2, ...inputs(4, 6));
        await append('a', 'no_stream', ...inputs(1, 3));
        await append('a', 2, ...inputs(4, 6));
        await append('a', 2, ...inputs(4, 5)); // a part of it is in it
        await append('a', 'no_stream', ...inputs(1, 6));
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5, 6]);
      });

      it('answers a repeat that comes while the first is under way', async () => {
        const one = (): Promise<void> => append('a', 'no_stream', ...inputs(1, 3));
        await Promise.all([one(), one(), append('a', 2, input(4)), append('a', 2, input(4)), one()]);
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4]);
      });

      it('knows a repeat by its content, however its keys are ordered', async () => {
        await append('a', 'no_stream', input(1, { price: '1', quantity: '2' }));
        await append('a', 'no_stream', input(1, { quantity: '2', price: '1' }));
        expect(await readSeqs(log, 'a')).to.deep.equal([1]);
      });

      it('refuses other inputs at revisions that are taken', async () => {
        await append('a', 'no_stream', ...inputs(1, 3));
        await refused(append('a', 'no_stream', input(1), input(2), input(9)));
        await refused(append('a', 'no_stream', input(1, { text: 'other' })));
        await refused(append('a', 0, input(3)));
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
      });

      it('knows an outcome by its content too, also after a restart', async () => {
        await append('a', 'no_stream', outcome(1, 1), outcome(2, 1));
        const { at } = outcome(1, 1);
        const other = { ...outcome(2, 1), at: at + 1 };
        await refused(append('a', 0, other));
        if (lasting) log = await opened.reopen();
        await refused(append('a', 0, other));
        if (lasting) log = await opened.reopen();
        await append('a', 0, outcome(2, 1));
        expect((await allOf(log.readStream('a'))).map(({ event }) => event)).to.deep.equal([
          outcome(1, 1),
          outcome(2, 1),
        ]);
      });

      it('refuses a repeat that goes on behind the end, also after a restart and when it is long', async () => {
        await append('a', 'no_stream', ...inputs(1, 1_200));
        await refused(append('a', 'no_stream', ...inputs(1, 1_300)));
        if (lasting) log = await opened.reopen();
        await refused(append('a', 'no_stream', ...inputs(1, 1_300)));
        if (lasting) log = await opened.reopen();
        await append('a', 'no_stream', ...inputs(1, 1_200));
        expect(await log.lastRevision('a')).to.equal(1_199);
      });

      it('refuses a repeat that goes on behind the end', async () => {
        await append('a', 'no_stream', ...inputs(1, 3));
        await refused(append('a', 'no_stream', ...inputs(1, 4)));
        await refused(append('a', 1, ...inputs(3, 5)));
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
      });

      it('takes a repeat of one stream beside new events of another', async () => {
        await append('a', 'no_stream', input(1));
        await log.append([appendOf('a', 'no_stream', [input(1)]), appendOf('b', 'no_stream', [input(2)])]);
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1, 2]);
      });
    });

    describe('reading', () => {
      it('reads a stream from a revision, that one included', async () => {
        for (let seq = 1; seq <= 50; seq++) await append('a', 'any', input(seq));
        await append('a', 'any', ...inputs(51, 3_000));
        for (const from of [0, 1, 49, 50, 51, 2_998, 2_999]) {
          const stored = await allOf(log.readStream('a', { from }));
          expect(stored.map(({ revision }) => revision)).to.deep.equal(
            Array.from({ length: 3_000 - from }, (_, i) => from + i),
          );
          expect(stored[0]?.event).to.deep.equal(input(from + 1));
        }
      });

      it('reads no more of a stream than is asked for', async () => {
        await append('a', 'any', ...inputs(1, 1_500));
        await append('a', 'any', ...inputs(1_501, 3_000));
        for (const [from, limit] of [
          [0, 1],
          [7, 2],
          [1_499, 2],
          [0, 1_000],
          [3, 1_001],
          [2_999, 1],
          [2_990, 50],
          [3_000, 1],
          [5, 0],
        ] as const) {
          const stored = await allOf(log.readStream('a', { from, limit }));
          expect(stored.map(({ revision }) => revision)).to.deep.equal(
            Array.from({ length: Math.min(limit, 3_000 - from) }, (_, i) => from + i),
          );
        }
      });

      it('reads nothing of an absent stream or behind the end of one', async () => {
        await append('a', 'any', input(1));
        expect(await allOf(log.readStream('absent'))).to.deep.equal([]);
        expect(await allOf(log.readStream('a', { from: 1 }))).to.deep.equal([]);
        expect(await allOf(log.readStream('a', { from: 1_000 }))).to.deep.equal([]);
      });

      it('reads all streams in the order of appending', async () => {
        await log.append([appendOf('b', 'any', inputs(1, 2)), appendOf('a', 'any', [outcome(1, 1)])]);
        await log.append([appendOf('b', 'any', [input(3)]), appendOf('c', 'any', [input(4)])]);
        const stored = await allOf(log.readAll());
        expect(stored.map(({ stream, revision }) => `${stream}${revision}`)).to.deep.equal([
          'b0',
          'b1',
          'a0',
          'b2',
          'c0',
        ]);
      });

      it('goes on at a position: with it, or behind it', async () => {
        for (let seq = 1; seq <= 2_500; seq += 100)
          await log.append([
            appendOf(`s${seq % 3}`, 'any', inputs(seq, seq + 49)),
            appendOf('t', 'any', inputs(seq + 50, seq + 99)),
          ]);
        const all = await allOf(log.readAll());
        expect(all).to.have.length(2_500);
        for (const at of [0, 1, 49, 50, 99, 1_234, 2_498, 2_499]) {
          const { position } = all[at]!;
          expect(seqsOf(await allOf(log.readAll({ from: position })))).to.deep.equal(seqsOf(all.slice(at)));
          expect(seqsOf(await allOf(log.readAll({ after: position })))).to.deep.equal(seqsOf(all.slice(at + 1)));
        }
      });

      it('gives an event one position, however it is read', async () => {
        await log.append([appendOf('a', 'any', inputs(1, 3)), appendOf('b', 'any', [input(4)])]);
        const all = await allOf(log.readAll());
        const ofStreams = [...(await allOf(log.readStream('a'))), ...(await allOf(log.readStream('b')))];
        expect(ofStreams).to.deep.equal(all);
        expect(new Set(all.map(({ position }) => position)).size).to.equal(4);
      });

      it('reads only streams whose names begin as asked', async () => {
        for (let seq = 1; seq <= 30; seq++)
          await append(['x.market-a', 'x.order-b', 'y.market-a', 'x.marke'][seq % 4]!, 'any', input(seq));
        const names = async (prefixes: readonly string[]): Promise<readonly string[]> => {
          const stored = await allOf(log.readAll({ prefixes }));
          expect(seqsOf(stored)).to.deep.equal([...seqsOf(stored)].sort((a, b) => a! - b!));
          return [...new Set(stored.map(({ stream }) => stream))].sort();
        };
        expect(await names(['x.market-'])).to.deep.equal(['x.market-a']);
        expect(await names(['x.market-', 'y.'])).to.deep.equal(['x.market-a', 'y.market-a']);
        expect(await names(['x.'])).to.deep.equal(['x.marke', 'x.market-a', 'x.order-b']);
        expect(await names(['z'])).to.deep.equal([]);
        expect(await names([])).to.deep.equal([]);
      });

      it('does not take long reading for following', async () => {
        await append('a', 'any', ...inputs(1, 2_000));
        const seen: (number | undefined)[] = [];
        for await (const batch of log.readAll()) {
          seen.push(...seqsOf(batch));
          await append('a', 'any', input(3_000)); // a reader that met its own writing would never end
        }
        expect(seen).to.deep.equal(seqsOf(await allOf(log.readStream('a'))).slice(0, 2_000));
      });

      it('refuses a position that it never gave', async () => {
        await append('a', 'any', input(1));
        for (const position of ['', 'x', '-1', '999999', '999999.0', '1.2.3'])
          expect(await refusalOf(allOf(log.readAll({ after: position })))).to.have.property('code', 'foreign');
      });
    });

    describe('streams', () => {
      it('lists them by name, with their last revision and size', async () => {
        for (const stream of ['r.b', 'r.a', 'q', 'r.c', 'r']) await append(stream, 'any', ...inputs(1, 3));
        const listed: string[] = [];
        for await (const { stream, lastRevision, bytes } of log.streams('r.')) {
          listed.push(stream);
          expect(lastRevision).to.equal(2);
          expect(bytes).to.equal(inputs(1, 3).reduce((sum, event) => sum + JSON.stringify(event).length, 0));
        }
        expect(listed).to.deep.equal(['r.a', 'r.b', 'r.c']);
      });

      it('keeps thousands of them apart', async () => {
        const count = 3_000;
        for (let i = 0; i < count; i += 100)
          await log.append(
            Array.from({ length: 100 }, (_, k) => appendOf(`order-${i + k}`, 'no_stream', [input(i + k + 1)])),
          );
        let listed = 0;
        for await (const { lastRevision } of log.streams('order-')) {
          expect(lastRevision).to.equal(0);
          listed += 1;
        }
        expect(listed).to.equal(count);
        for (const i of [0, 1, 999, 2_999]) expect(await readSeqs(log, `order-${i}`)).to.deep.equal([i + 1]);
      });

      it('drops whole streams and leaves the others as they were', async () => {
        const appends = Array.from({ length: 1_000 }, (_, i) => [
          appendOf('old', 'any', inputs(3 * i + 1, 3 * i + 2)),
          appendOf('kept', 'any', [input(3 * i + 3)]),
        ]);
        await Promise.all(appends.map((batch) => log.append(batch)));
        const kept = await allOf(log.readStream('kept'));
        await log.drop(['old', 'absent']);
        expect(await log.lastRevision('old')).to.equal(undefined);
        expect(await allOf(log.readStream('old'))).to.deep.equal([]);
        expect(await allOf(log.readAll())).to.deep.equal(kept);
        expect(await allOf(log.readAll({ after: kept[500]!.position }))).to.deep.equal(kept.slice(501));
        await append('kept', kept.length - 1, input(9_999));
        expect(
          (await allOf(log.readAll({ after: kept.at(-1)!.position }))).map(({ event }) => event.seq),
        ).to.deep.equal([9_999]);
      });

      it('never gives a dropped event’s position to another one', async () => {
        await append('a', 'any', input(1));
        await append('last', 'any', input(2));
        const gone = (await allOf(log.readStream('last')))[0]!.position;
        await log.drop(['last']);
        if (lasting) log = await opened.reopen();
        await append('a', 'any', input(3));
        expect(seqsOf(await allOf(log.readAll({ after: gone })))).to.deep.equal([3]);
        expect((await allOf(log.readAll({ from: gone }))).map(({ position }) => position)).to.not.include(gone);
      });
    });

    describe('streams that roll', () => {
      const rolls = async (prefix: string): Promise<readonly [string, number][]> => {
        const listed: [string, number][] = [];
        for await (const { stream, lastRevision } of log.rolls(prefix)) listed.push([stream, lastRevision]);
        return listed;
      };

      it('are those whose names end with a day or an hour, by name', async () => {
        for (const stream of [
          'm-2024080810',
          'n-20240808',
          'm-2024080809',
          'm',
          'm-202408',
          'm-20240808x',
          'mm-20240808',
        ])
          await append(stream, 'any', ...inputs(1, 3));
        await append('m-2024080809', 2, input(4));
        expect(await rolls('m-')).to.deep.equal([
          ['m-2024080809', 3],
          ['m-2024080810', 2],
        ]);
        expect((await rolls('')).map(([stream]) => stream)).to.deep.equal([
          'm-2024080809',
          'm-2024080810',
          'mm-20240808',
          'n-20240808',
        ]);
        expect(await rolls('x')).to.deep.equal([]);
      });

      it('are listed once there is something in them, and no longer when they are dropped', async () => {
        await append('m-20240808', 'any');
        await refused(append('m-20240809', 3, input(1)));
        expect(await rolls('m-')).to.deep.equal([]);
        await log.append(
          ['m-20240808', 'm-20240809', 'm-20240810'].map((stream) => appendOf(stream, 'no_stream', [input(1)])),
        );
        await log.drop(['m-20240809']);
        const left = ['m-20240808', 'm-20240810'].map((stream) => [stream, 0]);
        expect(await rolls('m-')).to.deep.equal(left);
        if (lasting) log = await opened.reopen();
        expect(await rolls('m-')).to.deep.equal(left);
      });
    });

    subscriptionContract(() => log);

    describe('closing', () => {
      const itLasts = lasting ? it : (): void => undefined;
      itLasts('is found again as it was left', async () => {
        await log.append([appendOf('a', 'any', inputs(1, 1_500)), appendOf('b', 'any', [outcome(1, 3)])]);
        const before = await allOf(log.readAll());
        log = await opened.reopen();
        expect(await allOf(log.readAll())).to.deep.equal(before);
        expect(await log.lastRevision('a')).to.equal(1_499);
        await refused(append('a', 'no_stream', input(7)));
        await append('a', 1_499, input(1_501));
        await append('a', 'no_stream', ...inputs(1, 1_500));
        expect(seqsOf(await allOf(log.readAll({ after: before.at(-1)!.position })))).to.deep.equal([1_501]);
      });

      it('answers everybody who comes later that it is closed', async () => {
        await append('a', 'any', input(1));
        await log.close();
        await log.close();
        for (const late of [
          (): Promise<unknown> => append('a', 'any', input(2)),
          (): Promise<unknown> => log.lastRevision('a'),
          (): Promise<unknown> => allOf(log.readStream('a')),
          (): Promise<unknown> => allOf(log.readAll()),
          (): Promise<unknown> => log.drop(['a']),
        ])
          expect(await refusalOf(late())).to.have.property('code', 'unavailable');
      });
    });
  });
}
