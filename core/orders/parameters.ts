/** A TWAP as everybody spells it: the native API, an orders file, `SubmitTwap`. Decimals are plain text. */
export interface TwapParameters {
  readonly instrument: string;
  readonly account: string;
  readonly side?: 'buy' | 'sell';
  readonly quantity?: string;
  readonly targetPosition?: string;
  /** ISO instant, `+DURATION`, `manual`; absent: at once. */
  readonly startTime?: string;
  readonly endTime?: string;
  readonly duration?: string;
  readonly sliceInterval?: string;
  readonly slices?: number;
  readonly sliceQuantity?: string;
  readonly limitPrice?: string;
  /** Ticks of the instrument's `tickSize`. */
  readonly maxSpreadTicks?: number;
  readonly maxDisplayQuantity?: string;
  readonly maxParticipation?: string;
  readonly aggressionFloor?: string;
  readonly aggressionCap?: string;
  readonly guaranteed?: boolean;
  readonly quote?: 'join' | 'improve' | 'inside';
  readonly requoteInterval?: string;
  readonly randomizeSize?: string;
  readonly randomizeTime?: string;
  readonly catchUp?: 'spread' | 'next' | 'none';
  readonly afterWindow?: 'stop' | 'quote';
}

/** Every key an order may have, in the order of docs/orders.md (`orderId` and `at` stand outside the parameters). */
export const PARAMETER_KEYS = [
  'instrument',
  'account',
  'side',
  'quantity',
  'targetPosition',
  'startTime',
  'endTime',
  'duration',
  'sliceInterval',
  'slices',
  'sliceQuantity',
  'limitPrice',
  'maxSpreadTicks',
  'maxDisplayQuantity',
  'maxParticipation',
  'aggressionFloor',
  'aggressionCap',
  'guaranteed',
  'quote',
  'requoteInterval',
  'randomizeSize',
  'randomizeTime',
  'catchUp',
  'afterWindow',
] as const satisfies readonly (keyof TwapParameters)[];

export type OrderStatus = 'new' | 'running' | 'paused' | 'stopped' | 'completed' | 'cancelled' | 'refused';
export const FINAL: ReadonlySet<OrderStatus> = new Set(['completed', 'cancelled', 'refused']);

export type CommandName = 'start' | 'pause' | 'resume' | 'stop' | 'cancel' | 'amend';
