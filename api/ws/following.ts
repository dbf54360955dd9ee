import type { OutFrame } from './frame.js';

/** What one client is following on one channel. */
export class Following {
  /** While catching up: live frames that wait for their turn. */
  #held: OutFrame[] = [];
  heldBytes = 0;
  /** More happened than had room to wait: the past must be read again. */
  overflowed = false;

  /**
   * @param after  the last position that was sent; nothing up to it is sent again
   * @param state  `catching`: what was missed is on its way; `live`; `lost`: it did not keep up, and must ask again
   * @param stop   tells the run that nobody follows any more
   */
  constructor(
    readonly channel: string,
    public after: string,
    public state: 'catching' | 'live' | 'lost',
    readonly stop: () => void,
  ) {}

  /** Lets a live frame wait, as long as there is room for it. */
  hold(frame: OutFrame, room: number): void {
    if (this.overflowed) return; // it will be read again
    const bytes = Buffer.byteLength(frame.text);
    if (bytes > room) {
      this.takeHeld();
      this.overflowed = true;
      return;
    }
    this.#held.push(frame);
    this.heldBytes += bytes;
  }

  /** The frames that wait, in their order; none waits afterwards. */
  takeHeld(): readonly OutFrame[] {
    const held = this.#held;
    this.#held = [];
    this.heldBytes = 0;
    return held;
  }
}
