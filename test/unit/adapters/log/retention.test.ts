import { expect } from 'chai';
import { memoryLog } from '../../../../adapters/log/memory.js';
import { hourEnd, partRolls, whyStaying, type RetentionBounds } from '../../../../adapters/log/retention.js';
import type { EventLog } from '../../../../core/ports.js';
import { parseInstant } from '../../../../core/time.js';
import { appendOf, input, inputs } from '../../../support/log-events.js';

const at = (text: string): number => parseInstant(text)!;
const market = (hour: string): string => `reprise.market-BTC-USDT@sample-${hour}`;

describe('retention', () => {
  it('reads the end of the hour from a stream’s name', () => {
    expect(hourEnd(market('2024080823'))).to.equal(at('2024-08-09T00:00:00Z'));
    for (const stream of ['reprise.runs', 'reprise.order-2024080899', 'reprise.order-7', 'reprise.market-x-20240808'])
      expect(hourEnd(stream), stream).to.equal(undefined);
  });

  const olderThan = at('2024-08-09T02:00:00Z');
  for (const [why, stream, lastSeq, because] of [
    ['ended, and all of it folded by the checkpoint', market('2024080823'), 99, undefined],
    ['ended at the bound itself', market('2024080901'), 99, undefined],
    ['not ended before the bound', market('2024080902'), 99, 'recent'],
    ['holds the first input behind the checkpoint', market('2024080823'), 100, 'needed'],
  ] as const)
    it(`${because === undefined ? 'drops' : 'keeps'} a stream that ${why}`, () => {
      expect(whyStaying({ hourEnd: hourEnd(stream)!, lastSeq }, { olderThan, keepFromSeq: 100 })).to.equal(because);
    });

  it('finds market data and ticks and leaves all else, also of another engine', async () => {
    const log = memoryLog();
    const streams = [
      market('2024080822'),
      market('2024080823'),
      'reprise.clock-2024080822',
      'other.market-BTC-USDT@sample-2024080822',
      'reprise.order-1',
      'reprise.market-odd',
    ];
    for (const [i, stream] of streams.entries())
      await log.append([appendOf(stream, 'any', inputs(i * 10 + 1, i * 10 + 10))]);
    expect(await droppable(log, { olderThan, keepFromSeq: 15 })).to.deep.equal([market('2024080822')]);
    expect(await droppable(log, { olderThan, keepFromSeq: 1_000 })).to.deep.equal([
      market('2024080822'),
      market('2024080823'),
      'reprise.clock-2024080822',
    ]);
  });

  it('goes by the last input where bookkeeping stands behind it', async () => {
    const log = memoryLog();
    const note = { type: 'BookIndexed', version: 1, at: 0, data: null };
    await log.append([appendOf(market('2024080822'), 'any', [input(7), note, note])]);
    expect(await droppable(log, { olderThan, keepFromSeq: 7 })).to.deep.equal([]);
    expect(await droppable(log, { olderThan, keepFromSeq: 8 })).to.deep.equal([market('2024080822')]);
  });
});

async function droppable(log: EventLog, bounds: RetentionBounds): Promise<readonly string[]> {
  return (await partRolls(log, bounds)).droppable.map(({ stream }) => stream);
}
