import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatScaled, parseScaled } from '../../core/market/increments.js';
import { formatInstant } from '../../core/time.js';
import { json, succeed } from '../support/cli.js';
import { sharedDir } from '../support/shared.js';

interface Sweep {
  readonly avg_price: string;
}
interface Recording {
  readonly kind: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly snapshot: object | null;
  readonly depth_applied: number;
  readonly level_updates: number;
  readonly sequence_gaps: number;
  readonly crossed_states: number;
  readonly final: { readonly book_sha256: string };
  readonly first_receive_ns: number;
  readonly last_receive_ns: number;
  readonly time_weighted_mid: { readonly depth_book: string };
  readonly trades: { readonly count: number; readonly volume: string; readonly vwap: string };
  readonly checkpoints_every_60s: readonly {
    readonly at_ns: number;
    readonly sweeps: Readonly<Record<string, { readonly buy: Sweep | null; readonly sell: Sweep | null }>>;
  }[];
}

/** Microseconds are cut of nanoseconds, so the last places of a time-weighted mean may differ. */
const toSix = (text: string): string => Number(text).toFixed(6);

const plain = (text: string): string => {
  const { mantissa, scale } = parseScaled(text)!;
  return formatScaled(mantissa, scale);
};

describe('the truth of real recordings', () => {
  const shared = sharedDir();
  if (shared === undefined) {
    it('is checked where ../shared/captures is there', function () {
      console.log('      ../shared/captures is not there: the real recordings are not looked at');
      this.skip();
    });
    return;
  }
  const captures = join(shared, 'captures');
  const text = readFileSync(join(captures, 'ground-truth.json'), 'utf8');
  // nanoseconds are beyond 2^53: they are read as text, so that they can be cut exactly
  const truth = JSON.parse(text.replace(/"at_ns": ?(\d+)/g, '"at_ns":"$1"')) as { recordings: Recording[] };
  for (const recording of truth.recordings.filter(({ kind }) => kind === 'binance-collector'))
    describe(recording.name, () => {
      let folder: string;
      before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'reprise-truth-'));
        await succeed('import', ...recording.files.map((file) => join(captures, file)), '--out', join(folder, 's'));
      });
      after(() => rmSync(folder, { recursive: true }));

      it('is inspected to its figures', async () => {
        const inspected = (await json('inspect', join(folder, 's')))['instruments'] as Record<
          string,
          Record<string, unknown>
        >;
        const [instrument] = Object.values(inspected);
        const { trades, final } = recording;
        expect(instrument).to.deep.include({
          bookUpdates: recording.depth_applied,
          levelChanges: recording.level_updates,
          gaps: recording.sequence_gaps,
          crossed: recording.crossed_states,
        });
        expect((instrument?.['book'] as { sha256: string }).sha256).to.equal(final.book_sha256);
        expect(instrument?.['trades']).to.deep.include({
          count: trades.count,
          volume: plain(trades.volume),
          vwap: plain(trades.vwap),
        });
      });

      it("has the time-weighted mid and the VWAP of its figures, by itself and as an order's benchmarks", async () => {
        const inspected = (await json('inspect', join(folder, 's')))['instruments'] as Record<
          string,
          { midTimeWeighted: string }
        >;
        const [[name, { midTimeWeighted }]] = Object.entries(inspected) as [[string, { midTimeWeighted: string }]];
        const expected = toSix(recording.time_weighted_mid.depth_book);
        expect(toSix(midTimeWeighted)).to.equal(expected);
        const file = join(folder, 'whole.json');
        const whole = {
          instrument: name,
          side: 'buy',
          quantity: '1',
          startTime: formatInstant(Math.floor(recording.first_receive_ns / 1000)),
          // past the last line, so that the window takes it in; it is cut where the session ends
          endTime: formatInstant(Math.floor(recording.last_receive_ns / 1000) + 1),
          slices: 2,
        };
        writeFileSync(file, JSON.stringify([whole]));
        const { orders } = (await json('replay', join(folder, 's'), '--orders', file, '--allow-partial-book')) as {
          orders: { costs: { midTimeWeighted: string; vwap: string } }[];
        };
        expect(toSix(orders[0]!.costs.midTimeWeighted)).to.equal(expected);
        expect(orders[0]!.costs.vwap).to.equal(plain(recording.trades.vwap));
      });

      it('fills one slice, a microsecond after a checkpoint, at exactly its sweep price', async () => {
        const inspected = (await json('inspect', join(folder, 's')))['instruments'] as Record<string, unknown>;
        const [instrument] = Object.keys(inspected);
        const expected = new Map<string, string>();
        const orders = recording.checkpoints_every_60s.flatMap(({ at_ns, sweeps }, i) => {
          const at = Number(BigInt(at_ns) / 1000n) + 1;
          return Object.entries(sweeps).flatMap(([quantity, sides]) =>
            (['buy', 'sell'] as const).flatMap((side) => {
              const price = sides[side]?.avg_price;
              if (price === undefined) return [];
              const orderId = `${i}-${side}-${quantity}`;
              expected.set(orderId, plain(price));
              // an account each: what one took is still there for the next
              return [
                {
                  orderId,
                  account: orderId,
                  instrument,
                  side,
                  quantity,
                  startTime: formatInstant(at),
                  duration: '1ms',
                  slices: 1,
                },
              ];
            }),
          );
        });
        expect(orders.length).to.be.greaterThan(4);
        const inTime = orders.filter(({ startTime }) => startTime <= ends(recording));
        const file = join(folder, 'orders.json');
        writeFileSync(file, JSON.stringify(inTime));
        const flags = [
          '--orders',
          file,
          '--latency',
          '0ms',
          ...(recording.snapshot === null ? ['--allow-partial-book'] : []),
        ];
        const { orders: results } = (await json('replay', join(folder, 's'), ...flags)) as {
          orders: { orderId: string; averagePrice: string; state: string; reason: string }[];
        };
        expect(results.length).to.equal(inTime.length);
        for (const { orderId, averagePrice, state, reason } of results)
          expect([orderId, state, reason, averagePrice]).to.deep.equal([
            orderId,
            'completed',
            'filled',
            expected.get(orderId),
          ]);
      });
    });
});

function ends(recording: Recording): string {
  return formatInstant(Math.floor(recording.last_receive_ns / 1000) - 1);
}
