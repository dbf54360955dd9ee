import { writeEventsPage } from './events-page.js';
import { writeVenuesPage } from './venues-page.js';

writeEventsPage();
writeVenuesPage();
