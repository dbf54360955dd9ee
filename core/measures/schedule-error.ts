import type { EpochMicros, Micros } from '../time.js';
import { Fraction } from './fraction.js';

/** S while a plan is in force: it rises from `baseLots` by `lineLots` over [startAt, endAt]. */
export interface Line {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  readonly baseLots: number;
  readonly lineLots: number;
}

/** What an order is measured against, as it holds from some instant on. */
export interface Course {
  /** E: filled so far. */
  readonly filledLots: number;
  /** R for an order that takes its slices, or the line S. */
  readonly against: number | Line;
  /** Since when S and R stand still: the order is paused or stopped. 0 while they move. */
  readonly standsSince: EpochMicros;
}

/** |E - S| over time, exactly, in lots x microseconds; its greatest value in lots; and over how much time. */
export interface Deviation {
  readonly area: Fraction;
  readonly worst: Fraction;
  readonly span: Micros;
}

const NO_LINE: Line = { startAt: 0, endAt: 1, baseLots: 0, lineLots: 0 };

/**
 * The schedule error: how far what is filled lies from the schedule, |E(t) - R(t)| of an order that takes its slices, and
 * |E(t) - S(t)| of any other. It is integrated from change to change. On a stretch where E is constant and S a line, the
 * distance is a line too, and two triangles where they cross.
 */
export class ScheduleError {
  /** Up to when it is integrated; 0 while it is not. */
  at: EpochMicros = 0;
  course: Course = { filledLots: 0, against: 0, standsSince: 0 };
  #span: Micros = 0;
  // of lines that are past
  #area = Fraction.ZERO;
  #worst = Fraction.ZERO;
  // of the present one, over its length T: 2T x areas of stretches without a crossing, (2T x lineLots) x those with one
  #twice = 0n;
  #squares = 0n;
  #peak = 0n; // T x lots
  // of stretches against R, what is not in them yet: numbers for as long as they are exact, since bigints are slow
  #moreTwice = 0;
  #morePeak = 0;

  begin(at: EpochMicros, course: Course): void {
    this.at = at;
    this.course = course;
  }

  /** From `at` on another course holds. */
  change(at: EpochMicros, course: Course): void {
    if (this.at === 0) return;
    this.advance(at);
    if (!sameLine(lineOf(this.course), lineOf(course))) this.#settle();
    this.course = course;
  }

  /** From `at` on what it is measured against stands still. */
  stand(at: EpochMicros): void {
    if (this.course.standsSince === 0) this.change(at, { ...this.course, standsSince: at });
  }

  end(at: EpochMicros): void {
    if (this.at === 0) return;
    this.advance(at);
    this.#settle();
    this.at = 0;
  }

  advance(to: EpochMicros): void {
    const from = this.at;
    if (from === 0 || to <= from) return;
    this.at = to;
    this.#span += to - from;
    const { filledLots, against } = this.course;
    if (typeof against === 'number' && this.#isLevel(filledLots - against, to - from)) return;
    const [a, b] = [this.#distance(from), this.#distance(to)];
    const [left, right] = [a < 0n ? -a : a, b < 0n ? -b : b];
    if ((a < 0n && b > 0n) || (a > 0n && b < 0n)) this.#squares += a * a + b * b;
    else this.#twice += (left + right) * BigInt(to - from);
    if (left > this.#peak) this.#peak = left;
    if (right > this.#peak) this.#peak = right;
  }

  /** Adds a stretch of one distance; false where numbers are not enough. */
  #isLevel(distance: number, span: Micros): boolean {
    const lots = distance < 0 ? -distance : distance;
    const more = this.#moreTwice + 2 * lots * span;
    if (more > Number.MAX_SAFE_INTEGER) return false;
    this.#moreTwice = more;
    if (lots > this.#morePeak) this.#morePeak = lots;
    return true;
  }

  /** As of `at`, without going there. */
  asOf(at: EpochMicros): Deviation {
    const copy = new ScheduleError();
    copy.#area = this.#area;
    copy.#worst = this.#worst;
    copy.#span = this.#span;
    copy.#twice = this.#twice;
    copy.#squares = this.#squares;
    copy.#peak = this.#peak;
    copy.#moreTwice = this.#moreTwice;
    copy.#morePeak = this.#morePeak;
    copy.begin(this.at, this.course);
    copy.advance(at);
    copy.#settle();
    return { area: copy.#area, worst: copy.#worst, span: copy.#span };
  }

  restore({ area, worst, span }: Deviation, at: EpochMicros, course: Course): void {
    this.#area = area;
    this.#worst = worst;
    this.#span = span;
    this.begin(at, course);
  }

  rescale(sizeFactor: number): void {
    this.#settle();
    this.#area = this.#area.times(sizeFactor);
    this.#worst = this.#worst.times(sizeFactor);
    const { filledLots, against, standsSince } = this.course;
    this.course = {
      filledLots: filledLots * sizeFactor,
      against:
        typeof against === 'number'
          ? against * sizeFactor
          : { ...against, baseLots: against.baseLots * sizeFactor, lineLots: against.lineLots * sizeFactor },
      standsSince,
    };
  }

  /** T x (E - S) at an instant, whole; T is 1 against R. */
  #distance(at: EpochMicros): bigint {
    const { filledLots, against, standsSince } = this.course;
    if (typeof against === 'number') return BigInt(filledLots - against);
    const { startAt, endAt, baseLots, lineLots } = against;
    let place = standsSince !== 0 && standsSince < at ? standsSince : at;
    if (place < startAt) place = startAt;
    if (place > endAt) place = endAt;
    return BigInt(endAt - startAt) * BigInt(filledLots - baseLots) - BigInt(lineLots) * BigInt(place - startAt);
  }

  /** Adds up what was kept over the present line's length. */
  #settle(): void {
    this.#twice += BigInt(this.#moreTwice);
    if (BigInt(this.#morePeak) > this.#peak) this.#peak = BigInt(this.#morePeak);
    this.#moreTwice = 0;
    this.#morePeak = 0;
    const { startAt, endAt, lineLots } = lineOf(this.course) ?? NO_LINE;
    const length = BigInt(endAt - startAt);
    if (this.#twice !== 0n) this.#area = this.#area.plus(Fraction.of(this.#twice, 2n * length));
    if (this.#squares !== 0n) this.#area = this.#area.plus(Fraction.of(this.#squares, 2n * length * BigInt(lineLots)));
    this.#area = this.#area.reduced();
    const peak = Fraction.of(this.#peak, length).reduced();
    if (peak.isAbove(this.#worst)) this.#worst = peak;
    this.#twice = 0n;
    this.#squares = 0n;
    this.#peak = 0n;
  }
}

const lineOf = ({ against }: Course): Line | undefined => (typeof against === 'number' ? undefined : against);

function sameLine(a: Line | undefined, b: Line | undefined): boolean {
  return (
    a?.startAt === b?.startAt && a?.endAt === b?.endAt && a?.baseLots === b?.baseLots && a?.lineLots === b?.lineLots
  );
}
