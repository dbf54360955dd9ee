import type { EpochMicros } from '../../core/time.js';
import type { Clock } from './clock.js';

/**
 * A clock that begins at `startAt` now and runs `speed` times as fast as `base`: the time in which a captured session is
 * lived again.
 *
 * @param speed  > 0; 1 is the session's own pace
 */
export function scaledClock(options: { startAt: EpochMicros; speed: number; base: Clock }): Clock {
  const { startAt, speed, base } = options;
  if (!(speed > 0 && Number.isFinite(speed)))
    throw new RangeError(`a market cannot run at speed ${speed}: give a number above 0`);
  const baseStart = base.now();
  const now = (): EpochMicros => startAt + Math.floor((base.now() - baseStart) * speed);
  return {
    now,
    async until(at, signal) {
      do await base.until(baseStart + Math.ceil((at - startAt) / speed), signal);
      while (now() < at && !signal.aborted);
    },
  };
}
