import type { Desk } from '../../core/desk/desk.js';
import type { Engine } from '../../core/engine/engine.js';
import { preview, type Preview } from '../../core/orders/preview.js';
import type { EpochMicros } from '../../core/time.js';
import type { PreviewRequest } from './live-run.js';

/** Where a preview looks. It reads and changes nothing: an account that has not traded yet is not opened for it. */
export interface PreviewSurroundings {
  readonly engine: Engine;
  /** Now; the engine's clock may be behind it. */
  readonly now: EpochMicros;
  /** Whether an order of that id is known. */
  readonly isTaken: (orderId: string) => boolean;
  /** What an account gets at its first use, by currency. */
  readonly opening?: () => Readonly<Record<string, string>>;
}

export function previewOf(surroundings: PreviewSurroundings, { orderId, parameters }: PreviewRequest): Preview {
  const { engine, now, isTaken } = surroundings;
  const view = {
    at: now > engine.clock ? now : engine.clock,
    desk: engine.desks.get(parameters.account) ?? firstDesk(surroundings, parameters.account),
    engineDown: false,
    seed: engine.settings.seed,
    marketOf: (instrument: string) => engine.markets.get(instrument),
  };
  return preview(view, orderId, parameters, orderId !== undefined && isTaken(orderId));
}

function firstDesk({ engine, opening }: PreviewSurroundings, account: string): Desk {
  const desk = engine.unopenedDesk(account);
  for (const [currency, amount] of Object.entries(opening?.() ?? {})) desk.ledger.deposit(currency, amount);
  return desk;
}
