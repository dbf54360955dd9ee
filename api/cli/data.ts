import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLog, type EmbeddedLogOptions } from '../../adapters/log/embedded/open.js';
import type { EmbeddedLog } from '../../adapters/log/embedded/log.js';
import { WrongRequest } from './failures.js';

/** What a data folder holds: the log, and the table of orders that can be rebuilt from it. */
export const logFolder = (data: string): string => join(data, 'log');
export const tableFolder = (data: string): string => join(data, 'orders');

/** Opens a data folder's log to look into it; a server may be writing it. */
export async function readLog(data: string, options: Omit<EmbeddedLogOptions, 'readOnly'> = {}): Promise<EmbeddedLog> {
  const exists = await access(logFolder(data)).then(
    () => true,
    () => false,
  );
  if (!exists) throw new WrongRequest(`${data} holds no log; name the folder that \`reprise serve --data\` was given`);
  return openEmbeddedLog(logFolder(data), { ...options, readOnly: true });
}
