import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ASSUMPTIONS, storiesIn, tell } from '../support/stories.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/fills.md', import.meta.url)), 'utf8');

describe('the examples of docs/fills.md', () => {
  for (const story of storiesIn(page))
    for (const assume of ASSUMPTIONS) it(`${story.title} (${assume})`, () => tell(story, assume));
});
