import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CheckItem } from '../../../../../adapters/log/embedded/check.js';
import type { EmbeddedLog } from '../../../../../adapters/log/embedded/log.js';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { openLmdb, type Store } from '../../../../../adapters/log/embedded/store.js';
import { LogFailure } from '../../../../../core/ports.js';
import { withData } from '../../../../support/damaged-folder.js';
import { allOf, appendOf, input, inputs, refusalOf, seqsOf } from '../../../../support/log-events.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';
import { newSeed, seeded } from '../../../../support/seeded.js';

describe('opening an embedded log', () => {
  let folder: LogFolder;
  let closed: string; // a log of 1,000 inputs, put away cleanly
  let open: string; // the same, as a server that was killed leaves it
  let copy: string;
  before(async () => {
    folder = logFolder();
    [closed, open, copy] = ['closed', 'open', 'copy'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    const log = await openEmbeddedLog(closed);
    for (let seq = 1; seq <= 1_000; seq += 100)
      await log.append([appendOf('a', 'any', inputs(seq, seq + 98)), appendOf('b', 'any', [input(seq + 99)])]);
    cpSync(closed, open, { recursive: true });
    await log.close();
  });
  after(() => folder.remove());

  const state = (path: string): unknown =>
    (JSON.parse(readFileSync(join(path, 'log.json'), 'utf8')) as { state: unknown }).state;
  const readThrough = async (path: string): Promise<number> => {
    const log = await openEmbeddedLog(path);
    try {
      return (await allOf(log.readAll())).length;
    } finally {
      await log.close();
    }
  };
  const refusal = async (path: string, code: LogFailure['code']): Promise<LogFailure> => {
    const error = await refusalOf(readThrough(path));
    expect(error).to.be.instanceOf(LogFailure).and.to.include({ code });
    return error as LogFailure;
  };

  it('notes whether the log was put away cleanly', async () => {
    expect(state(closed)).to.equal('closed');
    expect(state(open)).to.equal('open');
    cpSync(closed, copy, { recursive: true, force: true });
    const log = await openEmbeddedLog(copy);
    expect(state(copy)).to.equal('open');
    await log.close();
    expect(state(copy)).to.equal('closed');
  });

  it('after an unclean stop finds everything', async () => {
    withData(open, copy, (data) => data);
    expect(await readThrough(copy)).to.equal(1_000);
    expect(state(copy)).to.equal('closed');
  });

  it('refuses a data file that was cut, wherever, and lives to say so', async () => {
    const { size } = statSync(join(closed, 'data.mdb'));
    for (const cut of [0, 1, 4_096, 8_191, size >> 1, size - 4_096, size - 1]) {
      withData(closed, copy, (data) => data.subarray(0, cut));
      expect((await refusal(copy, 'damaged')).message, `cut to ${cut}`).to.include('restore the folder from a copy');
    }
  });

  it('after an unclean stop refuses a cut data file too, unless nothing of the log was in what is gone', async () => {
    const seed = newSeed();
    const random = seeded(seed);
    const { size } = statSync(join(open, 'data.mdb'));
    for (const cut of [1, 8_192, ...[1, 2, 3, 4].map(() => Math.floor(random() * size)), size - 1]) {
      withData(open, copy, (data) => data.subarray(0, cut));
      const read = await readThrough(copy).catch((error: unknown) => error);
      if (read !== 1_000) expect(read, `seed ${seed}, cut to ${cut}`).to.include({ code: 'damaged' });
      if (cut < size >> 1) expect(read, `seed ${seed}, cut to ${cut}`).to.not.equal(1_000);
    }
  });

  it('never takes wrong first pages for true', async () => {
    const seed = newSeed();
    const random = seeded(seed);
    for (let round = 0; round < 20; round++) {
      // 24 bytes of page header, 136 of what LMDB calls meta, on the first two pages
      const at = Math.floor(random() * 2) * 4_096 + 24 + Math.floor(random() * 136);
      withData(closed, copy, (data) => {
        data[at]! ^= 1 << Math.floor(random() * 8);
        return data;
      });
      const error = await refusalOf(readThrough(copy));
      expect(error, `seed ${seed}, byte ${at}`).to.be.instanceOf(LogFailure);
      expect((error as LogFailure).code, `seed ${seed}, byte ${at}`).to.be.oneOf(['damaged', 'foreign']);
    }
  });

  it('after an unclean stop lets another process stumble over the newest pages', async () => {
    withData(open, copy, (data) => {
      // the main tree's root is sent to a page that is none: LMDB would follow it
      const newest = data.readBigUInt64LE(152) > data.readBigUInt64LE(4_096 + 152) ? 0 : 4_096;
      data.writeBigUInt64LE(1n + data.readBigUInt64LE(newest + 136), newest + 136);
      return data;
    });
    await refusal(copy, 'damaged');
  });

  it('refuses a folder that is not its own', async () => {
    const strange = join(folder.path, 'strange');
    mkdirSync(strange);
    writeFileSync(join(strange, 'log.json'), '{"name":"something else"}');
    expect((await refusal(strange, 'foreign')).message).to.include('--data');
    rmSync(join(strange, 'log.json'));
    writeFileSync(join(strange, 'data.mdb'), 'not a database'.repeat(1_000));
    await refusal(strange, 'foreign');
    expect(readFileSync(join(strange, 'data.mdb'), 'utf8')).to.equal('not a database'.repeat(1_000));
    copyFileSync(join(closed, 'data.mdb'), join(strange, 'data.mdb'));
    await refusal(strange, 'foreign'); // a log without its log.json
  });

  it('refuses two files that do not belong together', async () => {
    withData(closed, copy, (data) => data);
    const log = await openEmbeddedLog(copy);
    await log.append([appendOf('a', 'any', [input(2_000)])]);
    await log.close();
    copyFileSync(join(closed, 'log.json'), join(copy, 'log.json')); // of an older day
    await refusal(copy, 'foreign');
    const other = join(folder.path, 'other');
    await (await openEmbeddedLog(other)).close();
    writeFileSync(
      join(copy, 'log.json'),
      readFileSync(join(open, 'log.json'), 'utf8').replace(
        /"id": "[^"]+"/,
        '"id": "11111111-1111-4111-8111-111111111111"',
      ),
    );
    await refusal(copy, 'foreign');
  });

  it('refuses a log of a newer shape', async () => {
    withData(closed, copy, (data) => data);
    const file = join(copy, 'log.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"shape": 1', '"shape": 2'));
    expect((await refusal(copy, 'foreign')).message).to.include('shape 2');
  });

  it('begins anew where the very first opening was cut short', async () => {
    const begun = join(folder.path, 'begun');
    await (await openEmbeddedLog(begun)).close();
    const file = join(begun, 'log.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"closed"', '"creating"'));
    writeFileSync(join(begun, 'data.mdb'), 'half a page');
    const log = await openEmbeddedLog(begun);
    await log.append([appendOf('a', 'no_stream', [input(1)])]);
    expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1]);
    await log.close();
  });

  it('ends what a crash left half dropped', async () => {
    const dropped = join(folder.path, 'dropped');
    let commits = Infinity;
    const openStore = (directory: string, readOnly: boolean): Store => {
      const store = openLmdb(directory, readOnly);
      const crash = (): Promise<void> => Promise.reject(new Error('it ends here'));
      return { ...store, commit: (changes) => (commits-- > 0 ? store.commit(changes) : crash()) };
    };
    const log = await openEmbeddedLog(dropped, { openStore });
    // so many chunks that taking them away needs several transactions
    await Promise.all(
      Array.from({ length: 2_500 }, (_, i) =>
        log.append([appendOf('old', 'any', [input(2 * i + 1)]), appendOf('kept', 'any', [input(2 * i + 2)])]),
      ),
    );
    commits = 2; // the name, and the first thousand
    await refusalOf(log.drop(['old']));
    await log.close();

    const reader = await openEmbeddedLog(dropped, { readOnly: true });
    expect(await countOf(reader)).to.include({ streams: 1, chunks: 4_000, damages: 0 });
    const kept = await allOf(reader.readAll());
    expect(kept.map(({ event }) => event.seq)).to.deep.equal(Array.from({ length: 2_500 }, (_, i) => 2 * i + 2));
    await reader.close();

    const again = await openEmbeddedLog(dropped);
    expect(await again.lastRevision('old')).to.equal(undefined);
    while ((await countOf(again)).chunks > 2_500);
    expect(await countOf(again)).to.include({ streams: 1, chunks: 2_500, damages: 0 });
    expect(await allOf(again.readAll())).to.deep.equal(kept);
    await again.close();
  });

  describe('for reading', () => {
    it('reads beside a server, and sees what it appends', async () => {
      withData(closed, copy, (data) => data);
      const writer = await openEmbeddedLog(copy);
      const reader = await openEmbeddedLog(copy, { readOnly: true, pollMs: 1 });
      expect(await allOf(reader.readAll())).to.have.length(1_000);
      await writer.append([appendOf('c', 'any', [input(1_001)])]);
      expect(seqsOf(await allOf(reader.readStream('c')))).to.deep.equal([1_001]);
      expect(await reader.lastRevision('c')).to.equal(0);
      await reader.close();
      await writer.close();
    });

    it('writes nothing', async () => {
      withData(closed, copy, (data) => data);
      const before = [readFileSync(join(copy, 'data.mdb')), readFileSync(join(copy, 'log.json'))];
      const reader = await openEmbeddedLog(copy, { readOnly: true });
      for (const write of [reader.append([appendOf('a', 'any', [input(1)])]), reader.drop(['a'])])
        expect(await refusalOf(write)).to.include({ code: 'read_only' });
      await reader.close();
      expect([readFileSync(join(copy, 'data.mdb')), readFileSync(join(copy, 'log.json'))]).to.deep.equal(before);
    });

    it('says when there is no log', async () => {
      const nowhere = join(folder.path, 'nowhere');
      expect(await refusalOf(openEmbeddedLog(nowhere, { readOnly: true }))).to.include({ code: 'unavailable' });
      expect(() => statSync(nowhere)).to.throw('ENOENT');
    });

    it('has a log tried by another process too when no server has it open', async () => {
      withData(open, copy, (data) => data.subarray(0, data.length - 5_000));
      expect(await refusalOf(openEmbeddedLog(copy, { readOnly: true }))).to.include({ code: 'damaged' });
    });
  });
});

async function countOf(log: EmbeddedLog): Promise<CheckItem & { readonly kind: 'counts' }> {
  for await (const item of log.check()) if (item.kind === 'counts') return item;
  throw new Error('a check ends with its counts');
}
