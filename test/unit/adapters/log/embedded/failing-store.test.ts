import { constants } from 'node:os';
import { expect } from 'chai';
import type { EmbeddedLog } from '../../../../../adapters/log/embedded/log.js';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { openLmdb, type Store } from '../../../../../adapters/log/embedded/store.js';
import { LogFailure } from '../../../../../core/ports.js';
import { allOf, appendOf, input, inputs, refusalOf, seqsOf } from '../../../../support/log-events.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';

/** What a system call, or LMDB after one, fails with. */
const failing = (code: number | string, message = 'it said no'): Error => Object.assign(new Error(message), { code });

describe('an embedded log whose disk fails', () => {
  let folder: LogFolder;
  let broken: Error | undefined;
  let commits: number;
  const openStore = (directory: string, readOnly: boolean): Store => {
    const store = openLmdb(directory, readOnly);
    return {
      ...store,
      commit(changes) {
        commits += 1;
        return broken === undefined ? store.commit(changes) : Promise.reject(broken);
      },
    };
  };
  const open = (): Promise<EmbeddedLog> => openEmbeddedLog(folder.path, { openStore });
  beforeEach(() => {
    folder = logFolder();
    broken = undefined;
    commits = 0;
  });
  afterEach(() => folder.remove());

  for (const [why, error, code] of [
    ['full', failing(constants.errno.ENOSPC, 'No space left on device'), 'disk_full'],
    ['over its quota', failing('EDQUOT'), 'disk_full'],
    ['read-only', failing(constants.errno.EROFS, 'Read-only file system'), 'read_only'],
    ['not ours to write', failing('EACCES'), 'read_only'],
    ['damaged, says LMDB,', failing(-30_796, 'MDB_CORRUPTED'), 'damaged'],
    ['failing', failing(constants.errno.EIO), 'unavailable'],
  ] as const)
    it(`refuses with ${code} when it is ${why} and keeps what was acknowledged`, async () => {
      const log = await open();
      await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
      broken = error;
      const refusals = await Promise.all(
        [4, 5, 6].map((seq) => refusalOf(log.append([appendOf('a', 'any', [input(seq)])]))),
      );
      for (const refusal of refusals) {
        expect(refusal).to.be.instanceOf(LogFailure).and.to.include({ code, cause: error });
        expect((refusal as LogFailure).message).to.include(folder.path);
      }
      broken = undefined;
      await log.close();
      const again = await open();
      expect(seqsOf(await allOf(again.readAll()))).to.deep.equal([1, 2, 3]);
      await again.append([appendOf('a', 2, inputs(4, 6))]);
      await again.close();
    });

  it('writes and reads no more until it is opened again', async () => {
    const log = await open();
    await log.append([appendOf('a', 'no_stream', [input(1)])]);
    const stop = new AbortController();
    const items = log.subscribe({}, stop.signal)[Symbol.asyncIterator]();
    await items.next();
    await items.next(); // caught up
    const waiting = refusalOf(items.next());
    broken = failing('ENOSPC');
    await refusalOf(log.append([appendOf('a', 'any', [input(2)])]));
    expect(await waiting).to.include({ code: 'disk_full' });
    broken = undefined;
    const before = commits;
    for (const late of [log.append([appendOf('a', 'any', [input(3)])]), log.drop(['a']), allOf(log.readAll())])
      expect(await refusalOf(late)).to.include({ code: 'disk_full' });
    expect(commits).to.equal(before);
    await log.close();
  });

  it('takes an append whole or not at all', async () => {
    const log = await open();
    broken = failing('ENOSPC');
    await refusalOf(log.append([appendOf('a', 'any', inputs(1, 500)), appendOf('b', 'any', inputs(501, 900))]));
    await log.close();
    broken = undefined;
    const again = await open();
    expect(await allOf(again.readAll())).to.deep.equal([]);
    await again.close();
  });

  it('says at opening what stands in the way, and lets go of the folder', async () => {
    for (const [error, code] of [
      [failing('EROFS'), 'read_only'],
      [failing(constants.errno.EACCES), 'read_only'],
      [failing('ENOSPC'), 'disk_full'],
    ] as const) {
      const refusing = (): Store => {
        throw error;
      };
      const refusal = await refusalOf(openEmbeddedLog(folder.path, { openStore: refusing }));
      expect(refusal).to.be.instanceOf(LogFailure).and.to.include({ code });
    }
    await (await open()).close();
  });
});
