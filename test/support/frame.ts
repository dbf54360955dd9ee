import type { Frame } from '../../adapters/venues/venue.js';
import { START } from './mini-recording.js';

/** A frame so many milliseconds after `START`. */
export const frame = (afterMs: number, message: object | string): Frame => ({
  at: START + afterMs * 1_000,
  kind: 'message',
  text: typeof message === 'string' ? message : JSON.stringify(message),
});
