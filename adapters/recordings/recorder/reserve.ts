import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Disk, type DiskFile, isFull } from '../session/disk.js';

/** The file that holds room, in the folder of a recording. */
export const RESERVE = 'reserve';

const STEP = 1_048_576;

/**
 * A disk of which some room is held back. Once it is full that room is given back, and what met the full disk goes on: so
 * that a recording can still be closed.
 */
export class ReservedDisk implements Disk {
  #isFull = false;
  #held = 0;
  #file: DiskFile | undefined;
  #releasing: Promise<void> | undefined;
  /** Bytes that no file system packs together. */
  readonly #bytes = randomBytes(STEP);

  constructor(
    readonly disk: Disk,
    readonly folder: string,
  ) {}

  /** The disk was full, and the room is given back: what is there should be closed, and nothing begun. */
  get isFull(): boolean {
    return this.#isFull;
  }

  create(path: string): Promise<DiskFile> {
    return this.disk.create(path);
  }

  remove(path: string): Promise<void> {
    return this.disk.remove(path);
  }

  /** Holds at least so many bytes. Where there is no room for them, the disk counts as full. */
  async hold(bytes: number): Promise<void> {
    if (this.#isFull || this.#held >= bytes) return;
    try {
      this.#file ??= await this.disk.create(join(this.folder, RESERVE));
      while (this.#held < bytes) {
        let from = 0;
        while (from < STEP)
          from += (await this.#file.write(this.#bytes, from, STEP - from, this.#held + from)).bytesWritten;
        this.#held += STEP;
      }
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.makeRoom();
    }
  }

  async makeRoom(): Promise<boolean> {
    this.#isFull = true;
    await this.release();
    return true;
  }

  /** Gives the room back. */
  release(): Promise<void> {
    return (this.#releasing ??= this.#release());
  }

  async #release(): Promise<void> {
    if (this.#file === undefined) return;
    await this.#file.close();
    await this.disk.remove(join(this.folder, RESERVE)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // it went when the session was closed
    });
  }
}
