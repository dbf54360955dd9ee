import { StreamWriter } from '../../api/live/stream-writer.js';
import { streamOfInput } from '../../adapters/log/streams.js';
import type { Session } from '../../adapters/recordings/session/session.js';
import { eventOf, messages } from '../../core/market/column-codec.js';
import type { EventLog, LogEvent } from '../../core/ports.js';

/** Appends a session's inputs and outcomes to a log, in the streams and batches in which a live run would. */
export async function playIntoLog(session: Session, log: EventLog, name: string): Promise<void> {
  const writer = new StreamWriter(log, name);
  for await (const { market, others } of session.inputs()) {
    const events: LogEvent[] = [...others];
    for (const { seq, from, to } of messages(market)) events.push({ ...eventOf(market, from, to), seq } as never);
    events.sort((a, b) => a.seq! - b.seq!);
    for (let i = 0; i < events.length; i += 500) {
      for (const event of events.slice(i, i + 500)) writer.add(streamOfInput(event), event);
      await writer.flush();
    }
  }
  for await (const page of session.outcomes()) {
    for (const { stream, revision, ...event } of page) writer.add(stream, event, revision);
    await writer.flush();
  }
}
