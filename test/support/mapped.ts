import { MarketEvents } from '../../adapters/venues/mapping/market-events.js';
import type { Frame, Source, Venue, VenueMapper } from '../../adapters/venues/venue.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import { START, story } from './mini-recording.js';

/** A message, or a reply with its request's address. Objects are sent as JSON. */
export type Sent = readonly [afterMs: number, message: unknown, url?: string];

/** A line to a venue for tests: a recording, of which a test may say what is still to come, or a live one. */
export class TestSource implements Source {
  /** Symbols in the order in which a snapshot of theirs was asked for. */
  readonly asked: string[] = [];

  constructor(
    readonly isLive = false,
    readonly ahead: readonly Frame[] = [],
  ) {}

  findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    for (const reply of this.ahead) {
      const made = read(reply);
      if (made !== undefined) return Promise.resolve(made);
    }
    return Promise.resolve(undefined);
  }

  wantSnapshot(symbol: string): void {
    this.asked.push(symbol);
  }
}

export function frameOf([afterMs, message, url]: Sent): Frame {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return { at: START + afterMs * 1_000, kind: url === undefined ? 'message' : 'reply', text, ...(url && { url }) };
}

/** A venue's mapper with what it tells, as the short lines of `story` behind the instrument's symbol where there are several. */
export class Mapped {
  readonly events: MarketEvent[] = [];
  readonly mapper: VenueMapper;

  constructor(
    readonly venue: Venue,
    readonly source = new TestSource(),
  ) {
    this.mapper = venue.newMapper(new MarketEvents((event) => this.events.push(event)));
  }

  /** Takes frames one after another. @returns which of them became inputs; @throws {MessageFault} */
  async take(sent: readonly Sent[], source = this.source): Promise<boolean[]> {
    const taken: boolean[] = [];
    for (const one of sent) taken.push(await this.mapper.accept(frameOf(one), source));
    return taken;
  }

  /** What was told since this was last asked. */
  told(): string[] {
    const events = this.events.splice(0);
    const names = new Set(events.map(({ data }) => data.instrument));
    return story(events).map((line, index) =>
      names.size === 1 ? line : `${events[index]!.data.instrument.split('@')[0]!} ${line}`,
    );
  }

  /** The definitions that the venue reads out of a reply, by instrument; empty where it reads none. */
  defined(url: string, body: unknown): Record<string, InstrumentDefinition> {
    const read = this.venue.readInstruments?.({ ...frameOf([0, body, url]), url }) ?? [];
    return Object.fromEntries(read.map((definition) => [definition.instrument, definition]));
  }
}
