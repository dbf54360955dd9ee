import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { BookRow } from './rows.js';

export type Action = 'insert' | 'update' | 'delete';

/** What a message does to a book. */
export interface Changes {
  readonly bids: LevelText[];
  readonly asks: LevelText[];
  /** A sentence, when the message speaks of levels as they cannot be if nothing was missed. */
  readonly missed: string | undefined;
}

/**
 * The price of every level of one book by its id: updates and deletions name a level by its id only. An id that nobody has
 * told of shows that a message was missed, and is the only sign of it, because the venue numbers no messages.
 */
export class LevelIds {
  readonly #prices: readonly [Map<number, string>, Map<number, string>] = [new Map(), new Map()];

  clear(): void {
    for (const side of this.#prices) side.clear();
  }

  /** Takes a whole book. @returns its levels: bids, asks */
  begin(rows: readonly BookRow[]): [LevelText[], LevelText[]] {
    this.clear();
    const sides: [LevelText[], LevelText[]] = [[], []];
    for (const { id, side, price, size } of rows) {
      this.#prices[side].set(id, price!);
      sides[side].push([price!, size!]);
    }
    return sides;
  }

  /** Takes changes; a row whose price nobody knows is left out of them. */
  change(action: Action, rows: readonly BookRow[]): Changes {
    const sides: [LevelText[], LevelText[]] = [[], []];
    let missed: string | undefined;
    for (const { id, side, price: told, size } of rows) {
      const prices = this.#prices[side];
      const known = prices.get(id);
      const where = `${side === Side.bid ? 'bid' : 'ask'} ${id}`;
      if (action === 'insert') {
        if (known !== undefined) missed ??= `${where} is inserted, and is there already`;
      } else if (known === undefined) missed ??= `${where} is to be ${action}d, and nobody has told of it`;
      const price = told ?? known;
      if (price === undefined) continue;
      if (known !== undefined && known !== price) {
        if (action !== 'insert') missed ??= `${where} is at ${price}, and was at ${known}`;
        sides[side].push([known, '0']);
      }
      if (action === 'delete') prices.delete(id);
      else prices.set(id, price);
      sides[side].push([price, action === 'delete' ? '0' : size!]);
    }
    return { bids: sides[Side.bid], asks: sides[Side.ask], missed };
  }
}
