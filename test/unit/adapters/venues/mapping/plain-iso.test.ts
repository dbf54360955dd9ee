import { expect } from 'chai';
import { plainIso } from '../../../../../adapters/venues/mapping/plain-iso.js';
import { formatInstant, parseInstant } from '../../../../../core/time.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';

describe('times as most venues write them', () => {
  it('are read as the general way reads them', () =>
    seedOf('plain ISO', (seed) => {
      const random = seeded(seed);
      for (let round = 0; round < 5_000; round++) {
        const at = Math.floor(random() * 4_000_000_000) * 1_000_000 + Math.floor(random() * 1_000_000);
        const text = formatInstant(at);
        const read = plainIso(text);
        if (!text.includes('-02-29')) expect(read, text).to.equal(at);
        const cut = Math.floor(random() * text.length);
        const spoiled = text.slice(0, cut) + '-:.TZ059 x'[Math.floor(random() * 10)]! + text.slice(cut + 1);
        const spoiledRead = plainIso(spoiled);
        if (spoiledRead !== undefined) expect(spoiledRead, spoiled).to.equal(parseInstant(spoiled));
      }
    }));
  it('lose what is finer than a microsecond', () => {
    expect(plainIso('2026-03-05T09:05:32.483569999Z')).to.equal(parseInstant('2026-03-05T09:05:32.483569Z'));
  });
  for (const text of [
    '',
    '2026-03-05T09:05:32',
    '2026-03-05T09:05:32.Z',
    '2026-03-05 09:05:32Z',
    '2026-03-05T09:05:32+01:00',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-03-05T24:00:00Z',
    '2026-03-05T09:05:32.12x456Z',
    '2026-03-05T09:05:32.123456x9Z',
    '2026-03-05T09:05:32.1234567890Z',
  ])
    it(`leaves "${text}" to it`, () => {
      expect(plainIso(text)).to.equal(undefined);
    });
});
