import { MarketRows } from '../../../adapters/venues/mapping/market-rows.js';
import type { Frame, Source, Venue } from '../../../adapters/venues/venue.js';
import { VENUES } from '../../../adapters/venues/venues.js';
import { recordedFrames } from '../../support/recorded-frames.js';
import { capturePaths, TIMED_CAPTURES } from '../captures.js';
import { profiled, profileText } from '../profile.js';
import { inTurns } from '../rounds.js';
import { ratioRow, type Row } from '../table.js';
import type { MeasureRow } from './row.js';

/** A round is at least so many frames: short recordings are read several times over. */
const LEAST_FRAMES = 20_000;

/** A venue's frames through its mapper with every check, against a bare `JSON.parse` of the same texts. */
export const mapperRow =
  (name: string): MeasureRow =>
  async ({ quick, profile }) => {
    const capture = TIMED_CAPTURES[name]!;
    const venue = VENUES.get(capture.venue);
    const paths = capturePaths(capture);
    const what = `${capture.venue}: frames through mapper and integrity`;
    if (venue === undefined || paths === undefined) return absent(what);
    const frames = await recordedFrames(paths);
    const times = Math.ceil((quick ? LEAST_FRAMES / 4 : LEAST_FRAMES) / frames.length);
    const ours = (): Promise<void> => {
      // a short recording is read over and over into the same rows: making them room is no part of reading a frame
      const rows = new MarketRows();
      return repeat(times, () => mapAll(venue, rows, frames));
    };
    const theirs = (): Promise<void> => repeat(times, () => parseAll(frames));
    if (profile) console.error(profileText(await profiled(() => repeat(20, ours)), 45));
    const ratio = await inTurns(ours, theirs, quick ? 5 : 15);
    const perSecond = Math.round((frames.length * times * 1000) / ratio.oursMs);
    const notes = [
      `${capture.files.join(', ')}: ${frames.length} frames, ${times} times a round; ${perSecond} frames a second`,
    ];
    return ratioRow({ what, against: 'JSON.parse of each frame', notes }, ratio, capture.limit);
  };

async function repeat(times: number, work: () => Promise<void> | void): Promise<void> {
  for (let time = 0; time < times; time++) await work();
}

async function mapAll(venue: Venue, rows: MarketRows, frames: readonly Frame[]): Promise<void> {
  const mapper = venue.newMapper(rows);
  for (const frame of frames) {
    const taken = mapper.accept(frame, LINE);
    if (taken instanceof Promise) await taken;
    rows.ready.length = 0;
  }
}

function parseAll(frames: readonly Frame[]): void {
  for (const { text } of frames) JSON.parse(text);
}

/** A line whose snapshots come anyway. */
const LINE: Source = {
  isLive: true,
  findAhead: () => Promise.resolve(undefined),
  wantSnapshot: () => undefined,
};

const absent = (what: string): Row => ({
  what,
  against: 'JSON.parse of each frame',
  measured: '–',
  limit: '–',
  holds: true,
  notes: ['the recording is not on this machine'],
});
