import type { Draws } from '../../../core/draws.js';
import type { Belief } from './belief.js';
import type { Ladder } from './ladder.js';

export const LEAST_DEPTH = 60;
const MOST_DEPTH = 140;
const STARTING_DEPTH = 110;
/** Repricing stops here, so that a step has a bounded cost and a bounded number of draws. */
const MOST_RETREATS = 24;

/** What usually rests at a distance from the touch: thin in front, thicker behind. */
function usualLots(levelLots: number, distance: number): number {
  const thickness = 40 + (distance < 40 ? 4 * distance : 160);
  return 1 + Math.floor((levelLots * thickness) / 100);
}

function drawLots(usual: number, draws: Draws): number {
  return 1 + Math.floor((usual * draws.exponential()) / 1_000_000);
}

/** The first book of a market: its mid is exactly `halfTicks` half ticks. */
export function openBook(bids: Ladder, asks: Ladder, halfTicks: number, levelLots: number, draws: Draws): void {
  const below = Math.floor((halfTicks - 1) / 2);
  for (const [ladder, best] of [
    [bids, below],
    [asks, halfTicks - below],
  ] as const) {
    for (let distance = 0; ladder.depth < STARTING_DEPTH; distance++) {
      if (distance === 0 || draws.chance(0.8))
        ladder.set(ladder.behind(best, distance), drawLots(usualLots(levelLots, distance), draws));
      else draws.next();
    }
  }
}

/** Those who quote at the touch withdraw what they think too dear and improve what they think too shy. */
export function reprice(bids: Ladder, asks: Ladder, belief: Belief, levelLots: number, draws: Draws): void {
  const half = 0.7 + 0.4 * belief.burst;
  const highestBid = Math.floor(belief.centre - half);
  const lowestAsk = 0 - Math.floor(0 - belief.centre - half);
  withdraw(bids, highestBid, draws);
  withdraw(asks, lowestAsk, draws);
  improve(bids, highestBid, asks.best, levelLots, draws);
  improve(asks, lowestAsk, bids.best, levelLots, draws);
}

function withdraw(side: Ladder, limit: number, draws: Draws): void {
  for (let n = 0; n < MOST_RETREATS && side.depth > 1 && side.gain(side.best, limit) > 0; n++) {
    if (!draws.chance(0.75)) return;
    side.set(side.best, 0);
  }
}

function improve(side: Ladder, limit: number, opposite: number, levelLots: number, draws: Draws): void {
  const touch = side.behind(opposite, 1);
  const target = side.gain(limit, touch) > 0 ? touch : limit;
  const room = side.gain(target, side.best);
  if (room <= 0 || !draws.chance(0.7)) return;
  const shy = draws.chance(0.3) ? draws.below(room) : 0;
  side.set(side.behind(target, shy), drawLots(usualLots(levelLots, 0), draws));
}

/** Patient traders: orders arrive, grow and are cancelled, mostly near the touch. */
export function stir(side: Ladder, levelLots: number, draws: Draws): void {
  const far = draws.chance(0.1);
  const distance = far ? draws.below(100) : Math.floor((7 * draws.exponential()) / 1_000_000);
  const ticks = side.behind(side.best, distance < 120 ? distance : 120);
  const usual = usualLots(levelLots, distance);
  const present = side.lotsOn(ticks);
  const order = drawLots(Math.floor(usual / 2), draws);
  if (draws.chance(usual / (usual + present))) side.set(ticks, present + order);
  else if (distance > 0 || side.depth > 1) side.set(ticks, present > order ? present - order : 0);
}

/** Keeps a side between its least and its most depth, at the far end. */
export function tidy(side: Ladder, levelLots: number, draws: Draws): void {
  while (side.depth < LEAST_DEPTH)
    side.set(side.behind(side.worst, 1 + draws.below(2)), drawLots(usualLots(levelLots, 40), draws));
  for (let n = 0; n < 4 && side.depth > MOST_DEPTH; n++) side.set(side.worst, 0);
}
