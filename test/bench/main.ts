import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TIMED_CAPTURES } from './captures.js';
import { inChild } from './child.js';
import { collectorFile } from './inputs.js';
import { machineText } from './machine.js';
import { tableText, type Row } from './table.js';

/** The table's rows in its order; each is measured by `rows/NAME.ts` in a process of its own. */
const ROWS = [
  'import',
  'replay',
  'taker',
  'maker',
  'costs',
  'bare',
  'append',
  'memory',
  'start',
  'storestart',
  'timetravel',
  'live',
  'store',
  'store-read',
  'store-command',
  'sweep-one',
  'sweep-takers',
  'sweep-many',
  'sweep-makers',
  'sweep-workers',
  'sweep-real-one',
  'sweep-real-takers',
  'sweep-real-many',
  'sweep-real-makers',
  'markets',
  ...Object.keys(TIMED_CAPTURES),
];

/**
 * `npm run bench [-- --only NAME[,NAME] --quick --profile --dir DIR]`: the table of speed and memory. Ratios are of one run;
 * what is absolute holds for this machine and this disk.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      // where npm start keeps its log, too: it is that disk that counts
      dir: { type: 'string', default: 'data' },
    },
  });
  const names = values.only === undefined ? ROWS : values.only.split(',').map(known);
  mkdirSync(values.dir, { recursive: true });
  const folder = mkdtempSync(join(values.dir, 'bench-'));
  const stop = (): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const file = await collectorFile(folder);
    console.log(`${new Date().toISOString()}${values.quick ? ', quick: small inputs, few rounds' : ''}`);
    console.log(machineText());
    console.log(`recording: ${file.name}, ${(file.bytes / 1e6).toFixed(1)} MB; disk: that of ${values.dir}\n`);
    const rows: Row[] = [];
    for (const name of names) {
      console.error(`… ${name}`);
      const flags = JSON.stringify({ folder, quick: values.quick, profile: values.profile });
      rows.push(await inChild<Row>('row', [name, flags]));
    }
    console.log(tableText(rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function known(name: string): string {
  if (ROWS.includes(name)) return name;
  throw new Error(`--only: there is no row ${name}; the rows are ${ROWS.join(', ')}`);
}

await main();
