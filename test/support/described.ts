import { CATALOGUE } from '../../adapters/log/shapes/catalogue.js';
import { shapeReader, type ShapeReader } from '../../adapters/log/shapes/reading.js';
import type { LogEvent } from '../../core/ports.js';

const catalogued = shapeReader(CATALOGUE);

/** Holds an event of any kind to its schema, and gives it as this version knows it. */
export function asDescribed(event: LogEvent, reader: ShapeReader = catalogued): LogEvent {
  if (event.seq !== undefined) return reader.input(event);
  return event.n === undefined ? reader.bookkeeping(event) : reader.outcome(event);
}
