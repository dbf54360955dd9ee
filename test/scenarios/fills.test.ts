import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ASSUMPTIONS, storiesIn, tell } from '../support/stories.js';

const PAGES = ['docs/fills.md', 'test/scenarios/queue-stories.md'];

for (const page of PAGES)
  describe(`the stories of ${page}`, () => {
    const text = readFileSync(fileURLToPath(new URL(`../../../${page}`, import.meta.url)), 'utf8');
    for (const story of storiesIn(text))
      for (const assume of ASSUMPTIONS) it(`${story.title} (${assume})`, () => tell(story, assume));
  });
