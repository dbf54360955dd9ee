import { createHash } from 'node:crypto';
import { closeSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFailure } from '../../../core/ports.js';

/** Holding a folder: while one process does, no other one gets it. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Holds a folder by listening on a local socket named after it. The operating system takes the socket away when its
 * process ends, however it ends, so a dead holder blocks nobody; a pid in a file would. It holds within one machine and,
 * on Linux, within one network namespace: containers that share a folder and not a network do not see each other.
 *
 * @param socketOf where the socket of a folder is; a test may ask for another platform's way
 * @throws {LogFailure} `in_use`
 */
export async function holdFolder(directory: string, socketOf = socketAddress): Promise<FolderLock> {
  const address = socketOf(directory);
  const server = (await listen(address)) ?? (await replaceDead(address));
  if (server === undefined) {
    const holder = await holderOf(address);
    throw new LogFailure(
      'in_use',
      `${directory} is in use by another server${holder === undefined || holder === '' ? '' : ` (process ${holder})`}; ` +
        'stop it, or name another folder with --data (reading goes on beside it)',
    );
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Whether some process holds the folder. */
export async function isHeld(directory: string, socketOf = socketAddress): Promise<boolean> {
  return (await holderOf(socketOf(directory))) !== undefined;
}

/** An abstract socket on Linux, a named pipe on Windows, a socket file elsewhere. */
export function socketAddress(directory: string, platform: string = process.platform): string {
  if (platform === 'win32') return `\\\\.\\pipe\\reprise-${digest(realpathSync(directory).toLowerCase())}`;
  // device and inode, so that a link or another mount of the folder is the same folder
  const { dev, ino } = statSync(directory, { bigint: true });
  const name = `reprise-${digest(`${dev}:${ino}`)}`;
  return platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** @returns undefined when somebody else listens there, or did */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((asking) => {
      asking.on('error', () => undefined);
      asking.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else
        reject(
          new LogFailure('unavailable', `the folder's lock cannot be taken (${error.message})`, {}, { cause: error }),
        );
    });
    server.listen(address, () => {
      server.unref(); // a log that is left open keeps no process alive
      resolve(server);
    });
  });
}

/** How long a holder that is busy is asked for its pid; that it holds is clear before. */
const ANSWER_MS = 500;

/** The pid of who listens there, '' for one that does not say, undefined when nobody listens. */
function holderOf(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    let connected = false;
    const socket = connect(address);
    const finish = (): void => {
      socket.destroy();
      resolve(connected ? said : undefined);
    };
    socket.setTimeout(ANSWER_MS, finish);
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('data', (data) => {
      said += data.toString();
    });
    socket.on('end', finish);
    socket.on('error', finish);
  });
}

/** A process that died while it took another one's place leaves its file for so long. */
const REPLACING_MS = 10_000;

/**
 * Listens in the place of a dead process, whose socket file stays behind where sockets are files. Only one at a time
 * may look and take away: else the second would take away what the first has just made.
 */
async function replaceDead(address: string): Promise<Server | undefined> {
  if (address.startsWith('\0') || address.startsWith('\\\\')) return undefined; // these go with their process
  const turn = `${address}.turn`;
  const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  if (Date.now() - since > REPLACING_MS) rmSync(turn, { force: true });
  try {
    closeSync(openSync(turn, 'wx'));
  } catch {
    return undefined; // somebody else is at it, and will hold the folder
  }
  try {
    if ((await holderOf(address)) !== undefined) return undefined;
    rmSync(address, { force: true });
    return await listen(address);
  } finally {
    rmSync(turn, { force: true });
  }
}
