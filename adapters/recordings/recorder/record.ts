import type { MarketFeed, StopSignal } from '../../../core/ports.js';
import { MICROS, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import type { FrameTap } from '../../venues/connection/ports.js';
import { readRules } from '../rules-file.js';
import type { Disk } from '../session/disk.js';
import { oneName, numberedNames, type PartNames } from './names.js';
import type { RecordedSession } from './parts.js';
import { Recorder } from './recorder.js';

/** A feed, and where its frames are kept. */
export interface RecordedFeed {
  readonly feed: MarketFeed;
  /** The tap that it was opened with, where it has frames. */
  readonly tap?: FrameTap;
}

/** Why a recording ended. */
export type RecordingEnd = 'stopped' | 'duration' | 'feeds_ended' | 'disk_full';

export type { RecordedSession } from './parts.js';

/** How far a recording is: all of it outlives the process. */
export interface RecordProgress {
  /** The session that is being written. */
  readonly out: string;
  /** Inputs of this session. */
  readonly inputs: number;
  /** Lines of its raw files. */
  readonly rawLines: number;
  /** Inputs of all sessions, and bytes of this one. */
  readonly messages: number;
  readonly bytes: number;
}

export interface RecordOptions {
  readonly out: string;
  readonly engineVersion: string;
  /** The time that the feeds live in. */
  readonly clock: Clock;
  /** The machine's time, by which is flushed. */
  readonly hostClock: Clock;
  /**
   * Opens the feeds.
   *
   * @param tapOf  where a feed of a venue tells its frames, from now on; asked once for each
   */
  readonly open: (tapOf: (venue: string) => FrameTap) => Promise<readonly RecordedFeed[]>;
  /** How long to record, in the feeds' time; until `signal` aborts where absent. */
  readonly duration?: Micros;
  /** A new part after that time, or after so many bytes. */
  readonly rotateAfter?: Micros;
  readonly rotateBytes?: number;
  /** Parsed content of a rules file. */
  readonly rules?: unknown;
  readonly force?: boolean;
  readonly signal: StopSignal;
  /** Called when all that came is with the operating system. */
  readonly onFlush?: (progress: RecordProgress) => void;
  /** Told of what earlier recorders left beside the parts. */
  readonly onLeft?: (left: { readonly folder: string; readonly target: string }) => void;
  readonly disk?: Disk;
  /** How often everything is handed to the operating system; each second when absent. */
  readonly flushEvery?: Micros;
}

/**
 * Records feeds into captured sessions until it is told to stop, the time is over, every feed has ended or the disk is full.
 * Then, and where a feed fails, what was recorded becomes a session.
 *
 * @throws {RecordingError} where nothing can be written, or what was written cannot be closed: that is left for `--recover`
 */
export async function record(
  options: RecordOptions,
): Promise<{ readonly sessions: readonly RecordedSession[]; readonly end: RecordingEnd }> {
  const isRotated = options.rotateAfter !== undefined || options.rotateBytes !== undefined;
  const rules = readRules(options.rules);
  let names: PartNames;
  if (isRotated) {
    const numbered = await numberedNames(options.out);
    numbered.left.forEach((left) => options.onLeft?.(left));
    names = numbered;
  } else names = await oneName(options.out);
  const awake = setInterval(() => undefined, MICROS.s); // no clock keeps a process alive, and a recording does
  try {
    return await new Recorder(options, names, rules).run();
  } finally {
    clearInterval(awake);
  }
}
