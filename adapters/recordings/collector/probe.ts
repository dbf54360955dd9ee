import { type BinanceVenue, recognise } from '../../venues/binance/venue.js';
import { RecordingError } from '../errors.js';
import { parseLine } from './parse-line.js';
import { LineCursor } from './line-cursor.js';

/** Lines that are looked at before a file counts as foreign. */
const PROBED_LINES = 20_000;

/** What a collector file is a recording of, told from its first messages. @throws {RecordingError} */
export async function probe(path: string): Promise<{ venue: BinanceVenue; symbol: string }> {
  const cursor = new LineCursor(path);
  try {
    let venue: BinanceVenue | undefined;
    let symbol: string | undefined;
    while (await cursor.fill())
      while (cursor.next()) {
        const told = recognise(parseLine(cursor));
        symbol ??= told.symbol;
        venue ??= told.venue;
        if (venue !== undefined && symbol !== undefined) return { venue, symbol };
        if (cursor.line >= PROBED_LINES) throw unknown(path, `none of its first ${PROBED_LINES} lines is`);
      }
    throw unknown(path, cursor.line === 0 ? 'it is empty and holds no line that is' : 'none of its lines is');
  } finally {
    await cursor.close();
  }
}

function unknown(path: string, finding: string): RecordingError {
  return new RecordingError(
    'foreign',
    path,
    `is no recording that import knows: ${finding} a message of a Binance stream`,
    'give a Binance collector file: spot, USD-M or COIN-M, combined-stream frames',
  );
}
