import { expect } from 'chai';
import { memoryLog } from '../../../adapters/log/memory.js';
import { LogFailure, type EventLog } from '../../../core/ports.js';
import type { StoredOutcome } from '../../../replay/conclusions.js';
import { outcomePages, type OutcomeSpan } from '../../../replay/log-pages.js';

const outcome = (n: number): { type: string; version: number; at: number; n: number; data: object } => ({
  type: 'OrderPaused',
  version: 1,
  at: n,
  n,
  data: { orderId: 'o' },
});
const unstored = (...ns: readonly number[]): StoredOutcome[] =>
  ns.map((n) => ({ ...outcome(n), stream: 'execution-late', revision: n }) as unknown as StoredOutcome);

async function logOf(streams: Readonly<Record<string, readonly number[]>>): Promise<EventLog> {
  const log = memoryLog();
  for (const [stream, ns] of Object.entries(streams))
    await log.append([{ stream, expected: 'no_stream', events: ns.map(outcome) as never }]);
  return log;
}

async function read(log: EventLog, span: OutcomeSpan): Promise<number[]> {
  const ns: number[] = [];
  for await (const page of outcomePages(log, 'x.', span)) for (const { n } of page) ns.push(n!);
  return ns;
}

describe('outcomes read back', () => {
  const streams = { 'x.execution-a': [1, 5, 6], 'x.desk-d': [3], 'x.execution-b': [2, 8], 'x.trust-t': [4, 7] };

  it('come in the order of n out of all their streams, from a place to a place', async () => {
    const log = await logOf(streams);
    expect(await read(log, { afterN: 0, upToN: 8, unstored: [] })).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await read(log, { afterN: 3, upToN: 6, unstored: [] })).to.deep.equal([4, 5, 6]);
    expect(await read(log, { afterN: 8, upToN: 8, unstored: [] })).to.deep.equal([]);
  });

  it('have those among them that were not stored, once, though they are stored by now', async () => {
    const log = await logOf(streams);
    expect(await read(log, { afterN: 5, upToN: 10, unstored: unstored(7, 8, 9, 10) })).to.deep.equal([6, 7, 8, 9, 10]);
  });

  it('have no hole: the first that is missing is named', async () => {
    const log = await logOf({ ...streams, 'x.trust-t': [7] });
    const reading = read(log, { afterN: 0, upToN: 8, unstored: [] });
    expect(await reading.catch((error: unknown) => error))
      .to.be.instanceOf(LogFailure)
      .with.property('message')
      .that.matches(/outcome 4 is missing in the log/);
  });
});
