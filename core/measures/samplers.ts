import type { EpochMicros } from '../time.js';
import { NUMBERS_EACH, SAMPLE_INTERVAL, Sampler, type SampleNumbers } from './sampler.js';

/** Samplers whose numbers lie side by side. */
const AT_ONCE = 1024;

/** Samplers by instrument and phase of the second. */
export class Samplers {
  readonly #byInstrument = new Map<string, Map<number, Sampler>>();
  /** Places for the numbers of samplers to come. */
  readonly #places: SampleNumbers[] = [];

  /** The one of the phase that an instant has. */
  get(instrument: string, at: EpochMicros): Sampler | undefined {
    return this.#byInstrument.get(instrument)?.get(at % SAMPLE_INTERVAL);
  }

  /** Makes the one of the phase that an instant has. */
  begin(instrument: string, at: EpochMicros, nextAt: EpochMicros, cause: number): Sampler {
    if (this.#places.length === 0) {
      const values = new Float64Array(NUMBERS_EACH * AT_ONCE);
      for (let i = AT_ONCE - 1; i >= 0; i--) this.#places.push({ values, offset: NUMBERS_EACH * i });
    }
    const sampler = new Sampler(nextAt, instrument, cause, this.#places.pop());
    let phases = this.#byInstrument.get(instrument);
    if (phases === undefined) {
      phases = new Map();
      this.#byInstrument.set(instrument, phases);
    }
    phases.set(at % SAMPLE_INTERVAL, sampler);
    return sampler;
  }

  delete(instrument: string, at: EpochMicros): void {
    this.#byInstrument.get(instrument)?.delete(at % SAMPLE_INTERVAL);
  }

  /** Nobody uses it, and its mark is gone: its numbers make room. */
  forget(sampler: Sampler): void {
    this.#places.push(sampler.numbers);
  }

  get size(): number {
    let size = 0;
    for (const phases of this.#byInstrument.values()) size += phases.size;
    return size;
  }

  of(instrument: string): Iterable<Sampler> {
    return this.#byInstrument.get(instrument)?.values() ?? [];
  }

  /** By the name of instrument and phase. */
  list(): { readonly instrument: string; readonly phase: number; readonly sampler: Sampler }[] {
    const all = [...this.#byInstrument].flatMap(([instrument, phases]) =>
      [...phases].map(([phase, sampler]) => ({ instrument, phase, sampler, key: `${instrument} ${phase}` })),
    );
    return all
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ instrument, phase, sampler }) => ({ instrument, phase, sampler }));
  }
}
