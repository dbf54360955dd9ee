import { expect } from 'chai';
import { VENUES } from '../../adapters/venues/venues.js';
import { venuesPage } from '../support/venues-page.js';

describe('docs/venues.md', () => {
  it('is what the venues say (`npm run docs` renews it)', () => {
    const { current, should } = venuesPage();
    expect(current).to.equal(should);
  });
});

describe('a venue that can be served live', () => {
  for (const venue of VENUES.values()) {
    const { name, connection } = venue;
    if (connection !== undefined)
      it(`has what that takes: ${name}`, () => {
        const { endpoints, limits } = connection;
        expect(endpoints.socket).to.match(/^wss:\/\/[^/]+(\/.*)?[^/]$/);
        expect(endpoints.rest).to.match(/^https:\/\/[^/]+(\/.*)?[^/]$/);
        expect(venue).to.have.property('readInstruments').that.is.a('function');
        expect(connection.instruments(['X']), 'rules of an instrument').to.not.be.empty;
        connection.instruments([]); // all of them, where the venue tells them
        for (const { count, within } of [limits.messages, limits.connects, limits.requests]) {
          expect(Number.isSafeInteger(count) && count > 0 && within > 0).to.equal(true);
        }
        expect(limits.instrumentsPerConnection).to.be.above(0);
        expect(limits.silence).to.be.above(0);
      });
  }
});
