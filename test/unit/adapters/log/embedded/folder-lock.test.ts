import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdFolder, isHeld, socketAddress } from '../../../../../adapters/log/embedded/folder-lock.js';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { startChild } from '../../../../support/child.js';
import { refusalOf } from '../../../../support/log-events.js';
import { logFolder, type LogFolder } from '../../../../support/log-folder.js';

describe('holding a folder', () => {
  let folder: LogFolder;
  beforeEach(() => (folder = logFolder()));
  afterEach(() => folder.remove());

  it('refuses a second server, in this process or another, and says who has it', async () => {
    const child = startChild('log-child.js', ['hold', folder.path]);
    expect(await child.line((line) => line.startsWith('holds'))).to.equal(`holds ${child.process.pid!}`);
    const refusal = await refusalOf(openEmbeddedLog(folder.path));
    expect(refusal).to.include({ code: 'in_use' });
    expect((refusal as Error).message)
      .to.include(`process ${child.process.pid!}`)
      .and.to.include('--data');
    child.process.stdin!.end('go');
    expect(await child.ended).to.equal('0');

    const log = await openEmbeddedLog(folder.path);
    expect(await refusalOf(openEmbeddedLog(folder.path))).to.include({ code: 'in_use' });
    const second = startChild('log-child.js', ['hold', folder.path]);
    expect(await second.line(() => true)).to.equal('failed in_use');
    await second.ended;
    await log.close();
    await (await openEmbeddedLog(folder.path)).close();
  });

  it('is not in the way of a successor when its holder was killed', async () => {
    const child = startChild('log-child.js', ['hold', folder.path]);
    await child.line((line) => line.startsWith('holds'));
    child.process.kill('SIGKILL');
    expect(await child.ended).to.equal('SIGKILL');
    await (await openEmbeddedLog(folder.path)).close();
  });

  it('knows the folder by any of its names', async function () {
    if (process.platform === 'win32') this.skip(); // links need rights there
    const link = join(folder.path, 'link');
    const real = join(folder.path, 'real');
    mkdirSync(real);
    symlinkSync(real, link);
    const lock = await holdFolder(real);
    expect(await refusalOf(holdFolder(link))).to.include({ code: 'in_use' });
    expect(await isHeld(link)).to.equal(true);
    await lock.release();
    expect(await isHeld(link)).to.equal(false);
  });

  describe('by a socket file, where there are no other sockets', () => {
    const address = (directory: string): string => join(directory, 'lock.sock');

    it('holds as well', async function () {
      if (process.platform === 'win32') this.skip();
      const lock = await holdFolder(folder.path, address);
      expect(await refusalOf(holdFolder(folder.path, address))).to.include({ code: 'in_use' });
      expect(await isHeld(folder.path, address)).to.equal(true);
      await lock.release();
      await (await holdFolder(folder.path, address)).release();
    });

    it('takes away what a dead holder left, and only one of many gets it', async function () {
      if (process.platform === 'win32') this.skip();
      for (let round = 0; round < 10; round++) {
        writeFileSync(address(folder.path), ''); // nobody listens there
        const locks = await Promise.allSettled([1, 2, 3, 4].map(() => holdFolder(folder.path, address)));
        const held = locks.filter((lock) => lock.status === 'fulfilled');
        expect(held).to.have.length(1);
        await held[0]!.value.release();
        expect(existsSync(address(folder.path))).to.equal(false);
      }
    });

    it('lies in the folder for temporary files, or is a pipe', () => {
      expect(socketAddress(folder.path, 'darwin')).to.match(/reprise-[0-9a-f]{32}\.sock$/);
      expect(socketAddress(folder.path, 'linux')).to.match(/^\0reprise-[0-9a-f]{32}$/);
      expect(socketAddress(folder.path, 'win32')).to.match(/^\\\\\.\\pipe\\reprise-[0-9a-f]{32}$/);
    });
  });
});
