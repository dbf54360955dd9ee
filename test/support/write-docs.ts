import { writeEventsPage } from './events-page.js';

writeEventsPage();
