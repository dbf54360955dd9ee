import type { Micros } from '../../../core/time.js';
import type { Allowance } from './allowance.js';
import type { Way } from './connect.js';
import type { Jitter } from './ports.js';
import type { Reader } from './reader.js';

/** What all connections to one venue share. */
export interface LineContext extends Way {
  readonly venue: string;
  /** New connections that the venue lets us open. */
  readonly connects: Allowance;
  readonly jitter: Jitter;
  /** A connection over which nothing comes for so long is dead. */
  readonly silence: Micros;
  readonly reader: Reader;
  /** Tells whoever runs this what happens to the connection. */
  readonly tell: (sentence: string) => void;
}
