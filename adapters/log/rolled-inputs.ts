import type { EventLog, LogEvent } from '../../core/ports.js';
import { lastSeq } from './retention.js';

/**
 * Reads inputs of one kind, which stand in a stream an hour, in the order of `seq`. Each stream has it of itself, yet one hour
 * may lie among another's inputs: a clock was set back, or a captured session is lived a second time. Of hours that do so, a
 * page each is in memory.
 *
 * @param prefix    what the names of the streams begin with, all but the hour
 * @param afterSeq  inputs up to and including this one are passed over
 */
export async function* rolledInputs(log: EventLog, prefix: string, afterSeq: number): AsyncGenerator<LogEvent> {
  const hours: Hour[] = [];
  for await (const { stream, lastRevision } of log.rolls(prefix)) {
    // the name of another instrument may begin like this one's
    if (!/^\d{10}$/.test(stream.slice(prefix.length)) || (await lastSeq(log, stream, lastRevision)) <= afterSeq)
      continue;
    for await (const { seq } of inputsOf(log, stream, afterSeq)) {
      hours.push({ seq: seq!, inputs: inputsOf(log, stream, afterSeq) });
      break;
    }
  }
  while (hours.length > 0) {
    const hour = hours.reduce((first, other) => (other.seq < first.seq ? other : first));
    if (hour.next !== undefined) yield hour.next;
    const { value } = (await hour.inputs.next()) as { readonly value?: LogEvent };
    if (value === undefined) hours.splice(hours.indexOf(hour), 1);
    else [hour.next, hour.seq] = [value, value.seq!];
  }
}

/** A stream in reading; it is opened when its first input's turn has come. */
interface Hour {
  readonly inputs: AsyncGenerator<LogEvent>;
  /** Of its next input. */
  seq: number;
  next?: LogEvent;
}

async function* inputsOf(log: EventLog, stream: string, afterSeq: number): AsyncGenerator<LogEvent> {
  for await (const page of log.readStream(stream))
    for (const { event } of page) if (event.seq !== undefined && event.seq > afterSeq) yield event;
}
