/** The seed of a random test: `REPRISE_SEED`, or one of the moment. Printed when the test fails, so that it can be repeated. */
export async function seedOf(what: string, run: (seed: number) => Promise<void> | void): Promise<void> {
  const seed = Number(process.env['REPRISE_SEED'] ?? Date.now() % 1_000_000_007);
  try {
    await run(seed);
  } catch (error) {
    console.error(`${what}: failed with REPRISE_SEED=${seed}`);
    throw error;
  }
}
