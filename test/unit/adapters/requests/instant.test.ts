import { expect } from 'chai';
import { readTime } from '../../../../adapters/requests/instant.js';
import { T0 } from '../../../support/market.js';

describe('a TIME', () => {
  for (const [text, time] of [
    ['2024-01-01T00:00:00Z', { at: T0 }],
    ['1704067200000000', { at: T0 }],
    ['1704067200000000999', { at: T0 }], // nanoseconds are cut
    ['99999999999999', { seq: 99_999_999_999_999 }],
    ['100000000000000', { at: 100_000_000_000_000 }],
    ['0', { seq: 0 }],
  ] as const)
    it(`reads ${text}`, () => {
      expect(readTime(text)).to.deep.equal(time);
    });

  for (const text of ['', 'now', '-1', '1.5', '2024-02-30T00:00:00Z', '9'.repeat(22), '9'.repeat(30)])
    it(`reads nothing into "${text}"`, () => {
      expect(readTime(text)).to.equal(undefined);
    });
});
