import type { Json } from '../../../core/json.js';
import type { Schema } from './schema.js';

/** A shape that was written once: what it looked like, and what makes one of the next version of it. */
export interface EarlierShape {
  readonly data: Schema;
  readonly upcast: (data: Json) => Json;
}

/** One type of event, as everybody may know it. */
export interface Shape {
  /** The newest; earlier ones are 1 and up, and the last in `earlier` is the one before it. */
  readonly version: number;
  readonly meaning: string;
  /** The stream that it stands in, behind the log's name. */
  readonly stream: string;
  readonly data: Schema;
  readonly earlier?: readonly EarlierShape[];
}

/** Every type of event that a log may hold, by what it carries beside its data: `seq`; `n` and `cause`; neither. */
export interface Catalogue {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outcomes: Readonly<Record<string, Shape>>;
  readonly bookkeeping: Readonly<Record<string, Shape>>;
}
