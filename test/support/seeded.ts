/** Chance that a test can repeat: numbers from 0 up to 1 that follow from a seed (Marsaglia's xorshift, 32 bits). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1; // it would stay at 0 for ever
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A seed for a property: the one that is named in TEST_SEED, or a new one. */
export const newSeed = (): number => Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
