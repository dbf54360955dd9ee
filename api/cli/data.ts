import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import type { EmbeddedLog } from '../../adapters/log/embedded/log.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import type { EventLog } from '../../core/ports.js';
import { WrongRequest } from './failures.js';

/** Where a log is, and how its streams begin. */
export interface LogAddress {
  /** A data folder, or the address of a store: `esdb://…`, `esdb+discover://…`. */
  readonly data: string;
  /** What stands before the dot that the names of its streams begin with. */
  readonly name?: string;
}

const STORE = /^esdb(\+discover)?:\/\//;

/** Whether DATA names a store and not a folder. */
export const isStoreAddress = (data: string): boolean => STORE.test(data);

/** A store's address as it may be shown: without user, password and settings. */
export const shownAddress = (data: string): string =>
  isStoreAddress(data) ? data.replace(/\/\/.*@/, '//').replace(/[?#].*$/, '') : data;

/** How the streams of a log begin. @throws {WrongRequest} */
export function streamsName(name: string | undefined): string {
  if (name === undefined) return DEFAULT_LOG_NAME;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name))
    throw new WrongRequest(`--name: "${name}" is no name of a log; use up to 32 of A-Z a-z 0-9 _ -`);
  return `${name}.`;
}

/** What a data folder holds: the log, and the table of orders that can be rebuilt from it. */
export const logFolder = (data: string): string => join(data, 'log');
export const tableFolder = (data: string): string => join(data, 'orders');

/** Where the table of orders of a log in a store lies: each log has its own, whatever folder they are given. */
export function storeTableFolder(data: string, store: string, name: string): string {
  const log = createHash('sha256')
    .update(`${shownAddress(store)} ${name}`)
    .digest('hex')
    .slice(0, 12);
  return join(data, `orders-${log}`);
}

/** A log that is looked into; only that of a folder can check its bytes. */
export type ReadableLog = EventLog & Partial<Pick<EmbeddedLog, 'check'>>;

/** Opens a log to look into it; a server may be writing it. */
export async function readLog(data: string): Promise<ReadableLog> {
  if (isStoreAddress(data)) return openEventStoreLog(data, { readOnly: true });
  await mustBeThere(data);
  return openEmbeddedLog(logFolder(data), { readOnly: true });
}

async function mustBeThere(data: string): Promise<void> {
  const exists = await access(logFolder(data)).then(
    () => true,
    () => false,
  );
  if (!exists)
    throw new WrongRequest(
      `${data} holds no log; name the folder that \`reprise serve --data\` was given, or the address of a store, esdb://…`,
    );
}

/** Opens a log that is there to write it. */
export async function ownLog(data: string): Promise<EventLog> {
  if (!isStoreAddress(data)) await mustBeThere(data);
  return writeLog(data);
}

/** Opens a log to write it, and makes one in a folder where there is none. */
export const writeLog = (data: string): Promise<EventLog> =>
  isStoreAddress(data) ? openEventStoreLog(data) : openEmbeddedLog(logFolder(data));
