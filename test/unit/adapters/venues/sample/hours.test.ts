import { expect } from 'chai';
import { activityAt } from '../../../../../adapters/venues/sample/hours.js';
import { MICROS, parseInstant } from '../../../../../core/time.js';

describe('the hours of the sample market', () => {
  it('make an average day', () => {
    let sum = 0;
    for (let minute = 0; minute < 1440; minute++) sum += activityAt(minute * MICROS.m);
    expect(sum / 1440).to.be.closeTo(1, 0.0001);
  });
  it('pass smoothly into each other, also at midnight', () => {
    for (let hour = 0; hour <= 24; hour++)
      expect(activityAt(hour * MICROS.h + 1) - activityAt(hour * MICROS.h - 1 + MICROS.d)).to.be.closeTo(0, 0.001);
  });
  it('are thin when Asia sleeps and Europe has not woken, thick when America trades', () => {
    expect(activityAt(parseInstant('2024-03-05T05:00:00Z')!)).to.equal(0.61);
    expect(activityAt(parseInstant('2024-03-05T14:00:00Z')!)).to.equal(1.56);
  });
});
