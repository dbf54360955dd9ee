import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSession } from '../../adapters/recordings/session/writer.js';
import { generateSample } from '../../adapters/venues/sample/generate.js';
import { ColumnEncoder } from '../../core/market/column-codec.js';
import { MICROS } from '../../core/time.js';
import { ENGINE_VERSION } from '../../core/version.js';

/** An hour of the sample market at a high rate: its touch moves as belief does. */
export interface HourSession {
  readonly path: string;
  readonly name: string;
  readonly messages: number;
  readonly levelChanges: number;
  readonly trades: number;
}

const FROM = 1_723_161_255_000_000;
const BATCH = 4_000;
/** Level changes and trades of a message of the sample market, on average. */
const CHANGES_PER_MESSAGE = 2.35;

/** Generates an hour with about so many level changes. Made once for a folder. */
export async function hourSession(folder: string, changes: number, seed = 1): Promise<HourSession> {
  const about = join(folder, `hour-${changes}-${seed}.json`);
  if (existsSync(about)) return JSON.parse(readFileSync(about, 'utf8')) as HourSession;
  const path = join(folder, `hour-${changes}-${seed}`);
  const writer = await createSession(path, { force: true });
  const encoder = new ColumnEncoder();
  let [messages, levelChanges, trades] = [0, 0, 0];
  const options = { seed, from: FROM, duration: MICROS.h, instruments: ['BTC-USD@sample'], steady: true };
  const messagesPerSecond = changes / 3_600 / CHANGES_PER_MESSAGE;
  for (const event of generateSample({ ...options, messagesPerSecond, gapsPerHour: 0.5 })) {
    encoder.add(++messages, event);
    if (event.type === 'BookDelta') levelChanges += event.data.bids.length + event.data.asks.length;
    if (event.type === 'Traded') trades += event.data.trades.length;
    if (encoder.length >= BATCH) await writer.writeMarket(encoder.take());
  }
  await writer.writeMarket(encoder.take());
  await writer.close({ engineVersion: ENGINE_VERSION, from: FROM, to: FROM + MICROS.h });
  const made = { path, name: 'an hour of the sample market', messages, levelChanges, trades };
  writeFileSync(about, JSON.stringify(made));
  return made;
}
