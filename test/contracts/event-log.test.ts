import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { LARGEST_APPEND } from '../../adapters/log/eventstoredb/body.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { logFolder } from '../support/log-folder.js';
import { storeForTests, THIS_RUN, type TestStore } from '../support/real-node.js';
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

describe('on a wire', () => {
  let store: TestStore;
  let logs = 0;
  before(async () => {
    store = await storeForTests();
  });
  after(() => store.stop());

  eventLogContract(
    'EventStoreDB',
    true,
    async () => {
      const namespace = `test${THIS_RUN}-${++logs}.`; // the store is one for all of these; each log sees its own streams
      let log = await openEventStoreLog(store.connection, { namespace });
      return {
        log,
        async reopen() {
          await log.close();
          log = await openEventStoreLog(store.connection, { namespace });
          return log;
        },
        dispose: () => log.close(),
      };
    },
    LARGEST_APPEND,
  );
});
