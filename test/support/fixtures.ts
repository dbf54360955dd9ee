import { fileURLToPath } from 'node:url';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** The command line as a user starts it. */
export const reprise = path('api/cli/reprise.js');
export const docsPage = (name: string): string => path(`docs/${name}`);
export const fixture = (name: string): string => path(`fixtures/${name}`);

/** The generated sessions, each with the flags that make it again. */
export const SESSIONS = [
  {
    name: 'quiet-minute',
    generate: ['--seed', '7', '--duration', '60s', '--start', '2024-01-01T04:00:00Z', '--instrument', 'BTC-USD@sample'],
    about: `# quiet-minute

One minute of BTC-USD@sample at a thin hour: \`reprise generate --seed 7 --duration 60s --start 2024-01-01T04:00:00Z\`.
Renewed by \`npm run fixtures\`.
`,
  },
  {
    name: 'inverse-minute',
    generate: [
      '--seed',
      '11',
      '--duration',
      '60s',
      '--start',
      '2024-01-01T14:00:00Z',
      '--instrument',
      'BTC-PERP@sample',
    ],
    about: `# inverse-minute

One minute of the inverse contract BTC-PERP@sample at a busy hour: \`reprise generate --seed 11 --duration 60s --start 2024-01-01T14:00:00Z\`.
Renewed by \`npm run fixtures\`.
`,
  },
] as const;

/** Golden replays: a session, the orders put into it, and the exact outcomes that follow. */
export const GOLDEN = SESSIONS.map(({ name }) => ({
  session: name,
  orders: path(`fixtures/golden/${name}.orders.ndjson`),
  outcomes: path(`fixtures/golden/${name}.outcomes.ndjson`),
}));
