import type { Clock } from '../../adapters/clock/clock.js';
import type { EventLog, StreamAppend } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** Times from an input's receipt, its `at`, to something durable that follows from it, in milliseconds. */
export interface ReceiptTimes {
  /** Of inputs of turns that concluded something: until the append that held those outcomes resolved. */
  readonly toOutcome: number[];
  /** Of all other inputs: until the append that held them resolved. */
  readonly toInput: number[];
}

/**
 * A log that looks on: the host appends the inputs of a turn, folds them, and appends what they concluded with the next
 * turn's inputs. So an append's outcomes belong to the inputs of the append before it.
 */
export function stopwatchLog(log: EventLog, clock: Clock, since: EpochMicros): { log: EventLog; times: ReceiptTimes } {
  const times: ReceiptTimes = { toOutcome: [], toInput: [] };
  let before: { readonly received: readonly EpochMicros[]; readonly durableAt: EpochMicros } = {
    received: [],
    durableAt: 0,
  };
  const book = (into: number[], received: readonly EpochMicros[], durableAt: EpochMicros): void => {
    for (const at of received) if (at >= since) into.push((durableAt - at) / 1000);
  };
  const append = async (batch: readonly StreamAppend[]): Promise<void> => {
    await log.append(batch);
    const now = clock.now();
    const received: EpochMicros[] = [];
    let outcomes = 0;
    for (const { events } of batch)
      for (const { seq, n, at } of events)
        if (n !== undefined) outcomes++;
        else if (seq !== undefined) received.push(at);
    if (outcomes > 0) book(times.toOutcome, before.received, now);
    else book(times.toInput, before.received, before.durableAt);
    before = { received, durableAt: now };
  };
  return { log: { ...log, append }, times };
}
