import { expect } from 'chai';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { startChild, type Child } from '../../../../support/child.js';
import { allOf, appendOf, inputs, readSeqs, seqsOf } from '../../../../support/log-events.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';
import { newSeed, seeded } from '../../../../support/seeded.js';

describe('an embedded log and several processes', function () {
  this.timeout(60_000);
  let folder: LogFolder;
  beforeEach(() => (folder = logFolder()));
  afterEach(() => folder.remove());

  it('has every acknowledged event after its process was killed, again and again', async () => {
    const seed = newSeed();
    const random = seeded(seed);
    let acknowledged = 0;
    for (let round = 0; round < 4; round++) {
      const child = startChild('log-child.js', ['append', folder.path]);
      const enough = acknowledged + 5 * (1 + Math.floor(random() * 60));
      await child.line((line) => seqSaid(line) >= enough);
      child.process.kill('SIGKILL');
      expect(await child.ended).to.equal('SIGKILL');
      acknowledged = Math.max(...child.lines.map(seqSaid));

      const log = await openEmbeddedLog(folder.path);
      const found = await readSeqs(log, 'count');
      expect(found.length, `seed ${seed}`).to.be.at.least(acknowledged);
      expect(found, `seed ${seed}`).to.deep.equal(found.map((_, i) => i + 1)); // none lost, none twice
      expect(found.length % 5, `seed ${seed}`).to.equal(0); // appends are whole
      expect(await log.lastRevision('beside'), `seed ${seed}`).to.equal(found.length / 5 - 1);
      for await (const item of log.check()) expect(item, `seed ${seed}`).to.include({ kind: 'counts', damages: 0 });
      acknowledged = found.length;
      await log.close();
    }
  });

  it('is read by a second process while the first one writes', async () => {
    const log = await openEmbeddedLog(folder.path);
    await log.append([appendOf('a', 'any', inputs(1, 100))]);
    const reader = startChild('log-child.js', ['follow', folder.path, '20000']);
    await seen(reader, 100);
    // more than the map the reader began with, so that it has to follow the file as it grows
    for (let seq = 101; seq <= 20_000; seq += 100) {
      const events = inputs(seq, seq + 99).map((event) => ({ ...event, data: { text: 'x'.repeat(500) } }));
      await log.append([appendOf(`s${seq % 7}`, 'any', events)]);
    }
    expect(await reader.line((line) => line === 'closed')).to.equal('closed');
    expect(await reader.ended).to.equal('0');
    expect(reader.lines.filter((line) => line.startsWith('seen ')).map((line) => Number(line.slice(5)))).to.deep.equal(
      Array.from({ length: 20_000 }, (_, i) => i + 1),
    );
    await log.append([appendOf('a', 99, inputs(20_001, 20_001))]);
    expect(seqsOf(await allOf(log.readStream('a', { from: 100 })))).to.deep.equal([20_001]);
    await log.close();
  });

  it('is read on by a second process while its writer is killed and another one takes over', async () => {
    const first = startChild('log-child.js', ['append', folder.path]);
    await first.line((line) => seqSaid(line) >= 5);
    const log = await openEmbeddedLog(folder.path, { readOnly: true, pollMs: 2 });
    const stop = new AbortController();
    const items = log.subscribe({ prefixes: ['count'] }, stop.signal);
    const seqs: (number | undefined)[] = [];
    let second: Child | undefined;
    for await (const item of items) {
      if (item.kind === 'events') seqs.push(...seqsOf(item.events));
      if (seqs.length >= 50 && second === undefined) {
        first.process.kill('SIGKILL');
        await first.ended;
        second = startChild('log-child.js', ['append', folder.path]);
        await second.line((line) => seqSaid(line) > 0);
      }
      if (second !== undefined && seqs.length >= Math.max(...second.lines.map(seqSaid), 100)) stop.abort();
    }
    second?.process.kill('SIGKILL');
    await second?.ended;
    expect(seqs).to.deep.equal(seqs.map((_, i) => i + 1));
    await log.close();
  });
});

const seqSaid = (line: string): number => (line.startsWith('acknowledged ') ? Number(line.slice(13)) : 0);

const seen = (child: Child, seq: number): Promise<string | undefined> => child.line((line) => line === `seen ${seq}`);
