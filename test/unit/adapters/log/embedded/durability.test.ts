import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { startChild } from '../../../../support/child.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';
import { slowedByLibrary, slowedByTracer, type SlowDisk } from '../../../../support/slow-disk.js';

/**
 * Killing a process proves nothing about its disk: what it wrote is in the system's memory and survives it. So the disk
 * is made slow, and the order is looked at in which it is done, the event is readable, and the writer is told.
 */
describe('an embedded log on a slow disk', function () {
  this.timeout(60_000);
  let folder: LogFolder;
  let notes: string;
  let disk: SlowDisk;
  before(function () {
    folder = logFolder();
    notes = join(folder.path, 'notes');
    const slow = slowedByLibrary(folder.path, notes) ?? slowedByTracer(folder.path);
    if (slow === undefined) {
      console.log('      not run: slowing the disk down needs Linux, and a C compiler named cc or strace');
      this.skip();
    }
    disk = slow;
  });
  after(() => folder.remove());
  beforeEach(() => rmSync(notes, { force: true }));

  const notesOf = async (what: 'ours' | 'bare', beside: boolean): Promise<readonly string[]> => {
    const data = join(folder.path, what);
    const writer = startChild('durable-child.js', [what, data, notes], disk.env, disk.through);
    await writer.line((line) => line === 'ready');
    const watcher = beside ? startChild('durable-child.js', ['watch', data, notes]) : undefined;
    await watcher?.line((line) => line === 'ready');
    writer.process.stdin!.write('go\n');
    expect(await writer.ended).to.equal('0');
    if (watcher !== undefined) expect(await watcher.ended).to.equal('0');
    return disk.lines(notes);
  };

  it('tells the writer, and shows the event, only when it is on the disk', async () => {
    const lines = await notesOf('ours', disk.name === 'cc');
    // in its own process, and where both write their notes into one file, in a second one
    const words = disk.name === 'cc' ? ['told', 'seen', 'beside'] : ['told', 'seen'];
    for (const seq of [1, 2, 3, 4]) {
      for (const word of words) expect(forcedBefore(lines, word, seq), `${word} ${seq}`).to.equal(2);
    }
  });

  it('would notice a store that shows first and syncs afterwards', async () => {
    const lines = await notesOf('bare', false);
    expect(Math.min(...[1, 2, 3, 4].map((seq) => forcedBefore(lines, 'seen', seq)))).to.be.lessThan(2);
  });
});

/**
 * How much of this event was forced to the disk before: its pages first, then the root that makes them count. The next
 * event is handed over only when the writer was told of this one, so the first two are its own.
 */
function forcedBefore(lines: readonly string[], word: string, seq: number): number {
  const [handed, then] = [lines.indexOf(`hand ${seq}`), lines.indexOf(`${word} ${seq}`)];
  if (handed < 0 || then < 0) throw new Error(`"${word} ${seq}" was not noted`);
  const between = lines.slice(handed, then);
  return Math.min(2, between.filter((line) => line === 'sync-').length);
}
