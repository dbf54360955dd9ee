import type { EpochMicros } from '../time.js';
import { SAMPLE_INTERVAL, type Sampler } from './sampler.js';

/** Samplers by instrument and phase of the second. */
export class Samplers {
  readonly #byInstrument = new Map<string, Map<number, Sampler>>();

  /** The one of the phase that an instant has. */
  get(instrument: string, at: EpochMicros): Sampler | undefined {
    return this.#byInstrument.get(instrument)?.get(at % SAMPLE_INTERVAL);
  }

  set(instrument: string, at: EpochMicros, sampler: Sampler): void {
    let phases = this.#byInstrument.get(instrument);
    if (phases === undefined) {
      phases = new Map();
      this.#byInstrument.set(instrument, phases);
    }
    phases.set(at % SAMPLE_INTERVAL, sampler);
  }

  delete(instrument: string, at: EpochMicros): void {
    this.#byInstrument.get(instrument)?.delete(at % SAMPLE_INTERVAL);
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
