import { Draws } from '../../core/draws.js';
import type { InstrumentDefinition, LevelText } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import { formatInstant } from '../../core/time.js';
import {
  amendedWith,
  commanded,
  defined,
  delta,
  INVERSE,
  interrupted,
  opened,
  resumed,
  run,
  snapshot,
  SPOT,
  submitted,
  T0,
  ticked,
  traded,
  type Happening,
} from './market.js';

/** Seeds of a property: the one in REPRISE_SEED, or the first `count`. */
export function seeds(count: number): number[] {
  const named = process.env['REPRISE_SEED'];
  return named === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(named)];
}

const SECOND = 1_000_000;
const ACCOUNTS = ['default', 'alice', 'bob'];

/**
 * A market that nobody would wish for, and people who trade in it: gaps, crossed and one-sided books, late inputs, rules
 * that change, increments that get finer half-way, and orders and commands of every kind, good and bad.
 */
export class RandomStory {
  readonly #draws: Draws;
  readonly #live: boolean;
  readonly #finer: boolean;
  #at = T0;
  #mid = 200; // in half dollars
  #orders: { readonly id: string; readonly account: string }[] = [];

  constructor(seed: number) {
    this.#draws = new Draws(seed, 'random story');
    this.#live = this.#chance(0.3);
    this.#finer = this.#chance(0.7);
  }

  inputs(count: number): Happening[] {
    const inputs: Happening[] = [this.#run(), defined(this.#ruled(SPOT)), defined(INVERSE)];
    for (let i = 0; i < 4; i++) inputs.push(this.#book(this.#at, false, true));
    if (this.#chance(0.5)) inputs.push(opened(this.#at, 'alice', { USD: '5000', BTC: '3' }));
    while (inputs.length < count) {
      this.#pass();
      inputs.push(this.#next(inputs.length > count / 2 && this.#finer));
    }
    return inputs;
  }

  #next(finer: boolean): Happening {
    const what = this.#draws.below(100);
    const at = this.#chance(0.03) ? this.#at - this.#draws.below(2 * SECOND) : this.#at;
    const { instrument } = this.#instrument();
    if (what < 40) return this.#chance(0.12) ? this.#book(at, finer, true) : this.#book(at, finer, false);
    if (what < 45)
      return traded(
        at,
        {
          side: this.#pick(['buy', 'sell']),
          price: this.#price(this.#mid, finer),
          quantity: this.#size(finer),
          ...(this.#chance(0.1) ? { notMarket: true as const } : {}),
        },
        instrument,
      );
    if (what < 46) return interrupted(at, this.#pick(['gap', 'silent', 'checksum']), instrument);
    if (what < 47) return resumed(at, this.#pick(['trusted', 'partial']), instrument);
    if (what < 70) return ticked(at);
    if (what < 71) return this.#run(at);
    if (what < 72) return defined(this.#ruled(this.#instrument()), at);
    if (what < 73) return opened(at, this.#pick(ACCOUNTS), { USD: String(this.#draws.below(2000)) });
    if (what < 81 || this.#orders.length === 0) return this.#submit(at);
    return this.#command(at);
  }

  // ---- the market ----------------------------------------------------------------------------------------------------

  #instrument(): InstrumentDefinition {
    return this.#chance(0.75) ? SPOT : INVERSE;
  }

  #ruled(definition: InstrumentDefinition): InstrumentDefinition {
    if (definition.kind !== 'spot') return definition;
    return {
      ...definition,
      lotSize: this.#pick(['0.1', '0.1', '0.1', '0.2', '0.5']),
      tickSize: this.#pick(['0.5', '0.5', '1', '0.25']),
      minQuantity: this.#pick(['0', '0.1', '0.3', '1']),
      minNotional: this.#pick(['0', '0', '20', '75.5']),
    };
  }

  #run(at = this.#at): Happening {
    const venue = {
      latency: this.#pick([0, 1, 10_000, 50_000, 700_000, 3 * SECOND]),
      assume: this.#pick(['optimistic', 'expected', 'pessimistic'] as const),
      takeSlack: this.#pick([0, 0, 2]),
      allowPartialBook: this.#chance(0.3),
      ...(this.#chance(0.3) ? { fees: { maker: '-0.0001', taker: '0.00037' } } : {}),
    };
    const settings = {
      ...(this.#chance(0.3) ? { balances: { USD: '10000', BTC: '5' } } : {}),
      ...(this.#chance(0.2) ? { rules: { [SPOT.instrument]: { tickSize: '0.125', minQuantity: '0.25' } } } : {}),
    };
    return run(venue, { at, live: this.#live, settings });
  }

  #book(at: number, finer: boolean, whole: boolean): Happening {
    if (this.#chance(0.2)) this.#mid += this.#draws.below(7) - 3;
    if (this.#mid < 60) this.#mid = 60;
    const { instrument } = this.#instrument();
    const count = whole ? 12 : 1 + this.#draws.below(4);
    const crossing = this.#chance(0.02) ? 6 : 0; // asks far below the bids
    const levels = (side: -1 | 1): LevelText[] =>
      Array.from({ length: this.#chance(0.03) && whole ? 0 : count }, () => {
        const away = (whole ? 1 : 0) + this.#draws.below(whole ? 12 : 14) - (side === 1 ? crossing : 0);
        const size = !whole && this.#chance(0.35) ? '0' : this.#size(finer);
        return [this.#price(this.#mid + side * away, finer), size];
      });
    return (whole ? snapshot : delta)(at, levels(-1), levels(1), instrument);
  }

  #price(halves: number, finer: boolean): string {
    const eighths = halves * 4 + (finer && this.#chance(0.1) ? this.#draws.below(4) : 0);
    return formatScaled(eighths * 125, 3);
  }

  #size(finer: boolean): string {
    const tenths = 1 + this.#draws.below(40);
    return finer && this.#chance(0.2)
      ? formatScaled(tenths * 1000 + this.#draws.below(1000), 4)
      : formatScaled(tenths, 1);
  }

  /** Time goes on, mostly by little. */
  #pass(): void {
    const span = this.#pick([0, 0, 1, 1000, 10_000, 90_000, 250_000, 500_000, SECOND]);
    this.#at += this.#chance(0.01) ? 12 * SECOND : span;
  }

  // ---- the people ----------------------------------------------------------------------------------------------------

  #submit(at: number): Happening {
    const id = `o${this.#orders.length + 1}`;
    const account = this.#pick(ACCOUNTS);
    this.#orders.push({ id, account });
    return submitted(at, { account, instrument: this.#instrument().instrument, ...this.#parameters() }, id);
  }

  #parameters(): Partial<TwapParameters> {
    const spoiled = this.#chance(0.05);
    const quantity = spoiled ? this.#pick(['0.05', '0', '1e3', '99999999999999']) : this.#quantity(60);
    const side = this.#pick(['buy', 'sell'] as const);
    return {
      ...(this.#chance(0.12) ? { side: undefined, targetPosition: this.#position() } : { side, quantity }),
      ...this.#window(),
      ...(this.#chance(0.3) ? { limitPrice: this.#price(this.#mid + this.#draws.below(9) - 4, false) } : {}),
      ...(this.#chance(0.3) ? { maxSpreadTicks: 1 + this.#draws.below(6) } : {}),
      ...(this.#chance(0.5) ? { catchUp: this.#pick(['spread', 'next', 'none'] as const) } : {}),
      ...(this.#chance(0.3) ? { startTime: this.#start() } : {}),
      ...this.#conduct(),
    } as Partial<TwapParameters>;
  }

  /** How it keeps to its schedule, where it quotes and how it hides; half of all orders only take. */
  #conduct(): Partial<TwapParameters> {
    if (this.#chance(0.5)) return this.#chance(0.3) ? this.#jitter() : {};
    return {
      ...this.#lines(),
      ...(this.#chance(0.3) ? { guaranteed: this.#chance(0.8) } : {}),
      ...(this.#chance(0.4) ? { maxDisplayQuantity: this.#quantity(20) } : {}),
      ...(this.#chance(0.25) ? { maxParticipation: this.#share() } : {}),
      ...(this.#chance(0.6) ? { quote: this.#pick(['join', 'improve', 'inside'] as const) } : {}),
      ...(this.#chance(0.4) ? { requoteInterval: this.#pick(['1ms', '200ms', '1s', '3s']) } : {}),
      ...(this.#chance(0.3) ? { afterWindow: this.#pick(['quote', 'stop'] as const) } : {}),
      ...(this.#chance(0.3) ? this.#jitter() : {}),
    };
  }

  #lines(): { aggressionFloor: string; aggressionCap: string } {
    const floor = this.#pick([0, 5, 10, 33, 50, 100, 100]);
    const cap = this.#chance(0.05) ? floor + 1 : this.#pick([0, floor, Math.floor(floor / 2)]);
    return { aggressionFloor: String(floor), aggressionCap: this.#chance(0.1) ? `${cap}.000001` : String(cap) };
  }

  #jitter(): Partial<TwapParameters> {
    const shares = ['0', '0.1', '0.5', '0.999999'];
    return {
      ...(this.#chance(0.7) ? { randomizeSize: this.#pick(shares) } : {}),
      ...(this.#chance(0.7) ? { randomizeTime: this.#pick(shares) } : {}),
    };
  }

  #share(): string {
    return this.#pick(['1', '0.5', '0.1', '0.013']);
  }

  #position(): string {
    const quantity = this.#chance(0.15) ? '0' : this.#quantity(40);
    return this.#chance(0.5) ? `-${quantity}` : quantity;
  }

  #quantity(most: number): string {
    return formatScaled(10 * (1 + this.#draws.below(most)), this.#chance(0.08) ? 2 : 1);
  }

  #start(): string {
    return this.#pick(['manual', '+3s', '+0s', formatInstant(this.#at + this.#draws.below(5 * SECOND))]);
  }

  #window(): Partial<TwapParameters> {
    const length = `${1 + this.#draws.below(60)}s`;
    const end: Partial<TwapParameters> = this.#chance(0.7)
      ? { duration: length }
      : { endTime: formatInstant(this.#at + this.#draws.below(60) * SECOND) };
    const interval = this.#pick(['100ms', '333ms', '1s', '1s7us', '2500ms']);
    switch (this.#draws.below(5)) {
      case 0:
        return end;
      case 1:
        return { ...end, slices: 1 + this.#draws.below(25) };
      case 2:
        return { ...end, sliceInterval: interval };
      case 3:
        return { ...end, sliceQuantity: this.#quantity(9) };
      default:
        return { sliceInterval: interval, sliceQuantity: this.#quantity(9) };
    }
  }

  #command(at: number): Happening {
    const { id, account } = this.#pick(this.#chance(0.8) ? this.#orders.slice(-4) : this.#orders);
    if (this.#chance(0.35)) return to(account, amendedWith(at, this.#changes(), id));
    const type = this.#pick([
      'StartOrder',
      'StartOrder',
      'PauseOrder',
      'ResumeOrder',
      'StopOrder',
      'CancelOrder',
    ] as const);
    return to(account, commanded(at, type, id));
  }

  #changes(): object {
    const { side, quantity, targetPosition, limitPrice, maxSpreadTicks, startTime } = this.#parameters();
    const how = targetPosition === undefined ? { quantity } : { targetPosition };
    return this.#pick([
      how,
      { ...how, limitPrice: limitPrice ?? null },
      targetPosition === undefined ? { side } : { targetPosition: this.#position() },
      { maxSpreadTicks: maxSpreadTicks ?? null },
      { startTime: startTime ?? null },
      { duration: `${1 + this.#draws.below(60)}s` },
      { slices: null, sliceInterval: null, sliceQuantity: null, ...this.#window() },
      { catchUp: this.#pick(['spread', 'next', 'none']) },
      this.#lines(),
      { aggressionFloor: null, aggressionCap: null },
      { guaranteed: this.#chance(0.5) },
      { maxDisplayQuantity: this.#chance(0.3) ? null : this.#quantity(20) },
      { maxParticipation: this.#chance(0.3) ? null : this.#share() },
      { quote: this.#pick(['join', 'improve', 'inside']), requoteInterval: this.#pick(['1ms', '1s', null]) },
      { afterWindow: this.#pick(['quote', 'stop', null]) },
      { ...this.#jitter(), ...(this.#chance(0.3) ? { randomizeTime: null } : {}) },
    ]);
  }

  #chance(share: number): boolean {
    return this.#draws.chance(share);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#draws.below(from.length)]!;
  }
}

/** The same command, for an order of another account. */
function to(account: string, command: Happening): Happening {
  return { ...command, data: { ...command.data, account } } as Happening;
}
