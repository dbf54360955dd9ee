import { expect } from 'chai';
import { memoryLog } from '../../../../adapters/log/memory.js';
import { rolledInputs } from '../../../../adapters/log/rolled-inputs.js';
import type { EventLog } from '../../../../core/ports.js';

async function logOf(streams: Readonly<Record<string, readonly number[]>>): Promise<EventLog> {
  const log = memoryLog();
  for (const [stream, seqs] of Object.entries(streams))
    await log.append([
      {
        stream,
        expected: 'no_stream',
        events: seqs.map((seq) => ({ type: 'Traded', version: 1, at: seq, seq, data: {} })),
      },
    ]);
  return log;
}

const seqs = async (log: EventLog, prefix: string, after: number): Promise<number[]> => {
  const read: number[] = [];
  for await (const { seq } of rolledInputs(log, prefix, after)) read.push(seq!);
  return read;
};

describe('inputs in streams that roll by the hour', () => {
  it('come in the order of seq, whatever the hours say', async () => {
    const log = await logOf({
      'market-A@v-2024010101': [4, 5, 9],
      'market-A@v-2024010100': [1, 2, 7, 8, 12],
      'market-A@v-2024010102': [3, 6, 10, 11],
    });
    expect(await seqs(log, 'market-A@v-', 0)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await seqs(log, 'market-A@v-', 9)).to.deep.equal([10, 11, 12]);
    expect(await seqs(log, 'market-A@v-', 12)).to.deep.equal([]);
  });

  it('are of no other instrument, though its name begins alike', async () => {
    const log = await logOf({ 'market-A@v-2024010100': [1, 3], 'market-A@v-perp-2024010100': [2] });
    expect(await seqs(log, 'market-A@v-', 0)).to.deep.equal([1, 3]);
  });

  it('are read an hour at a time, and hours before the position not at all', async () => {
    const log = await logOf({
      'market-A@v-2024010100': [1, 2],
      'market-A@v-2024010101': [3, 4],
      'market-A@v-2024010102': [5, 6],
    });
    const opened: string[] = [];
    const readStream = log.readStream.bind(log);
    log.readStream = (stream, options) => {
      if (options?.from === undefined) opened.push(stream.slice(-2));
      return readStream(stream, options);
    };
    const inputs = rolledInputs(log, 'market-A@v-', 2);
    await inputs.next();
    // looked at, to know which comes first; then the first is read
    expect(opened).to.deep.equal(['01', '02', '01']);
    await inputs.return(undefined);
  });
});
