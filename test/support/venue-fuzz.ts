import { expect } from 'chai';
import { MessageFault } from '../../adapters/venues/mapping/fault.js';
import { MarketEvents } from '../../adapters/venues/mapping/market-events.js';
import type { MarketSink } from '../../adapters/venues/mapping/sink.js';
import { KnownBook } from '../../adapters/venues/session/known-book.js';
import type { Frame, Source, VenueMapper } from '../../adapters/venues/venue.js';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import { mutated, type Mutation } from './frame-mutations.js';

/**
 * What a venue's messages prove of the book: `sequence` that none is missing, `checksum` that its best levels are right
 * (`covered` a side; `bare` are those that a checksum does not stand in: what is wrong in them shows with the next), `none`
 * nothing.
 */
export type Integrity =
  | { readonly by: 'sequence' | 'none' }
  | { readonly by: 'checksum'; readonly covered: number; readonly bare?: (frame: Frame) => boolean };

/** A clean feed of a venue, from its snapshots on: small books, some hundred frames. */
export interface CleanFeed {
  readonly newMapper: (sink: MarketSink) => VenueMapper;
  readonly frames: readonly Frame[];
  readonly integrity: Integrity;
  /** Hostile values that the venue's fields may hold none the less, as JSON. */
  readonly legal?: readonly string[];
}

/** A live line on which nothing else happens: it remembers what was asked for. */
export class LiveSource implements Source {
  readonly isLive = true;
  /** Symbols in the order in which a snapshot of theirs was asked for. */
  readonly asked: string[] = [];

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  wantSnapshot(symbol: string): void {
    this.asked.push(symbol);
  }
}

/** A mapper on a live line with the books that its events make, folded plainly. */
export class FoldedFeed {
  readonly source = new LiveSource();
  readonly events: MarketEvent[] = [];
  readonly mapper: VenueMapper;
  readonly #books = new Map<string, KnownBook>();
  /** Instruments of which something was told since they were last looked at. */
  readonly #touched = new Set<string>();

  /** @param heard  is told of each instrument of which an event was told, once its book has it */
  constructor(newMapper: (sink: MarketSink) => VenueMapper, heard: (instrument: string) => void = () => undefined) {
    const sink = new MarketEvents((event) => {
      const { instrument } = event.data;
      this.events.push(event);
      let book = this.#books.get(instrument);
      if (book === undefined) this.#books.set(instrument, (book = new KnownBook(instrument, false)));
      book.apply(event);
      this.#touched.add(instrument);
      heard(instrument);
    });
    this.mapper = newMapper(sink);
  }

  get instruments(): string[] {
    return [...this.#books.keys()];
  }

  /**
   * Takes a frame as the host of a live feed does: a fault costs every book of the line its trust.
   *
   * @returns false for a fault
   */
  async take(frame: Frame): Promise<boolean> {
    try {
      await this.mapper.accept(frame, this.source);
      return true;
    } catch (error) {
      if (!(error instanceof MessageFault)) throw error;
      this.mapper.interrupt(this.source, frame.at, 'bad_message', error.message);
      return false;
    }
  }

  /** The best levels of a book that is trusted, as text; undefined while it is not. */
  trusted(instrument: string, best = Infinity): string | undefined {
    const told = this.#books.get(instrument)?.toldAt(0);
    if (told?.type !== 'BookSnapshot') return undefined;
    const side = (levels: readonly LevelText[]): string =>
      levels
        .slice(0, best)
        .map((level) => level.join('x'))
        .join(' ');
    return `${side(told.data.bids)} | ${side(told.data.asks)}`;
  }

  /** Instruments told of since the last call. */
  touched(): string[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }
}

/** Every state that each book of a clean feed goes through, those inside of a frame with it. */
async function truthOf({ newMapper, frames, integrity }: CleanFeed): Promise<Map<string, Set<string>>> {
  const truth = new Map<string, Set<string>>();
  const feed = new FoldedFeed(newMapper, (instrument) => {
    const state = feed.trusted(instrument, coveredBy(integrity));
    if (state === undefined) return;
    const states = truth.get(instrument) ?? new Set();
    truth.set(instrument, states.add(state));
  });
  for (const frame of frames)
    expect(await feed.take(frame), `a clean frame is refused: ${frame.text.slice(0, 200)}`).to.equal(true);
  return truth;
}

const coveredBy = (integrity: Integrity): number => (integrity.by === 'checksum' ? integrity.covered : Infinity);

/**
 * Feeds a venue's mapper one spoiled frame (or one left out, repeated, out of its turn) among clean ones, `rounds` times,
 * and asks after every frame that no trusted book is one that the clean feed never had. Then the line is opened anew with
 * clean frames, and every book must be whole again. Only a `MessageFault` may be thrown.
 *
 * What a venue's messages cannot prove is not asked for: without checksums no wrong digits, without either no loss.
 *
 * @param random  numbers in [0, 1) from a seed that the caller prints when this fails
 */
export async function fuzzFeed(feed: CleanFeed, random: () => number, rounds: number): Promise<void> {
  const truth = await truthOf(feed);
  expect(truth.size, 'the clean feed has no trusted book').to.be.greaterThan(0);
  const last = new FoldedFeed(feed.newMapper);
  for (const frame of feed.frames) await last.take(frame);
  for (let round = 0; round < rounds; round++) {
    const mutation = mutated(feed.frames, feed.integrity, random, feed.legal);
    const folded = new FoldedFeed(feed.newMapper);
    for (const frame of mutation.frames) {
      await folded.take(frame);
      if (feed.integrity.by !== 'none') expectNoneWrong(folded, truth, feed.integrity, mutation, frame);
    }
    const at = mutation.frames.at(-1)!.at;
    folded.mapper.interrupt(folded.source, at, 'disconnected', 'opened anew');
    for (const frame of feed.frames) await folded.take({ ...frame, at: at + frame.at - feed.frames[0]!.at });
    for (const instrument of truth.keys())
      expect(folded.trusted(instrument), `${instrument} after ${mutation.what}, opened anew`).to.equal(
        last.trusted(instrument),
      );
  }
}

function expectNoneWrong(
  folded: FoldedFeed,
  truth: ReadonlyMap<string, ReadonlySet<string>>,
  integrity: Integrity,
  { what }: Mutation,
  frame: Frame,
): void {
  for (const instrument of folded.touched()) {
    const state = folded.trusted(instrument, coveredBy(integrity));
    const states = truth.get(instrument);
    // a book under a spoiled name is nobody's
    if (state === undefined || states === undefined || states.has(state)) continue;
    expect.fail(
      `${instrument} is trusted and wrong after ${what.slice(0, 300)}, at ${frame.text.slice(0, 300)}: ${state}`,
    );
  }
}
