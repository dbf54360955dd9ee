import { expect } from 'chai';
import { formatDuration, formatInstant, hourOf, parseDuration, parseInstant } from '../../core/time.js';

describe('time', () => {
  it('reads an instant to the microsecond and cuts what is finer', () => {
    expect(parseInstant('2024-08-08T23:55:13.937085768Z')).to.equal(1_723_161_313_937_085);
    expect(parseInstant('2024-08-09T01:55:13.937085+02:00')).to.equal(1_723_161_313_937_085);
  });
  it('refuses days that are not in the calendar', () => {
    for (const text of ['2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z', '2024-01-01', '2024-01-01T24:00:00Z', ''])
      expect(parseInstant(text), text).to.equal(undefined);
  });
  it('writes what it reads', () => {
    for (const text of ['1970-01-01T00:00:00Z', '2024-02-29T12:34:56.78Z', '2100-12-31T23:59:59.000001Z'])
      expect(formatInstant(parseInstant(text)!)).to.equal(text);
  });
  it('names the hour of a stream', () => expect(hourOf(1_723_161_313_937_085)).to.equal('2024080823'));
  it('reads durations, largest unit first', () => {
    expect(parseDuration('1h30m')).to.equal(5_400_000_000);
    expect(parseDuration('250ms')).to.equal(250_000);
    for (const text of ['', '5', '30m1h', '1.5s', '-5s', '5 s']) expect(parseDuration(text), text).to.equal(undefined);
    expect(formatDuration(5_400_000_000)).to.equal('1h30m');
  });
});
