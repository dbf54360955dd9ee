import { MICROS, type EpochMicros } from '../../../core/time.js';

// Activity by hour of the day in UTC, per mille of the day's mean: quiet before Europe wakes, busiest when America does.
const BY_HOUR = [
  910, 850, 780, 700, 630, 610, 680, 810, 970, 1020, 980, 960, 1100, 1380, 1560, 1500, 1350, 1200, 1120, 1080, 1040,
  960, 900, 910,
];

/** How busy the market is at an instant: 1 on the day's average, linear between the hours. */
export function activityAt(at: EpochMicros): number {
  const ofDay = at - Math.floor(at / MICROS.d) * MICROS.d;
  const hour = Math.floor(ofDay / MICROS.h);
  const from = BY_HOUR[hour]!;
  const to = BY_HOUR[hour === 23 ? 0 : hour + 1]!;
  return (from + ((to - from) * (ofDay - hour * MICROS.h)) / MICROS.h) / 1000;
}
