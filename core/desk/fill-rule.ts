/** By which rule of the simulated venue a child was filled (docs/fills.md). */
export type FillRule =
  | 'walk' // an IOC walked the book that it met on arrival
  | 'queue' // a trade at its price went through the queue ahead of it
  | 'trade_through' // a trade at a worse price than its own
  | 'crossed' // a level of the opposite side came to its price or beyond
  | 'gap'; // after a gap the opposite side stood at its price or beyond
