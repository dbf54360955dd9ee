import { BARE } from './bare/format.js';
import { BINANCE_TDEPTH } from './binance-tdepth/format.js';
import { BINANCE_US_CSV } from './binance-us-csv/format.js';
import { BITMEX_DEPTH10 } from './bitmex-depth10/format.js';
import { BITSTAMP_LOG } from './bitstamp-log/format.js';
import { CAPTURE } from './capture/format.js';
import { COLLECTOR } from './collector/format.js';
import type { RecordingFormat } from './format.js';
import { RAW } from './raw/format.js';
import { TARDIS } from './tardis/format.js';

/** Every way of writing recordings that `import` reads, in the order in which a file is tried. */
export const FORMATS: readonly RecordingFormat[] = [
  RAW,
  COLLECTOR,
  CAPTURE,
  BARE,
  BITSTAMP_LOG,
  BINANCE_US_CSV,
  BITMEX_DEPTH10,
  TARDIS,
  BINANCE_TDEPTH,
];

/** What `--format` takes. */
export const RECORDING_FORMATS: readonly string[] = ['auto', ...FORMATS.map(({ name }) => name)];
