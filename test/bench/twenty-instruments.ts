import { importRecordings } from '../../adapters/recordings/import.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { createSession } from '../../adapters/recordings/session/writer.js';
import { ColumnEncoder, eventOf, messages } from '../../core/market/column-codec.js';
import type { MarketEvent } from '../../core/market/events.js';
import { MICROS } from '../../core/time.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedDir } from '../support/shared.js';

export const SERVED_AS = 'binance-usdm';

const INSTRUMENTS = 20;
const CAPTURE = 'captures/binance-usdm/BINANCE_FUTURES-1125a2.0.gz';
const ROWS = 16_384;

/** A session of twenty instruments of one venue, each of a recording's told several times over under other names. */
export async function twentyInstruments(folder: string): Promise<{ readonly path: string; readonly name: string }> {
  const shared = sharedDir();
  const capture = shared === undefined ? '' : join(shared, CAPTURE);
  const isReal = existsSync(capture);
  const path = join(folder, 'twenty');
  const source = isReal ? recorded(capture, join(folder, 'five')) : sampled();
  const writer = await createSession(path);
  const encoder = new ColumnEncoder();
  let seq = 0;
  let rows = 0;
  for await (const { event, copies } of source)
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

/** `BATUSDT@binance-usdm` as `BAT3USDT@binance-usdm`. */
function renamed(event: MarketEvent, copy: number): MarketEvent {
  const [symbol = ''] = event.data.instrument.split('@');
  const base = symbol.replace(/-?(USDT|USD|PERP)$/, '');
  return {
    ...event,
    data: { ...event.data, instrument: `${base.replace('-', '')}${copy + 1}USDT@${SERVED_AS}` },
  } as MarketEvent;
}
