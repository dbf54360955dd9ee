import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession, type Session } from '../../adapters/recordings/session/session.js';
import { DEFAULT_VENUE, type Assumption } from '../../core/desk/settings.js';
import { formatScaled } from '../../core/market/increments.js';
import { rewritten, type Insertion } from '../../replay/insertions.js';
import { replay } from '../../replay/replay.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import { cumulative, outOfBracket, type Steps } from '../support/cumulative.js';
import { sayNoShared, sharedDir } from '../support/shared.js';
import { ASSUMPTIONS } from '../support/stories.js';

const SECOND = 1_000_000;
const QUOTES = ['join', 'improve', 'inside'] as const;

interface Case {
  readonly name: string;
  readonly files: readonly string[];
  readonly instrument: string;
  readonly quantity: string;
  /** From one start to the next. */
  readonly every: number;
  readonly partial?: true;
  /** What all orders fill, by assumption. */
  readonly filled: Readonly<Record<Assumption, string>>;
}

const CASES: readonly Case[] = [
  {
    name: 'Binance spot 2024-08-08',
    files: ['binance-spot/btcusdt_20240808.gz'],
    instrument: 'BTCUSDT@binance',
    quantity: '6',
    every: 20 * SECOND,
    filled: { optimistic: '159.45741', expected: '159', pessimistic: '159' },
  },
  {
    name: 'Binance spot 2023-04-05, no snapshot',
    files: ['binance-spot/btcusdt_20230405.dat.gz'],
    instrument: 'BTCUSDT@binance',
    quantity: '6',
    every: 30 * SECOND,
    partial: true,
    filled: { optimistic: '95.08099', expected: '88.70882', pessimistic: '85.39119' },
  },
  {
    name: 'Binance USD-M 2024-07-18/19',
    files: ['binance-usdm/btcusdt_20240718.gz', 'binance-usdm/btcusdt_20240719.gz'],
    instrument: 'BTCUSDT@binance-usdm',
    quantity: '30',
    every: 60 * SECOND,
    filled: { optimistic: '355.7', expected: '353.217', pessimistic: '352.065' },
  },
  {
    name: 'Binance USD-M 2024-08-08',
    files: ['binance-usdm/btcusdt_20240808.gz'],
    instrument: 'BTCUSDT@binance-usdm',
    quantity: '60',
    every: 20 * SECOND,
    filled: { optimistic: '1657.102', expected: '1654.702', pessimistic: '1654.342' },
  },
  {
    name: 'Binance COIN-M 2024-08-08',
    files: ['binance-coinm/btcusd_perp_20240808.gz'],
    instrument: 'BTCUSD_PERP@binance-coinm',
    quantity: '3000',
    every: 30 * SECOND,
    filled: { optimistic: '58537', expected: '58524', pessimistic: '58500' },
  },
];

/** Maker-only orders of a minute, on either side and with every quote style, an account each: accounts do not compete. */
function orders({ instrument, quantity, every }: Case, { from, to }: Session): Insertion[] {
  const insertions: Insertion[] = [];
  for (let at = from + 10 * SECOND, i = 0; at + 60 * SECOND < to; at += every, i++)
    for (const side of ['buy', 'sell'] as const) {
      const orderId = `${side}-${i}-${QUOTES[i % 3]!}`;
      const parameters = { duration: '60s', slices: 6, aggressionFloor: '100', quote: QUOTES[i % 3]! };
      insertions.push({
        at,
        type: 'SubmitTwap',
        data: { orderId, account: orderId, instrument, side, quantity, ...parameters },
      });
    }
  return insertions;
}

/** Without limits to what an account owns, so that orders of any size are of one kind. */
async function run(kase: Case, session: Session, assume: Assumption): Promise<Map<string, Steps>> {
  const venue = { ...DEFAULT_VENUE, assume, latency: 50_000, allowPartialBook: kase.partial === true };
  const fills: StoredOutcome[] = [];
  const settings = { venue, seed: 1, balances: { BTC: '1000000', USDT: '1000000000' } };
  const inputs = rewritten(session.inputs(), {
    from: session.from,
    hasRun: false,
    settings: () => settings,
    insertions: orders(kase, session),
  });
  await replay(inputs, session, { onOutcome: (outcome) => outcome.type === 'ChildFilled' && fills.push(outcome) });
  return cumulative(fills);
}

describe('maker-only orders on real recordings', () => {
  const shared = sharedDir();
  if (shared === undefined) {
    before(sayNoShared);
    it('are looked at where ../shared/captures is there', function () {
      this.skip();
    });
    return;
  }
  for (const kase of CASES)
    describe(kase.name, () => {
      const folder = mkdtempSync(join(tmpdir(), 'reprise-makers-'));
      const runs = {} as Record<Assumption, Map<string, Steps>>;
      before(async () => {
        const files = kase.files.map((file) => join(shared, 'captures', file));
        await importRecordings(files, { engineVersion: 'test', out: join(folder, 's') });
        const session = await openSession(join(folder, 's'));
        for (const assume of ASSUMPTIONS) runs[assume] = await run(kase, session, assume);
      });
      after(() => rmSync(folder, { recursive: true, force: true }));

      it('fill in all what they always did, and more than nothing', () => {
        const totals = ASSUMPTIONS.map((assume) => [assume, totalOf(runs[assume])]);
        expect(Object.fromEntries(totals)).to.deep.equal(kase.filled);
      });

      it('stay in the bracket pessimistic <= expected <= optimistic at every instant', () => {
        expect(outOfBracket(runs)).to.deep.equal([]);
      });
    });
});

const totalOf = (run: Map<string, Steps>): string =>
  formatScaled(
    [...run.values()].reduce((sum, steps) => sum + steps.at(-1)![1], 0),
    8,
  );
