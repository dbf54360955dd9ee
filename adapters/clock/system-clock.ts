import { MICROS, type EpochMicros } from '../../core/time.js';
import type { StopSignal } from '../../core/ports.js';
import type { Clock, Instant } from './clock.js';

/** Two clocks of the machine: one that others agree with, and one that only ever goes forward. Both in microseconds. */
export interface MachineTime {
  wall(): number;
  /** With its fraction. */
  steady(): number;
}

/** A wall clock that is further ahead than this was set forward, or the machine slept: we follow. */
const FOLLOW = 50 * MICROS.ms;
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Wall time with the resolution and the steadiness of the machine's monotonic clock. It follows the wall clock when that
 * leaps ahead (a sleep, a correction) and never backwards: when the wall clock is set back, ours goes on and stays ahead.
 */
export function systemClock(machine: MachineTime = thisMachine): Clock {
  let anchorWall = machine.wall();
  let anchorSteady = machine.steady();
  const precisely = (): Instant => {
    const steady = machine.steady();
    const passed = Math.floor(steady - anchorSteady);
    const ours = anchorWall + passed;
    const wall = machine.wall();
    if (wall - ours <= FOLLOW) return { at: ours, nanos: Math.floor((steady - anchorSteady - passed) * 1_000) };
    anchorWall = wall;
    anchorSteady = steady;
    return { at: wall, nanos: 0 };
  };
  const now = (): EpochMicros => precisely().at;
  return {
    now,
    precisely,
    async until(at, signal) {
      for (let left = at - now(); !signal.aborted; left = at - now()) {
        await pause(left > 0 ? left : 0, signal);
        if (now() >= at) return;
      }
    },
  };
}

const thisMachine: MachineTime = {
  wall: () => Date.now() * MICROS.ms,
  steady: () => Number(process.hrtime.bigint()) / 1_000,
};

function pause(span: number, signal: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.ceil(span / MICROS.ms), LONGEST_TIMER_MS)).unref();
    signal.addEventListener('abort', done);
  });
}
