// Measures one row of the table and hands it back: a child of main.ts.
import { TIMED_CAPTURES } from './captures.js';
import { handBack } from './child.js';
import { appendRow } from './rows/append.js';
import { bareRow } from './rows/bare.js';
import { costsRow } from './rows/costs.js';
import { importRow } from './rows/import.js';
import { liveRow } from './rows/live.js';
import { mapperRow } from './rows/mapper.js';
import { marketsRow } from './rows/markets.js';
import { memoryRow } from './rows/memory.js';
import { makerRow, takerRow } from './rows/orders.js';
import { replayRow } from './rows/replay.js';
import type { MeasureRow, RowOptions } from './rows/row.js';
import { startRow } from './rows/start.js';
import { storeStartRow } from './rows/store-start.js';
import { timeTravelRow } from './rows/timetravel.js';
import { storeAppendRow, storeCommandRow, storeReadRow } from './rows/store.js';
import {
  sweepOne,
  sweepTakers,
  sweepMany,
  sweepMakers,
  sweepWorkers,
  sweepRealOne,
  sweepRealTakers,
  sweepRealMany,
  sweepRealMakers,
} from './rows/sweep.js';

const ROWS: Readonly<Record<string, MeasureRow>> = {
  import: importRow,
  replay: replayRow,
  taker: takerRow,
  maker: makerRow,
  costs: costsRow,
  bare: bareRow,
  append: appendRow,
  memory: memoryRow,
  start: startRow,
  storestart: storeStartRow,
  timetravel: timeTravelRow,
  live: liveRow,
  store: storeAppendRow,
  'store-read': storeReadRow,
  'store-command': storeCommandRow,
  'sweep-one': sweepOne,
  'sweep-takers': sweepTakers,
  'sweep-many': sweepMany,
  'sweep-makers': sweepMakers,
  'sweep-workers': sweepWorkers,
  'sweep-real-one': sweepRealOne,
  'sweep-real-takers': sweepRealTakers,
  'sweep-real-many': sweepRealMany,
  'sweep-real-makers': sweepRealMakers,
  markets: marketsRow,
  ...Object.fromEntries(Object.keys(TIMED_CAPTURES).map((name) => [name, mapperRow(name)])),
};

const [, , name = '', options = '{}'] = process.argv;
handBack(await ROWS[name]!(JSON.parse(options) as RowOptions));
