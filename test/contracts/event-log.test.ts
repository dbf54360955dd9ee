import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { logFolder } from '../support/log-folder.js';
import { eventLogContract } from './event-log.js';

eventLogContract('in memory', false, () => {
  const log = memoryLog();
  return Promise.resolve({ log, reopen: () => Promise.resolve(log), dispose: () => log.close() });
});

eventLogContract('embedded, on LMDB', true, async () => {
  const folder = logFolder();
  let log = await openEmbeddedLog(folder.path);
  return {
    log,
    async reopen() {
      await log.close();
      log = await openEmbeddedLog(folder.path);
      return log;
    },
    async dispose() {
      await log.close();
      folder.remove();
    },
  };
});
