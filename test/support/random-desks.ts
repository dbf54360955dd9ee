import type { VenueSettings } from '../../core/desk/settings.js';
import { Draws } from '../../core/draws.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { DeskPlan } from '../../replay/sweep/desks.js';
import { RandomStory } from './random-story.js';

/** Desks with parameters, venues, seeds and starts of every kind, good and bad. */
export class RandomDesks {
  readonly #draws: Draws;

  constructor(readonly seed: number) {
    this.#draws = new Draws(seed, 'random desks');
  }

  /** For the market of a random story: orders as its people give them. */
  plans(count: number, instants: readonly number[]): DeskPlan[] {
    const orders: TwapParameters[] = [];
    for (let story = 1; orders.length < count; story++)
      for (const { type, data } of new RandomStory(1000 * this.seed + story).inputs(300))
        if (type === 'SubmitTwap') {
          const { orderId: _, ...parameters } = data as TwapParameters & { orderId: string };
          orders.push({ ...parameters, account: 'default' });
        }
    return this.#planned(orders.slice(0, count), instants);
  }

  /** For any market: orders of about so many of its lots that somebody may get some. */
  plansFor(definition: InstrumentDefinition, count: number, instants: readonly number[]): DeskPlan[] {
    const orders = Array.from({ length: count }, () => this.#order(definition));
    return this.#planned(orders, instants);
  }

  #order({ instrument, lotSize }: InstrumentDefinition): TwapParameters {
    const decimals = lotSize.includes('.') ? lotSize.length - lotSize.indexOf('.') - 1 : 0;
    const scale = decimals > 2 ? 2 : 0;
    const size = (most: number): string => formatScaled(1 + this.#draws.below(most), scale);
    const floor = this.#pick([0, 0, 5, 20, 100, 100]);
    return {
      instrument,
      account: 'default',
      side: this.#pick(['buy', 'sell'] as const),
      quantity: size(800),
      duration: this.#pick(['7s', '20s', '45s', '2m']),
      ...(this.#chance(0.5) ? { slices: 1 + this.#draws.below(30) } : {}),
      ...(floor === 0 ? {} : { aggressionFloor: String(floor), aggressionCap: String(this.#pick([0, floor])) }),
      ...(floor !== 0 && this.#chance(0.3) ? { guaranteed: true } : {}),
      ...(floor !== 0 && this.#chance(0.5) ? { maxDisplayQuantity: size(100) } : {}),
      ...(this.#chance(0.5) ? { quote: this.#pick(['join', 'improve', 'inside'] as const) } : {}),
      ...(this.#chance(0.5) ? { requoteInterval: this.#pick(['100ms', '1s', '3s']) } : {}),
      ...(this.#chance(0.2) ? { maxParticipation: this.#pick(['0.05', '0.5', '1']) } : {}),
      ...(this.#chance(0.2) ? { maxSpreadTicks: 1 + this.#draws.below(5) } : {}),
      ...(this.#chance(0.2) ? { randomizeSize: '0.5', randomizeTime: '0.4' } : {}),
      ...(this.#chance(0.1) ? { startTime: this.#pick(['manual', '+5s']) } : {}),
      ...(this.#chance(0.2) ? { afterWindow: 'quote' as const } : {}),
    };
  }

  #planned(orders: readonly TwapParameters[], instants: readonly number[]): DeskPlan[] {
    const starts = orders.map(() => this.#pick(instants) + this.#pick([0, 0, 0, 1, -1, 4711]));
    starts.sort((a, b) => a - b);
    return orders.map((parameters, desk) => {
      const seed = this.#pick([1, 2, 3]);
      const at = starts[desk]!;
      return { desk, set: desk, at, seed, venue: this.#venue(), orderId: `s${at % 1_000_000}-${seed}`, parameters };
    });
  }

  #venue(): VenueSettings {
    return {
      latency: this.#pick([0, 1, 10_000, 50_000, 700_000, 3_000_000]),
      assume: this.#pick(['optimistic', 'expected', 'pessimistic'] as const),
      takeSlack: this.#pick([0, 0, 2]),
      allowPartialBook: this.#chance(0.3),
      ...(this.#chance(0.3) ? { fees: { maker: '-0.0001', taker: '0.00037' } } : {}),
    };
  }

  #chance(share: number): boolean {
    return this.#draws.chance(share);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#draws.below(from.length)]!;
  }
}
