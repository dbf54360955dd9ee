import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { createSession } from '../../adapters/recordings/session/writer.js';
import { ColumnEncoder, eventOf, messages } from '../../core/market/column-codec.js';
import type { BookSnapshot, LevelText, MarketEvent } from '../../core/market/events.js';
import { MICROS, type Micros } from '../../core/time.js';
import { KnownBook } from '../../adapters/venues/session/known-book.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedDir } from '../support/shared.js';

export const SERVED_AS = 'binance-usdm';

const INSTRUMENTS = 20;
const CAPTURE = 'captures/binance-usdm/BINANCE_FUTURES-1125a2.0.gz';
const ROWS = 16_384;

/**
 * A session of twenty instruments of one venue, each of a recording's told several times over under other names, and all of
 * it over and over, so that it is long.
 */
export async function twentyInstruments(
  folder: string,
  rounds: number,
): Promise<{ readonly path: string; readonly name: string }> {
  const shared = sharedDir();
  const capture = shared === undefined ? '' : join(shared, CAPTURE);
  const isReal = existsSync(capture);
  const path = join(folder, 'twenty');
  const source = isReal ? recorded(capture, join(folder, 'five')) : sampled();
  const writer = await createSession(path);
  const encoder = new ColumnEncoder();
  let seq = 0;
  let rows = 0;
  const told: MarketEvent[] = [];
  let copies = 0;
  for await (const each of source) {
    told.push(each.event);
    copies = each.copies;
  }
  for (const event of overAndOver(told, rounds))
    for (let copy = 0; copy < copies; copy++) {
      encoder.add(++seq, renamed(event, copy));
      rows++;
      if (rows % ROWS === 0) await writer.writeMarket(encoder.take());
    }
  await writer.writeMarket(encoder.take());
  await writer.close({ engineVersion: 'bench' });
  return {
    path,
    name: isReal
      ? 'BINANCE_FUTURES-1125a2.0.gz, its five instruments four times over'
      : 'the sample market, its four instruments five times over',
  };
}

interface Told {
  readonly event: MarketEvent;
  readonly copies: number;
}

async function* recorded(capture: string, out: string): AsyncGenerator<Told> {
  await importRecordings([capture], { out, engineVersion: 'bench' });
  const session = await openSession(out);
  const copies = INSTRUMENTS / session.instruments.length;
  for await (const { market } of session.inputs())
    for (const { from, to } of messages(market)) yield { event: eventOf(market, from, to), copies };
}

async function* sampled(): AsyncGenerator<Told> {
  const instruments = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument);
  const options = { seed: 1, from: 1_700_000_000_000_000, duration: 2 * MICROS.m, gapsPerHour: 0, instruments };
  for (const event of generateSample(options)) {
    await Promise.resolve();
    yield { event, copies: 5 };
  }
}

/**
 * The same market again and again without a break: where a round begins anew, what differs from the last one's end is a
 * change, and numbers and times go on.
 */
function* overAndOver(told: readonly MarketEvent[], rounds: number): Generator<MarketEvent> {
  const span = told.at(-1)!.at - told[0]!.at + MICROS.s;
  const books = new Map<string, KnownBook>();
  let number = 1;
  for (let round = 0; round < rounds; round++)
    for (const event of told) {
      const { type, data } = event;
      if (type === 'InstrumentDefined')
        books.set(data.instrument, books.get(data.instrument) ?? new KnownBook(data.instrument, false));
      const isMarketData = type === 'BookSnapshot' || type === 'BookDelta' || type === 'Traded';
      if (!isMarketData ? type !== 'InstrumentDefined' || round > 0 : type === 'BookDelta' && data.dropped === true)
        continue;
      const later = shifted(event, round * span);
      if (later.type !== 'BookSnapshot' && later.type !== 'BookDelta') {
        yield later;
        continue;
      }
      const book = books.get(later.data.instrument)!;
      const numbered = { ...later, data: { ...later.data, venueSeq: ++number } } as MarketEvent;
      const next = type === 'BookSnapshot' && round > 0 ? changesTo(numbered as BookSnapshot, book) : numbered;
      book.apply(next);
      yield next;
    }
}

function shifted(event: MarketEvent, by: Micros): MarketEvent {
  const venueAt = 'venueAt' in event.data ? { venueAt: event.data.venueAt + by } : {};
  return { ...event, at: event.at + by, data: { ...event.data, ...venueAt } } as MarketEvent;
}

/** A snapshot as the changes that lead to it. */
function changesTo(snapshot: BookSnapshot, book: KnownBook): MarketEvent {
  const before = book.toldAt(snapshot.at) as BookSnapshot;
  const side = (of: 'bids' | 'asks'): LevelText[] => {
    const there = new Set(snapshot.data[of].map(([price]) => price));
    const gone = before.data[of].filter(([price]) => !there.has(price)).map(([price]): LevelText => [price, '0']);
    return [...gone, ...snapshot.data[of]];
  };
  return { ...snapshot, type: 'BookDelta', data: { ...snapshot.data, bids: side('bids'), asks: side('asks') } };
}

/** `BATUSDT@binance-usdm` as `BAT3USDT@binance-usdm`. */
function renamed(event: MarketEvent, copy: number): MarketEvent {
  const [symbol = ''] = event.data.instrument.split('@');
  const base = symbol.replace(/-?(USDT|USD|PERP)$/, '');
  return {
    ...event,
    data: { ...event.data, instrument: `${base.replace('-', '')}${copy + 1}USDT@${SERVED_AS}` },
  } as MarketEvent;
}
