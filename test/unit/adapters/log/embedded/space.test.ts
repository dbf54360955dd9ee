import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedLog } from '../../../../../adapters/log/embedded/open.js';
import { appendOf, inputs } from '../../../../support/log-events.js';
import { logFolder } from '../../../../support/log-folder.js';

describe('space of an embedded log', () => {
  it('that was freed is used again, and never given back', async () => {
    const folder = logFolder();
    const log = await openEmbeddedLog(folder.path);
    const sizes: number[] = [];
    for (let hour = 0; hour < 12; hour++) {
      const stream = `reprise.clock-20240808${String(hour).padStart(2, '0')}`;
      for (let part = 0; part < 5; part++) {
        const first = hour * 5_000 + part * 1_000 + 1;
        await log.append([appendOf(stream, 'any', inputs(first, first + 999))]);
      }
      if (hour > 0) await log.drop([`reprise.clock-20240808${String(hour - 1).padStart(2, '0')}`]);
      sizes.push(statSync(join(folder.path, 'data.mdb')).size);
    }
    await log.close();
    folder.remove();
    expect(sizes.at(-1)).to.be.lessThan(sizes[0]! * 4); // two hours at a time, and what is free between
    expect(sizes).to.deep.equal([...sizes].sort((a, b) => a - b));
  });
});
