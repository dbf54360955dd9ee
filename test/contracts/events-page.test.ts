import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { docsPage } from '../support/fixtures.js';
import { eventsPage, eventsSchema } from '../support/events-page.js';

describe('docs/events.md', () => {
  it('is what the schemas say (`npm run docs` renews it)', () => {
    const { current, should } = eventsPage();
    expect(current).to.equal(should);
  });

  it('has them beside it for programs', () => {
    expect(readFileSync(docsPage('events.schema.json'), 'utf8')).to.equal(eventsSchema());
  });
});
