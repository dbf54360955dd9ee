import { type Disk, type DiskFile, MACHINE_DISK } from '../../adapters/recordings/session/disk.js';

/** What is done before each operation on a disk, in place of the operating system's own whims. */
interface Whims {
  /** @returns how many of these bytes may be written now; throws, or never resolves, where the disk says no */
  write(bytes: number): Promise<number>;
  other(): Promise<void>;
  removed(bytes: number): void;
}

/** A disk whose files do what `whims` says. @param made  every file that it made */
function oddDisk(whims: Whims, made: DiskFile[] = []): Disk {
  const sizes = new Map<string, number>();
  return {
    create: async (path) => {
      await whims.other();
      const file = await MACHINE_DISK.create(path);
      made.push(file);
      sizes.set(path, 0);
      return {
        write: (async (bytes: Uint8Array, offset: number, length: number, position: number) => {
          const allowed = await whims.write(length);
          sizes.set(path, Math.max(sizes.get(path)!, position + allowed));
          return file.write(bytes, offset, allowed, position);
        }) as DiskFile['write'],
        writev: (async (pieces: readonly Uint8Array[], position: number) => {
          const all = Buffer.concat(pieces);
          const allowed = await whims.write(all.length);
          sizes.set(path, Math.max(sizes.get(path)!, position + allowed));
          const { bytesWritten } = await file.write(all, 0, allowed, position);
          return { bytesWritten, buffers: pieces };
        }) as DiskFile['writev'],
        truncate: async (length = 0) => {
          whims.removed(Math.max(0, sizes.get(path)! - length));
          sizes.set(path, Math.min(sizes.get(path)!, length));
          await file.truncate(length);
        },
        sync: async () => {
          await whims.other();
          await file.sync();
        },
        close: () => file.close(),
      };
    },
    remove: async (path) => {
      await whims.other();
      whims.removed(sizes.get(path) ?? 0);
      sizes.delete(path);
      await MACHINE_DISK.remove(path);
    },
  };
}

/** A disk with room for so many bytes. */
export class SmallDisk {
  used = 0;
  readonly disk = oddDisk({
    write: (bytes) => {
      const allowed = Math.min(bytes, this.capacity - this.used);
      if (allowed === 0 && bytes > 0)
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      this.used += allowed;
      return Promise.resolve(allowed);
    },
    other: () => Promise.resolve(),
    removed: (bytes) => {
      this.used -= bytes;
    },
  });

  constructor(public capacity: number) {}
}

/** A disk on which nothing moves any more after so many operations, in the middle of a write: as if the process had died. */
export class DyingDisk {
  /** Resolves when it has stopped. */
  readonly stopped: Promise<'stopped'>;
  readonly disk: Disk;
  readonly #files: DiskFile[] = [];

  constructor(operations: number) {
    let left = operations;
    let stop!: () => void;
    this.stopped = new Promise((resolve) => (stop = () => resolve('stopped')));
    const never = (): Promise<never> => {
      stop();
      return new Promise(() => undefined);
    };
    let isTorn = false;
    this.disk = oddDisk(
      {
        write: (bytes) => {
          if (--left >= 0) return Promise.resolve(bytes);
          if (isTorn) return never();
          isTorn = true; // half of what was being written is there
          return Promise.resolve(bytes >> 1);
        },
        other: () => (--left >= 0 ? Promise.resolve() : never()),
        removed: () => undefined,
      },
      this.#files,
    );
  }

  /** What the operating system does for a process that is gone. */
  async closeFiles(): Promise<void> {
    await Promise.allSettled(this.#files.map((file) => file.close()));
  }
}

/** A disk that is as slow as it is told to be: each write waits until it is let go on. */
export class HeldDisk {
  held: Promise<void> | undefined;
  readonly disk = oddDisk({
    write: async (bytes) => {
      await this.held;
      return bytes;
    },
    other: () => Promise.resolve(),
    removed: () => undefined,
  });
}
