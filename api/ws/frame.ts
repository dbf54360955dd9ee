import type { Frame } from '../live/live-run.js';
import { withInstants } from '../rest/views.js';

/** A frame with its text, which is made once for all clients and only when one of them wants it. */
export class OutFrame {
  #text: string | undefined;

  constructor(readonly frame: Frame) {}

  get text(): string {
    this.#text ??= frameText(this.frame);
    return this.#text;
  }
}

/** A frame as clients get it. */
export function frameText({ channel, position, type, data }: Frame): string {
  return JSON.stringify({ channel, position, type, data: withInstants(data) });
}
