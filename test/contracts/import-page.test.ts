import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { FORMATS } from '../../adapters/recordings/formats.js';
import { docsPage } from '../support/fixtures.js';
import { cli } from '../support/cli.js';

describe('docs/import.md and the help of import', () => {
  it('name every format', async () => {
    const page = readFileSync(docsPage('import.md'), 'utf8');
    const help = await cli('import', '--help');
    for (const { name } of FORMATS) {
      expect(page).to.contain(`| \`${name}\` |`);
      expect(help.stdout.replace(/\s+/g, ' ')).to.contain(name);
    }
  });
});
