import { open } from 'lmdb';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { logFolder } from '../support/log-folder.js';
import { BYTES, EVENTS, eventsOf, putAll, STREAM } from './append.js';

const BATCHES = 1_000;
const ROUNDS = 5;

/**
 * Reads 200,000 events back, checked and parsed, and in turns with it walks the same events in a bare LMDB and parses
 * them, one value each.
 */
export async function benchLogReading(): Promise<{
  readonly name: string;
  readonly against: string;
  readonly ratio: number;
  readonly eventsPerSecond: number;
}> {
  const folders = [logFolder(), logFolder()] as const;
  const log = await openEmbeddedLog(folders[0].path);
  const bare = open<Buffer, number>(folders[1].path, { encoding: 'binary', overlappingSync: false, noSubdir: false });
  let ours = 0;
  let theirs = 0;
  try {
    for (let batch = 0; batch < BATCHES; batch++) {
      const events = eventsOf(batch * EVENTS);
      await log.append([{ stream: STREAM, expected: 'any', events }]);
      await putAll(
        bare,
        batch * EVENTS,
        events.map((event) => Buffer.from(JSON.stringify(event))),
      );
    }
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      let read = 0;
      for await (const batch of log.readAll()) read += batch.length;
      const middle = performance.now();
      for (const { value } of bare.getRange({})) if (JSON.parse(value.toString()) !== null) read -= 1;
      if (read !== 0) throw new Error('the two did not read the same number of events');
      ours += middle - start;
      theirs += performance.now() - middle;
    }
  } finally {
    await log.close();
    await bare.close();
    for (const folder of folders) folder.remove();
  }
  return {
    name: `reading back events of ${BYTES} bytes, checked and parsed`,
    against: 'walking and parsing the same events in bare lmdb, one value each',
    ratio: ours / theirs,
    eventsPerSecond: Math.round((BATCHES * EVENTS * ROUNDS * 1_000) / ours),
  };
}
