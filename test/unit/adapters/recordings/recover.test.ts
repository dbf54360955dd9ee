import { expect } from 'chai';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recoverRecording } from '../../../../adapters/recordings/recover.js';
import { readMeta } from '../../../../adapters/recordings/session/meta.js';
import { recordingFolder } from '../../../../adapters/recordings/session/unfinished.js';
import { createSession } from '../../../../adapters/recordings/session/writer.js';
import { ColumnEncoder } from '../../../../core/market/column-codec.js';
import type { MarketEvent } from '../../../../core/market/events.js';
import { delta, SPOT, snapshot } from '../../../support/market.js';
import { eventsOf, START } from '../../../support/mini-recording.js';
import { DyingDisk } from '../../../support/odd-disks.js';

/** A market whose numbers get finer three times, so that it lies in several segments. */
const EVENTS: readonly MarketEvent[] = [
  { type: 'InstrumentDefined', version: 1, at: START, data: SPOT },
  snapshot(START + 1, [['100', '5']], [['101', '1']]),
  ...Array.from({ length: 40 }, (_, n) =>
    delta(START + 2 + n, [[n < 10 ? '100' : `100.${'1'.repeat(Math.ceil(n / 10))}`, String(1 + n)]], []),
  ),
];

describe('what a recorder left', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'reprise-left-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  const engineVersion = 'test';

  /** Writes and closes a recording, flushing as it goes. @returns how many events were flushed when the disk stopped */
  async function writeUntil(dying: DyingDisk): Promise<{ flushed: number; end: 'stopped' | 'closed' }> {
    let flushed = 0;
    const writing = async (): Promise<'closed'> => {
      const writer = await createSession(path('s'), { folder: recordingFolder(path('s')), disk: dying.disk });
      const encoder = new ColumnEncoder();
      for (const [index, event] of EVENTS.entries()) {
        encoder.add(index + 1, event);
        if (index % 4 !== 3) continue;
        await writer.writeMarket(encoder.lend());
        await writer.flush();
        flushed = index + 1;
      }
      await writer.writeMarket(encoder.lend());
      await writer.flush();
      flushed = EVENTS.length;
      await writer.close({ engineVersion });
      return 'closed';
    };
    const end = await Promise.race([dying.stopped, writing()]);
    if (end === 'stopped') await dying.closeFiles();
    return { end, flushed };
  }

  it('has all that was flushed, whatever was being written when it died: also while it was being closed', async () => {
    let flushedTo = 0;
    for (let operations = 1; ; operations++) {
      const { end, flushed } = await writeUntil(new DyingDisk(operations));
      if (end === 'closed') break;
      expect(flushed).to.be.at.least(flushedTo);
      flushedTo = flushed;
      const left = path(`.left-${operations}.recording`);
      await cp(recordingFolder(path('s')), left, { recursive: true });
      await rm(recordingFolder(path('s')), { recursive: true });
      if (flushed === 0) continue;
      await recoverRecording(left, { out: path('again'), engineVersion, force: true });
      const events = await eventsOf(path('again'));
      expect(events.length, `after ${operations} operations`).to.be.at.least(flushed);
      expect(events).to.deep.equal(EVENTS.slice(0, events.length));
    }
    expect(flushedTo).to.equal(EVENTS.length);
  });

  it('is no session yet, and whoever takes it for one is told how it becomes one', async () => {
    await writeUntil(new DyingDisk(12));
    for (const name of ['s', '.s.recording']) {
      await writeFile(join(recordingFolder(path('s')), 'recording.json'), '{"format":"reprise-recording","name":"s"}');
      const said = await readMeta(path(name)).catch(String);
      expect(said).to.match(/is no captured session.*reprise import \S*\.s\.recording --recover --out \S*s/);
    }
  });

  it('is nothing where no recorder was', async () => {
    const said = await recoverRecording(folder, { out: path('s'), engineVersion }).catch(String);
    expect(said).to.match(/holds no recording\.json/);
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
