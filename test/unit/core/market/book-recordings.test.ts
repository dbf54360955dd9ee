import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { bookLines, sweep } from '../../../../core/market/book-text.js';
import type { Book } from '../../../../core/market/book.js';
import { Side } from '../../../../core/market/columns.js';
import { FastBook } from '../../../../core/market/fast-book.js';
import { formatScaled, parseScaled, rescaled } from '../../../../core/market/increments.js';
import { sharedDir } from '../../../support/shared.js';

/** What `ground-truth.json` says of a collector recording, as far as it is asked here. */
interface Truth {
  readonly name: string;
  readonly files: readonly string[];
  readonly depth_applied: number;
  readonly deletes_of_absent_levels: number;
  readonly final: { readonly levels: readonly [number, number]; readonly book_sha256: string };
  readonly checkpoints_every_60s: readonly {
    readonly levels: readonly [number, number];
    readonly sweeps: Readonly<Record<string, { readonly buy: TrueSweep; readonly sell: TrueSweep }>>;
  }[];
}
interface TrueSweep {
  readonly avg_price: string;
  readonly worst_price: string;
  readonly levels_touched: number;
}

interface Depth {
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}
interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: Depth['b'];
  readonly asks: Depth['a'];
}

const MINUTE_NS = 60_000_000_000n;

describe('FastBook on real recordings', () => {
  const folder = sharedDir();
  const truths = folder === undefined ? undefined : join(folder, 'captures', 'ground-truth.json');
  const there = truths !== undefined && existsSync(truths);
  if (!there) console.log('  no shared recordings here: the books are not held against them');

  for (const [name, priceScale, sizeScale] of [
    ['Binance spot BTCUSDT 2024-08-08', 2, 6],
    ['Binance spot BTCUSDT 2023-04-05 (no snapshot)', 2, 8],
    ['Binance USD-M BTCUSDT 2024-08-08', 1, 3],
    ['Binance COIN-M BTCUSD_PERP 2024-08-08', 1, 0],
    // a thousand million increments between the levels of 100: no window can hold such a book
    ['Binance COIN-M BTCUSD_PERP 2024-08-08', 8, 6],
  ] as const)
    it(`ends as ${name} did, counted in ${priceScale} and ${sizeScale} places`, function () {
      if (!there) this.skip();
      this.timeout(60_000);
      const { recordings } = JSON.parse(readFileSync(truths, 'utf8')) as { recordings: Truth[] };
      const truth = recordings.find((recording) => recording.name === name)!;
      const book = new FastBook();
      const checkpoints: Truth['checkpoints_every_60s'][number][] = [];
      let applied = 0;
      const apply = (rows: Depth): void => {
        for (const [side, levels] of [
          [Side.bid, rows.b],
          [Side.ask, rows.a],
        ] as const)
          for (const [price, size] of levels) book.set(side, counted(price, priceScale), counted(size, sizeScale));
      };
      // the rules of SOURCES.md: deltas wait for the snapshot, older ones are dropped
      let held: Depth[] | undefined = name.includes('no snapshot') ? undefined : [];
      let due: bigint | undefined;
      for (const line of linesOf(truth.files.map((file) => join(folder!, 'captures', file)))) {
        const space = line.indexOf(' ');
        due ??= stampOf(line, space) + MINUTE_NS;
        for (; stampOf(line, space) > due; due += MINUTE_NS) {
          const sizes = Object.keys(truth.checkpoints_every_60s[checkpoints.length]?.sweeps ?? {});
          checkpoints.push(checkpointOf(book, sizes, priceScale, sizeScale));
        }
        if (line.startsWith('{"lastUpdateId"', space + 1)) {
          const snapshot = JSON.parse(line.slice(space + 1)) as Snapshot;
          book.beginSnapshot();
          apply({ u: snapshot.lastUpdateId, b: snapshot.bids, a: snapshot.asks });
          book.endSnapshot();
          const oldest = name.includes('spot') ? snapshot.lastUpdateId + 1 : snapshot.lastUpdateId;
          for (const depth of (held ?? []).filter(({ u }) => u >= oldest)) {
            apply(depth);
            applied++;
          }
          held = undefined;
        } else if (line.slice(space, space + 60).includes('@depth')) {
          const { data } = JSON.parse(line.slice(space + 1)) as { data: Depth };
          if (held !== undefined) {
            held.push(data);
            continue;
          }
          apply(data);
          applied++;
        }
      }
      expect(applied).to.equal(truth.depth_applied);
      expect(book.absentDeletes).to.equal(truth.deletes_of_absent_levels);
      expect([book.depth(Side.bid), book.depth(Side.ask)]).to.deep.equal(truth.final.levels);
      expect(checkpoints).to.deep.equal(
        truth.checkpoints_every_60s.map(({ levels, sweeps }) => ({ levels, sweeps: plainPrices(sweeps) })),
      );
      const digest = createHash('sha256');
      for (const level of bookLines(book, priceScale, sizeScale)) digest.update(level);
      expect(digest.digest('hex')).to.equal(truth.final.book_sha256);
    });
});

function* linesOf(files: readonly string[]): Generator<string> {
  for (const file of files) {
    for (const line of gunzipSync(readFileSync(file)).toString('utf8').split('\n')) if (line !== '') yield line;
  }
}

/** Nanoseconds; the files of 2023 are stamped in microseconds. */
function stampOf(line: string, end: number): bigint {
  return BigInt(line.slice(0, end).padEnd(19, '0'));
}

function counted(text: string, scale: number): number {
  const value = parseScaled(text)!;
  if (value.scale > scale) throw new Error(`${text} has more than ${scale} places: let this test count finer`);
  return rescaled(value, scale)!;
}

function checkpointOf(book: Book, sizes: readonly string[], priceScale: number, sizeScale: number) {
  const taken = (side: 'buy' | 'sell', size: string): TrueSweep => {
    const { notional, filledLots, worstTicks, levels } = sweep(book, side, counted(size, sizeScale));
    const lots = BigInt(filledLots) * 10n ** BigInt(priceScale);
    const average = (2n * notional * 10n ** 8n + lots) / (2n * lots); // to 8 places, half up: no tie occurs here
    return {
      avg_price: formatScaled(average, 8),
      worst_price: formatScaled(worstTicks, priceScale),
      levels_touched: levels,
    };
  };
  return {
    levels: [book.depth(Side.bid), book.depth(Side.ask)] as const,
    sweeps: Object.fromEntries(sizes.map((size) => [size, { buy: taken('buy', size), sell: taken('sell', size) }])),
  };
}

/** The same sweeps with prices as we write them, without trailing zeros. */
function plainPrices(sweeps: Truth['checkpoints_every_60s'][number]['sweeps']) {
  const plain = (text: string): string => {
    const { mantissa, scale } = parseScaled(text)!;
    return formatScaled(mantissa, scale);
  };
  const taken = ({ avg_price, worst_price, levels_touched }: TrueSweep): TrueSweep => ({
    avg_price: plain(avg_price),
    worst_price: plain(worst_price),
    levels_touched,
  });
  return Object.fromEntries(
    Object.entries(sweeps).map(([size, { buy, sell }]) => [size, { buy: taken(buy), sell: taken(sell) }]),
  );
}
