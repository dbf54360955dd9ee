import { expect } from 'chai';
import { ScheduleError, type Course } from '../../../../core/measures/schedule-error.js';

const LINE = { startAt: 1000, endAt: 2000, baseLots: 0, lineLots: 100 };
const course = (filledLots: number, against: Course['against'] = LINE, standsSince = 0): Course => ({
  filledLots,
  against,
  standsSince,
});

/** Area in lots x microseconds, worst in lots, span in microseconds. */
function told(error: ScheduleError, at: number): [string, string, number] {
  const { area, worst, span } = error.asOf(at);
  return [area.toText(6), worst.toText(6), span];
}

describe('the schedule error', () => {
  it('is a triangle for an order that does nothing', () => {
    const error = new ScheduleError();
    error.begin(1000, course(0));
    expect(told(error, 2000)).to.deep.equal(['50000', '100', 1000]);
  });
  it('is two triangles where the line crosses what is filled', () => {
    const error = new ScheduleError();
    error.begin(1000, course(25)); // ahead until 1250, behind after it
    expect(told(error, 2000)).to.deep.equal(['31250', '75', 1000]); // 25 x 250 / 2 + 75 x 750 / 2
  });
  it('is a sawtooth for an order that fills in steps', () => {
    const error = new ScheduleError();
    error.begin(1000, course(0));
    for (let i = 1; i <= 10; i++) error.change(1000 + 100 * i, course(10 * i));
    expect(told(error, 2000)).to.deep.equal(['5000', '10', 1000]); // ten triangles of 10 x 100 / 2
  });
  it('is counted in steps against the slices that are due', () => {
    const error = new ScheduleError();
    error.begin(1000, course(0, 50));
    error.change(1010, course(50, 50)); // filled 10 later
    error.change(1500, course(50, 100));
    error.change(1530, course(100, 100));
    expect(told(error, 2000)).to.deep.equal(['2000', '50', 1000]); // 50 x 10 + 50 x 30
  });
  it('stands still with the plan', () => {
    const error = new ScheduleError();
    error.begin(1000, course(0));
    error.stand(1500);
    expect(told(error, 2000)).to.deep.equal(['37500', '50', 1000]); // 500 x 50 / 2 + 500 x 50
  });
  it('goes on over several plans', () => {
    const error = new ScheduleError();
    error.begin(1000, course(0));
    // at 1500 the rest is laid out over [1500, 1800]
    error.change(1500, course(0, { startAt: 1500, endAt: 1800, baseLots: 0, lineLots: 90 }));
    expect(told(error, 1800)).to.deep.equal(['26000', '90', 800]); // 50 x 500 / 2 + 90 x 300 / 2
    error.change(1650, course(45, 45));
    expect(told(error, 1800)).to.deep.equal(['15875', '50', 800]); // 12500 + 45 x 150 / 2, and nothing more
  });
  it('is an exact fraction where nothing divides', () => {
    const error = new ScheduleError();
    error.begin(10, course(1, { startAt: 10, endAt: 17, baseLots: 0, lineLots: 3 }));
    // crosses 7/3 later: (1 x 7/3) / 2 + 2 x 14/3 / 2 = 7/6 + 28/6
    const { area } = error.asOf(17);
    expect([area.numerator, area.denominator]).to.deep.equal([35n, 6n]);
  });
  it('is the same in finer lots, and out of a checkpoint in the middle', () => {
    const error = new ScheduleError();
    error.begin(1000, course(25));
    error.advance(1300);
    const restored = new ScheduleError();
    restored.restore(error.asOf(1300), 1300, error.course);
    restored.rescale(10);
    expect(told(restored, 2000)).to.deep.equal(['312500', '750', 1000]);
  });
  it('begins when it is begun, and ends when it is ended', () => {
    const error = new ScheduleError();
    error.change(500, course(7));
    error.begin(1000, course(0));
    error.end(1500);
    error.change(1700, course(3));
    expect(told(error, 2000)).to.deep.equal(['12500', '50', 500]);
  });
});
