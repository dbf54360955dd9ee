import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startChild } from '../../../../support/child.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';

const SOURCE = fileURLToPath(new URL('../../../../../../test/support/slow-sync.c', import.meta.url));

/**
 * Killing a process proves nothing about its disk: what it wrote is in the system's memory and survives it. So the disk
 * is made slow, and the order is looked at in which it is done, the event is readable, and the writer is told.
 */
describe('an embedded log on a slow disk', function () {
  this.timeout(60_000);
  let folder: LogFolder;
  let library: string;
  before(function () {
    folder = logFolder();
    library = join(folder.path, 'slow-sync.so');
    const built =
      process.platform === 'linux' &&
      existsSync(SOURCE) &&
      spawnSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl']).status === 0;
    if (built) return;
    console.log('      not run: slowing the disk down needs Linux and a C compiler named cc');
    this.skip();
  });
  after(() => folder.remove());

  const traceOf = async (what: 'ours' | 'bare', beside: boolean): Promise<readonly string[]> => {
    const data = join(folder.path, `${what}-data`);
    const trace = join(folder.path, `${what}-trace`);
    const env = { LD_PRELOAD: library, SYNC_TRACE: trace, SYNC_DELAY_US: '20000' };
    const writer = startChild('durable-child.js', [what, data, trace], env);
    await writer.line((line) => line === 'ready');
    const watcher = beside ? startChild('durable-child.js', ['watch', data, trace]) : undefined;
    await watcher?.line((line) => line === 'ready');
    writer.process.stdin!.write('go\n');
    expect(await writer.ended).to.equal('0');
    if (watcher !== undefined) expect(await watcher.ended).to.equal('0');
    const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
    return lines.slice(lines.indexOf('hand 1'));
  };

  it('tells the writer, and shows the event, only when it is on the disk', async () => {
    const lines = await traceOf('ours', true);
    for (const seq of [1, 2, 3, 4]) {
      expect(lines, 'its own process reads it').to.include(`seen ${seq}`);
      expect(lines, 'a second process reads it').to.include(`beside ${seq}`);
      for (const word of ['told', 'seen', 'beside'])
        expect(forcedBefore(lines, word, seq), `${word} ${seq}`).to.equal(2);
    }
  });

  it('would notice a store that shows first and syncs afterwards', async () => {
    const lines = await traceOf('bare', false);
    expect(Math.min(...[1, 2, 3, 4].map((seq) => forcedBefore(lines, 'seen', seq)))).to.be.lessThan(2);
  });
});

/**
 * How much of this event was forced to the disk before: its pages first, then the root that makes them count. The next
 * event is handed over only when the writer was told of this one, so the first two are its own.
 */
function forcedBefore(lines: readonly string[], word: string, seq: number): number {
  const between = lines.slice(lines.indexOf(`hand ${seq}`), lines.indexOf(`${word} ${seq}`));
  return Math.min(2, between.filter((line) => line === 'sync-').length);
}
