import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRecordings } from '../../adapters/recordings/import.js';
import { rawFilesOf } from '../../adapters/recordings/raw/of-session.js';
import { recoverRecording } from '../../adapters/recordings/recover.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import { Draws } from '../../core/draws.js';
import type { MarketEvent } from '../../core/market/events.js';
import { startChild } from './child.js';
import { eventsOf } from './mini-recording.js';

/** What a recorder said of one of its sessions. */
interface Told {
  readonly inputs: number;
  readonly rawLines: number;
}

/** Kills recorders at random moments, and looks whether all that they said was flushed can be had. */
export async function surviveRecorderKills(kills: number, seed: number): Promise<void> {
  const draws = new Draws(seed, 'recorder kills');
  for (let kill = 0; kill < kills; kill++) {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-killed-'));
    try {
      const what = kill % 3 === 2 ? 'sample' : 'venue';
      const rotate = kill % 2 === 0 ? [] : [String(150 + draws.below(300))];
      await killAndRecover(folder, what, rotate, draws);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

async function killAndRecover(folder: string, what: string, rotate: readonly string[], draws: Draws): Promise<void> {
  const child = startChild('record-child.js', [what, join(folder, 's'), ...rotate]);
  // after so many lines, whatever they are: while it flushes, between two flushes, while a part is closed
  let left = 3 + draws.below(what === 'venue' ? 80 : 12);
  await child.line(() => --left === 0);
  child.process.kill('SIGKILL');
  await child.ended;
  const told = new Map<string, Told>();
  for (const line of child.lines) {
    const [word, part, inputs, rawLines] = line.split(' ');
    if (word === 'flushed') told.set(part!, { inputs: Number(inputs), rawLines: Number(rawLines) });
  }
  const sessions = await recovered(folder);
  for (const [part, { inputs, rawLines }] of told) {
    expect(sessions, `${part} of ${readdirSync(folder).join()}`).to.include(part);
    const { meta } = await openSession(part);
    expect(meta.counts.inputs, `inputs of ${part}`).to.be.at.least(inputs);
    expect(
      (meta.raw ?? []).reduce((sum, { lines }) => sum + lines, 0),
      `frames of ${part}`,
    ).to.be.at.least(rawLines);
  }
  if (what === 'venue') await expectWhole(sessions, join(folder, 'again'));
}

/** Every session of the folder, those that the recorder left made whole; in order. */
async function recovered(folder: string): Promise<string[]> {
  const sessions: string[] = [];
  for (const entry of readdirSync(folder)) {
    const [, name] = /^\.(.+)\.recording$/.exec(entry) ?? [];
    if (name === undefined) sessions.push(join(folder, entry));
    else if (!existsSync(join(folder, name))) {
      const out = join(folder, name);
      const made = await recoverRecording(join(folder, entry), { out, engineVersion: 'test' }).catch(
        (error: unknown) => {
          expect(String(error), `${entry}: ${String(error)}`).to.match(/holds nothing yet/); // it died before its first flush
        },
      );
      if (made !== undefined) sessions.push(out);
    }
  }
  return sessions.sort();
}

/** No message is missing between any two, in the market data and in what the frames give. */
async function expectWhole(sessions: readonly string[], out: string): Promise<void> {
  if (sessions.length === 0) return;
  const recorded = (await Promise.all(sessions.map(eventsOf))).map(numbers).flat();
  recorded.forEach((number, index) => expect(number, `message ${index} of ${sessions.join()}`).to.equal(index + 2));
  const { files } = await rawFilesOf(sessions);
  await importRecordings(files, { out, engineVersion: 'test' });
  const fromRaw = numbers(await eventsOf(out));
  fromRaw.forEach((number, index) => expect(number, `message ${index} from the frames`).to.equal(index + 2));
  expect(fromRaw.length, 'frames are flushed first').to.be.at.least(recorded.length);
}

const numbers = (events: readonly MarketEvent[]): number[] =>
  events.flatMap(({ type, data }) => (type === 'BookDelta' && data.venueSeq !== undefined ? [data.venueSeq] : []));
